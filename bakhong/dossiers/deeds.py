"""This room's deeds in words, for the trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "dossiers.file": _("Nộp hồ sơ"),
    "dossiers.take_over": _("Chép hồ sơ từ hệ thống khác"),
    "dossiers.receive": _("Tiếp nhận hồ sơ"),
    "dossiers.refuse": _("Từ chối tiếp nhận hồ sơ"),
    "dossiers.assign": _("Giao người giải quyết hồ sơ"),
    "dossiers.forward": _("Chuyển bước giải quyết hồ sơ"),
    "dossiers.send_to_agency": _("Gửi hồ sơ cho cơ quan phối hợp"),
    "dossiers.hear_from_agency": _("Ghi trả lời của cơ quan phối hợp"),
    "dossiers.ask_supplement": _("Yêu cầu bổ sung hồ sơ"),
    "dossiers.answer_supplement": _("Bổ sung hồ sơ"),
    "dossiers.set_duty": _("Yêu cầu nộp phí, lệ phí của hồ sơ"),
    "dossiers.pass_duty": _("Xác nhận xong nghĩa vụ tài chính của hồ sơ"),
    "dossiers.undo_duty": _("Thôi ghi nhận tiền phí, lệ phí đã nộp của hồ sơ"),
    "dossiers.send_back": _("Trả hồ sơ lại để làm tiếp"),
    "dossiers.approve": _("Duyệt kết quả hồ sơ"),
    "dossiers.reopen": _("Bỏ duyệt kết quả hồ sơ"),
    "dossiers.sign": _("Ký kết quả hồ sơ"),
    "dossiers.return_result": _("Trả kết quả hồ sơ"),
    "dossiers.ask_withdrawal": _("Xin rút hồ sơ"),
    "dossiers.confirm_withdrawal": _("Đồng ý cho rút hồ sơ"),
    "dossiers.keep": _("Thôi rút hồ sơ"),
    "dossiers.stop": _("Dừng giải quyết hồ sơ"),
    "dossiers.apologise": _("Xin lỗi và hẹn lại ngày trả hồ sơ"),
    "dossiers.warn": _("Báo hồ sơ sắp đến hạn"),
    "dossiers.escalate": _("Báo hồ sơ quá hạn"),
    "dossiers.visit": _("Ghi lượt gặp trực tiếp về hồ sơ"),
    "dossiers.sign_application": _("Người nộp ký số đơn, tờ khai"),
    "dossiers.extend": _("Gia hạn giải quyết hồ sơ để xác minh"),
    "dossiers.identify": _("Ghi nhận người nộp hồ sơ có trong danh sách dân cư"),
    "dossiers.note_code": _("Ghi mã hồ sơ ở hệ thống khác"),
    "dossiers.take_back": _("Lấy lại việc ghi nhầm trên hồ sơ"),
    "dossiers.cancel_result": _("Thu hồi kết quả đã ký của hồ sơ"),
    "dossiers.open_form": _("Mở tờ khai cho hồ sơ nộp ở nơi khác"),
    "dossiers.fill_form": _("Làm tờ khai cho hồ sơ nộp ở nơi khác"),
    "dossiers.apply_days": _("Áp ngày nghỉ mới cho hồ sơ đang giải quyết"),
    "dossiers.begin_book": _("Ghi số bắt đầu của một sổ"),
    "dossiers.set_office_code": _("Ghi mã đơn vị trong mã hồ sơ"),
    "dossiers.take_list": _("Nhập danh sách của hệ thống một cửa tỉnh"),
    "dossiers.undo_list": _("Thu hồi danh sách của hệ thống một cửa tỉnh"),
    "dossiers.copy_fields": _("Chép thông tin hồ sơ sang hệ thống khác"),
    "dossiers.send_again": _("Gửi lại sang hệ thống khác"),
    "dossiers.take_in_again": _("Nhận lại hồ sơ từ hệ thống khác"),
    "dossiers.note_draft_code": _("Ghi mã của hồ sơ đã nộp ở Cổng quốc gia"),
    "dossiers.look_at_change": _("Xem hồ sơ vừa đổi ở hệ thống khác"),
}

KINDS: dict[str, Any] = {
    "dossier": _("hồ sơ"),
    "office_code": _("mã đơn vị trong mã hồ sơ"),
    "provincial_list": _("danh sách của hệ thống một cửa tỉnh"),
    "pulled": _("hồ sơ nộp ở hệ thống khác"),
}
