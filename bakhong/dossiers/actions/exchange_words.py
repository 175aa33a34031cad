"""Whether another system answers, as it is kept and in plain words."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from bakhong.dossiers.adapters.port import NoAnswer
from bakhong.dossiers.models import Point

PROBLEMS: dict[str, Any] = {
    "unreachable": _("Không kết nối được với hệ thống bên kia. Phần mềm tự gửi lại."),
    "slow": _("Hệ thống bên kia không trả lời kịp. Phần mềm tự gửi lại."),
    "their_error": _("Hệ thống bên kia đang lỗi. Phần mềm tự gửi lại."),
    "unreadable": _("Hệ thống bên kia trả lời một trang không đọc được. Phần mềm tự gửi lại."),
    "odd_answer": _("Hệ thống bên kia trả lời lạ. Phần mềm tự gửi lại."),
    "not_received": _("Hệ thống bên kia chưa xác nhận đã nhận. Phần mềm tự gửi lại."),
    "our_credentials": _("Hệ thống bên kia không nhận khoá của ta. Người quản trị phải cập nhật khoá."),
    "declined": _(
        "Hệ thống bên kia không nhận hồ sơ này. Hỏi người quản trị bên kia theo mã lỗi, rồi bấm gửi lại."
    ),
    "refused": _("Hồ sơ này chưa nhận vào được vì nội dung gửi đến chưa đúng."),
    "unknown_procedure": _("Thủ tục của hồ sơ này chưa có trong danh mục của phần mềm."),
    "unknown_unit": _("Hồ sơ gửi cho một đơn vị mà phần mềm không có."),
    "bad_file": _("Một giấy tờ gửi kèm không đọc được. Gọi người dân gửi lại, hoặc nhận hồ sơ tại quầy."),
    "no_applicant": _("Hồ sơ gửi đến không có tên người nộp."),
    "no_code": _("Hồ sơ gửi đến không có mã."),
    "odd_day": _("Hồ sơ gửi đến không có ngày nộp đọc được."),
    "odd_channel": _("Hồ sơ gửi đến không ghi rõ cách nộp."),
    "odd_state": _("Hồ sơ gửi đến không ghi rõ trạng thái."),
    "ended_there": _("Hồ sơ này đã kết thúc ở bên kia trước khi về đến đây. Không phải nhận nữa."),
    "changed_there": _("Hồ sơ vừa thay đổi ở bên kia. Mở hồ sơ để xem, rồi bấm đã xem."),
    "odd_papers": _("Danh sách giấy tờ gửi đến không đọc được."),
}


# What changed there, as `Pulled.detail` keeps it.
CHANGES: dict[str, Any] = {
    "phone": _("số điện thoại"),
    "email": _("thư điện tử"),
    "papers": _("thêm giấy tờ"),
    "withdrawal": _("xin rút hồ sơ"),
    "unreadable": _("nội dung gửi đến không đọc được"),
}


def changes_of(detail: str) -> list[str]:
    """In words, what changed there."""
    return [str(CHANGES[each]) for each in detail.split(",") if each in CHANGES]


def words_of(problem: str) -> str:
    return str(PROBLEMS.get(problem, problem)) if problem else ""


def note_answer(system: str, at: datetime) -> None:
    """It answered."""
    Point.objects.update_or_create(
        system=system, defaults={"heard_at": at, "silent_since": None, "problem": "", "detail": ""}
    )


def note_silence(system: str, silence: NoAnswer, at: datetime) -> None:
    """It did not; `silent_since` is the first time of a row."""
    point, _is_new = Point.objects.get_or_create(system=system)
    point.silent_since = point.silent_since or at
    point.problem, point.detail = silence.problem, silence.detail[:200]
    point.save(update_fields=["silent_since", "problem", "detail"])
