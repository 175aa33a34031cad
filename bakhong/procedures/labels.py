"""The codes of the catalogue in words, for pages of staff. Residents' pages have words of their own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

FILED: dict[str, Any] = {
    "here": _("nộp tại đây"),
    "desk": _("nộp tại quầy"),
    "national_portal": _("nộp trên Cổng Dịch vụ công quốc gia"),
}
APPLICANTS: dict[str, Any] = {"citizen": _("người dân"), "organisation": _("cơ quan, tổ chức")}
LEVELS: dict[str, Any] = {"full": _("toàn trình"), "partial": _("một phần")}
CHANNELS: dict[str, Any] = {"direct": _("trực tiếp"), "online": _("trực tuyến"), "post": _("bưu chính")}
STEP_ROLES: dict[str, Any] = {
    "receive": _("tiếp nhận"),
    "process": _("xử lý"),
    "approve": _("ký duyệt"),
    "agency": _("cơ quan khác"),
}
HELD_BY: dict[str, Any] = {
    "population": _("cơ sở dữ liệu dân cư"),
    "civil_status": _("sổ hộ tịch"),
    "social_insurance": _("bảo hiểm xã hội"),
    "health_insurance": _("bảo hiểm y tế"),
    "land": _("cơ sở dữ liệu đất đai"),
    "roll": _("danh sách của xã"),
    "result": _("kết quả xã đã cấp"),
}
RESULT_KINDS: dict[str, Any] = {"paper": _("bản giấy"), "electronic": _("bản điện tử")}
UNVERIFIED: dict[str, Any] = {
    "code": _("mã thủ tục"),
    "limit": _("thời hạn"),
    "papers": _("giấy tờ"),
    "steps": _("các bước"),
    "steps of other agencies": _("thời hạn của cơ quan khác"),
    "legal_basis": _("căn cứ pháp lý"),
    "fee": _("mức thu"),
    "fee.amount": _("mức thu"),
    "fee.exemptions": _("miễn, giảm"),
    "amendments since 2025": _("sửa đổi từ năm 2025"),
}
