"""This room's deeds in words, for the trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {}

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
