"""What is wrong with an answer, in a resident's words: what happened and what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.eforms.rules.answers import Wrong
from bakhong.eforms.rules.spec import Question

_WORDS: Mapping[str, Promise] = {
    "required": gettext_lazy("Cần trả lời câu này."),
    "unreadable": gettext_lazy("Có ký tự không đọc được. Hãy xoá đi và gõ lại."),
    "too_long": gettext_lazy("Dài quá. Viết nhiều nhất %(detail)s chữ cái."),
    "too_short": gettext_lazy("Ngắn quá. Viết ít nhất %(detail)s chữ cái."),
    "too_small": gettext_lazy("Số này nhỏ quá. Nhỏ nhất là %(detail)s."),
    "too_large": gettext_lazy("Số này lớn quá. Lớn nhất là %(detail)s."),
    "pattern": gettext_lazy("Câu trả lời chưa đúng mẫu. %(detail)s"),
    "name_invalid": gettext_lazy("Họ và tên chỉ gồm chữ cái, ví dụ Nguyễn Thị Hoa."),
    "number_invalid": gettext_lazy("Đây chưa phải là một con số. Gõ số, ví dụ 12 hoặc 2,5."),
    "money_invalid": gettext_lazy("Số tiền này không đọc được. Gõ số, ví dụ 1.500.000."),
    "date_invalid": gettext_lazy(
        "Ngày này không có trong lịch. Gõ ngày/tháng/năm, ví dụ 06/05/1990. Chỉ nhớ năm thì gõ năm."
    ),
    "date_not_whole": gettext_lazy("Cần đủ ngày, tháng và năm, ví dụ 06/05/1990."),
    "date_future": gettext_lazy("Ngày này chưa tới. Hãy kiểm tra lại."),
    "date_past": gettext_lazy("Ngày này đã qua. Hãy gõ ngày từ hôm nay trở đi."),
    "date_after": gettext_lazy("Ngày muộn nhất là %(detail)s."),
    "date_before": gettext_lazy("Ngày sớm nhất là %(detail)s."),
    "choice_invalid": gettext_lazy("Hãy chọn một trong các câu trả lời có sẵn."),
    "national_id_invalid": gettext_lazy("Số định danh gồm đúng 12 chữ số, in trên thẻ căn cước."),
    "phone_invalid": gettext_lazy("Số điện thoại chưa đúng. Gõ 10 chữ số, ví dụ 0912 345 678."),
    "email_invalid": gettext_lazy(
        "Địa chỉ thư điện tử chưa đúng, ví dụ hoa@example.vn. Không có thì bỏ trống."
    ),
    "file_invalid": gettext_lazy("Tệp này không có ở đây. Hãy chọn lại tệp."),
    "source_changed": gettext_lazy("Dữ liệu ở nguồn vừa đổi, nay là “%(detail)s”. Hãy xem lại rồi nộp."),
    "source_hidden": gettext_lazy(
        "Dữ liệu ở nguồn đã đổi. Hãy khai lại câu này, hoặc đăng nhập định danh điện tử để lấy dữ liệu mới."
    ),
    "source_withdrew": gettext_lazy("Nguồn không còn nói điều này nữa. Hãy xem lại câu trả lời rồi nộp."),
}


def sentence(problem: Wrong, question: Question | None = None) -> str:
    """The words for a problem; a date that must be whole says so in its example."""
    if problem.code == "date_invalid" and question is not None and question.rules.is_whole_day:
        return _("Ngày này không có trong lịch. Gõ đủ ngày/tháng/năm, ví dụ 06/05/1990.")
    words: Any = _WORDS[problem.code]
    return (str(words) % {"detail": problem.detail}).strip()
