"""This room's deeds in words, for the trail."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "people.add_person": _("Thêm người vào danh sách"),
    "people.record_fact": _("Ghi thông tin về người dân"),
    "people.correct_fact": _("Sửa thông tin ghi sai"),
    "people.retract_fact": _("Rút lại thông tin đã ghi"),
    "people.import_person": _("Nhập người dân từ tệp"),
    "people.import_list": _("Nhập tệp danh sách người dân"),
    "people.undo_import": _("Hoàn tác một lần nhập tệp"),
    "people.merge": _("Gộp hai bản ghi của một người"),
    "people.unmerge": _("Tách lại hai bản ghi đã gộp"),
    "people.make_household": _("Lập hộ"),
    "people.set_members": _("Sửa người trong hộ"),
    "people.give_consent": _("Ghi sự đồng ý"),
    "people.withdraw_consent": _("Ghi rút lại sự đồng ý"),
    "people.open_record": _("Mở hồ sơ người dân"),
    "people.reveal": _("Xem số được che"),
    "people.add_organisation": _("Thêm hộ kinh doanh, doanh nghiệp"),
    "people.record_subscription": _("Ghi thuê bao điện thoại"),
}

KINDS = {
    "person": _("người dân"),
    "household": _("hộ gia đình"),
    "import": _("lần nhập tệp"),
    "organisation": _("hộ kinh doanh, doanh nghiệp"),
    "subscription": _("thuê bao"),
}
