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
    "people.keep_apart": _("Ghi là hai người khác nhau"),
    "people.erase": _("Xoá dữ liệu của một người"),
    "people.make_household": _("Lập hộ"),
    "people.set_members": _("Sửa người trong hộ"),
    "people.give_consent": _("Ghi sự đồng ý"),
    "people.withdraw_consent": _("Ghi rút lại sự đồng ý"),
    "people.list_residents": _("Tải danh sách người dân"),
    "people.open_record": _("Mở hồ sơ người dân"),
    "people.reveal": _("Xem số được che"),
    "people.add_organisation": _("Thêm hộ kinh doanh, doanh nghiệp"),
    "people.close_organisation": _("Ghi hộ kinh doanh, doanh nghiệp ngừng hoạt động"),
    "people.record_subscription": _("Ghi thuê bao điện thoại"),
    "people.record_adoption": _("Ghi việc dùng dịch vụ số"),
    "people.retract_adoption": _("Rút lại điều đã ghi về dịch vụ số"),
    "people.record_details": _("Ghi kết quả thủ tục, thông tin từ cơ sở dữ liệu của Nhà nước"),
    "people.retract_details": _("Rút lại kết quả thủ tục đã ghi"),
    "people.use_known": _("Dùng thông tin đã có của người dân"),
    "people.give_mandate": _("Cho người khác làm thủ tục thay"),
    "people.end_mandate": _("Kết thúc việc làm thay"),
    "people.ask_correction": _("Yêu cầu sửa thông tin về mình"),
    "people.withdraw_correction": _("Rút yêu cầu sửa thông tin"),
    "people.acknowledge_correction": _("Xác nhận đã nhận yêu cầu sửa"),
    "people.answer_correction": _("Trả lời yêu cầu sửa"),
    "people.end_subscription": _("Ghi thuê bao ngừng dùng"),
}

KINDS = {
    "person": _("người dân"),
    "household": _("hộ gia đình"),
    "import": _("lần nhập tệp"),
    "organisation": _("hộ kinh doanh, doanh nghiệp"),
    "subscription": _("thuê bao"),
    "mandate": _("việc làm thay"),
    "correction": _("yêu cầu sửa"),
}
