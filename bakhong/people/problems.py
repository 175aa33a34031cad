"""What is said of a doubtful or impossible cell: one plain sentence each, and what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

PROBLEMS = {
    "name_missing": _("Dòng này không có họ tên; hãy ghi họ tên rồi nhập lại dòng này."),
    "name_invalid": _("“%(value)s” không phải họ tên; hãy sửa rồi nhập lại dòng này."),
    "name_short": _("Họ tên chỉ có một chữ; hãy kiểm tra lại."),
    "id_not_12_digits": _(
        "“%(value)s” không phải số định danh 12 chữ số; hãy sửa hoặc để trống rồi nhập lại dòng này."
    ),
    "id_zeros": _("Số định danh bị mất số 0 ở đầu, đã thêm lại: %(value)s; hãy kiểm tra."),
    "id_year_differs": _("Năm sinh không khớp với số định danh %(value)s; hãy đối chiếu với thẻ."),
    "id_sex_differs": _("Giới tính không khớp với số định danh %(value)s; hãy đối chiếu với thẻ."),
    "id_shared": _("Số định danh %(value)s đứng ở hai người khác tên; người này được nhập mà không có số."),
    "birth_date_invalid": _("“%(value)s” không có trong lịch; hãy sửa ngày sinh rồi nhập lại dòng này."),
    "birth_date_future": _("Ngày sinh “%(value)s” sau ngày của danh sách; hãy sửa rồi nhập lại dòng này."),
    "birth_date_missing": _("Không có ngày sinh; hãy bổ sung sau."),
    "birth_two_digits": _("Năm sinh “%(value)s” chỉ có hai chữ số; hãy kiểm tra thế kỷ."),
    "birth_about": _("Ngày sinh “%(value)s” được ghi là ước chừng; hãy kiểm tra."),
    "age_unlikely": _("Người này hơn 115 tuổi theo ngày sinh “%(value)s”; hãy kiểm tra."),
    "name_differs": _("Họ tên “%(value)s” khác với hồ sơ đã có; cả hai được giữ trong lịch sử."),
    "birth_differs": _("Ngày sinh khác với hồ sơ đã có; cả hai được giữ trong lịch sử."),
    "sex_unclear": _("“%(value)s” không rõ là nam hay nữ."),
    "sex_both": _("Cả hai cột Nam và Nữ đều được đánh dấu."),
    "phone_unclear": _("“%(value)s” không phải số điện thoại; ghi chú được giữ lại, số thì không."),
    "phone_more": _("Ô có thêm số %(value)s; chỉ số đầu được nhập."),
    "phone_prefix": _("Đầu số cũ “%(value)s” đã được đổi sang đầu số 10 chữ số."),
    "phone_crowded": _("Một số điện thoại đứng cho nhiều người: %(value)s; hãy hỏi xem số là của ai."),
    "presence_unclear": _("“%(value)s” không rõ là có mặt hay vắng."),
    "service_too_young": _("Theo ngày sinh thì chưa đủ tuổi dùng “%(value)s”; ô này chưa được tính."),
    "mark_unclear": _("Chưa rõ “%(value)s” nghĩa là có hay không; ô này chưa được tính."),
    "village_missing": _("Dòng này không nói thôn nào; người này được xếp vào xã, chưa có thôn."),
    "village_created": _(
        "Thôn “%(value)s” chưa có nên đã được lập; nếu là tên khác của thôn đã có, hãy nhập thôn lại."
    ),
    "village_unknown": _(
        "Không có thôn “%(value)s” và bạn không có quyền lập thôn; người này được xếp vào xã."
    ),
    "village_ambiguous": _(
        "Có nhiều thôn cùng tên “%(value)s”; người này được xếp vào xã. "
        "Nếu là danh sách của xã cũ, hãy nhập theo mã xã cũ và ngày trước sáp nhập."
    ),
    "village_conflict": _("Cùng một người đứng ở hai thôn: “%(value)s”; hãy kiểm tra."),
    "village_differs": _("Hồ sơ đã có ở nơi khác; từ ngày của danh sách, người này thuộc “%(value)s”."),
    "met_twice": _("Người này đã có ở một dòng khác của tệp."),
    "maybe_double": _("Trùng họ tên và năm sinh với một dòng khác; nhập thành hai người, hãy kiểm tra."),
    "column_unused": _("Cột “%(value)s” chưa được nhập."),
    "column_doubtful": _("Cột “%(value)s” chưa chắc là gì; hãy chọn lại cột nếu sai."),
    "sheet_unused": _("Trang “%(value)s” không có cột họ tên nên không được nhập."),
}

CARD_WARNINGS = {
    "id_not_12_digits": _("Số định danh không đủ 12 chữ số."),
    "fields_missing": _("Mã QR thiếu thông tin; hãy quét lại."),
    "old_id_odd": _("Số chứng minh nhân dân cũ không phải 9 hay 12 chữ số."),
    "letters_lost": _("Máy quét làm mất dấu tiếng Việt; hãy sửa lại họ tên, địa chỉ."),
    "born_on_partial": _("Thẻ chỉ có năm hoặc tháng sinh."),
    "born_on_missing": _("Không có ngày sinh."),
    "born_on_invalid": _("Ngày sinh không có trong lịch."),
    "issued_on_partial": _("Ngày cấp không đủ ngày, tháng, năm."),
    "issued_on_missing": _("Không có ngày cấp."),
    "issued_on_invalid": _("Ngày cấp không có trong lịch."),
    "issued_before_birth": _("Ngày cấp đứng trước ngày sinh."),
    "sex_unknown": _("Không đọc được giới tính."),
    "id_sex_differs": _("Giới tính không khớp với số định danh."),
    "id_year_differs": _("Năm sinh không khớp với số định danh."),
}


def sentence(code: str, value: str = "", texts: Mapping[str, Any] = PROBLEMS) -> str:
    """The sentence of a problem, in the user's language."""
    return gettext(texts[code]) % {"value": value}
