"""This room's deeds in words, for the trail."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "indicators.add_report": _("Lưu một báo cáo"),
    "indicators.confirm_figures": _("Xác nhận số liệu"),
    "indicators.correct_figure": _("Sửa một số liệu"),
    "indicators.retract_figure": _("Rút một số liệu"),
    "indicators.undo_retraction": _("Khôi phục số liệu đã rút"),
    "indicators.set_aside": _("Bỏ qua một con số trong báo cáo"),
    "indicators.take_up": _("Xem lại con số đã bỏ qua"),
    "indicators.set_target": _("Ghi chỉ tiêu được giao"),
    "indicators.cascade_target": _("Chia chỉ tiêu xuống đơn vị bên dưới"),
    "indicators.withdraw_target": _("Rút chỉ tiêu đã giao"),
    "indicators.check_report": _("Kiểm tra số liệu của báo cáo"),
    "indicators.answer_finding": _("Trả lời một cảnh báo"),
    "indicators.withdraw_answer": _("Rút câu trả lời cảnh báo"),
    "indicators.open_period": _("Mở kỳ báo cáo"),
    "indicators.extend_period": _("Lùi hạn kỳ báo cáo"),
    "indicators.withdraw_period": _("Rút kỳ báo cáo mở nhầm"),
    "indicators.save_draft": _("Lưu bản nháp báo cáo kỳ"),
    "indicators.submit": _("Trình lãnh đạo báo cáo kỳ"),
    "indicators.take_back": _("Lấy lại báo cáo đã trình"),
    "indicators.return_to_clerk": _("Trả báo cáo cho người soạn"),
    "indicators.approve": _("Duyệt và gửi báo cáo kỳ"),
    "indicators.take_back_approval": _("Rút lại duyệt báo cáo kỳ"),
    "indicators.accept": _("Nhận báo cáo của xã"),
    "indicators.undo_accept": _("Bỏ nhận báo cáo của xã"),
    "indicators.send_back": _("Trả lại báo cáo cho xã"),
    "indicators.undo_send_back": _("Bỏ trả lại báo cáo cho xã"),
    "indicators.assign_followup": _("Giao một việc"),
    "indicators.note_followup": _("Ghi chú vào việc được giao"),
    "indicators.start_followup": _("Bắt đầu làm việc được giao"),
    "indicators.finish_followup": _("Báo xong việc được giao"),
    "indicators.reopen_followup": _("Giao lại việc đã đóng"),
    "indicators.cancel_followup": _("Huỷ việc đã giao"),
}

KINDS = {
    "report": _("báo cáo"),
    "figure": _("số liệu"),
    "finding": _("cảnh báo"),
    "target": _("chỉ tiêu"),
    "period": _("kỳ báo cáo"),
    "submission": _("báo cáo kỳ"),
    "followup": _("việc được giao"),
}
