"""The names of what a column may hold, for a person to choose from."""

from django.utils.translation import gettext_lazy as _

from bakhong.people.rules.headers import FIELDS

FIELD_NAMES = {
    "ignore": _("Không nhập"),
    "number": _("Số thứ tự"),
    "name": _("Họ và tên"),
    "surname": _("Họ và chữ đệm"),
    "given": _("Tên"),
    "birth": _("Ngày sinh"),
    "birth_male": _("Ngày sinh của nam"),
    "birth_female": _("Ngày sinh của nữ"),
    "birth_day": _("Ngày của ngày sinh"),
    "birth_month": _("Tháng sinh"),
    "birth_year": _("Năm sinh"),
    "sex": _("Giới tính"),
    "sex_male": _("Dấu ở cột Nam"),
    "sex_female": _("Dấu ở cột Nữ"),
    "national_id": _("Số định danh"),
    "phone": _("Số điện thoại"),
    "phone_holder": _("Số điện thoại của ai"),
    "village": _("Thôn, khu phố"),
    "household": _("Số hộ"),
    "head": _("Tên chủ hộ"),
    "relation": _("Quan hệ với chủ hộ"),
    "address": _("Địa chỉ"),
    "presence": _("Có mặt hay vắng"),
    "present": _("Dấu có mặt"),
    "away": _("Dấu vắng mặt"),
    "whereabouts": _("Nơi đang ở"),
    "device": _("Loại điện thoại"),
    "smartphone": _("Dấu có điện thoại thông minh"),
    "note": _("Ghi chú"),
    "service": _("Dịch vụ số"),
}

assert set(FIELD_NAMES) == set(FIELDS)
