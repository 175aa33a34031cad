"""This room's deeds in words, for the trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "outreach.make_team": _("Lập tổ công nghệ số cộng đồng"),
    "outreach.end_team": _("Kết thúc hoạt động của tổ"),
    "outreach.add_member": _("Thêm thành viên vào tổ"),
    "outreach.end_member": _("Cho thành viên thôi tham gia tổ"),
    "outreach.assign_villages": _("Giao thôn cho tổ"),
    "outreach.open_campaign": _("Mở đợt ra quân"),
    "outreach.close_campaign": _("Kết thúc đợt ra quân"),
    "outreach.record_condition": _("Ghi điều kiện của thôn"),
    "outreach.plan_sweep": _("Lập kế hoạch cuốn chiếu"),
    "outreach.make_sheet": _("Lập phiếu đi từng nhà"),
    "outreach.make_notice": _("Lập giấy báo trước"),
    "outreach.record_visit": _("Ghi lượt đến nhà"),
    "outreach.retract_visit": _("Xoá lượt đến nhà ghi sai"),
    "outreach.draft_claim": _("Lập bảng kê của tổ"),
    "outreach.approve_claim": _("Duyệt bảng kê của tổ"),
    "outreach.withdraw_claim": _("Bỏ bảng kê chưa duyệt"),
}

KINDS: dict[str, Any] = {
    "team": _("tổ công nghệ số cộng đồng"),
    "campaign": _("đợt ra quân"),
    "village": _("thôn"),
    "sweep_plan": _("kế hoạch cuốn chiếu"),
    "sheet": _("phiếu đi từng nhà"),
    "visit": _("lượt đến nhà"),
    "notice": _("giấy báo trước"),
    "claim": _("bảng kê của tổ"),
}
