"""This room's deeds in words, for the trail."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "eforms.publish": _("Công bố biểu mẫu"),
    "eforms.end_form": _("Trở lại biểu mẫu của chương trình"),
    "eforms.start_draft": _("Bắt đầu khai biểu mẫu"),
    "eforms.link_person": _("Gắn người dân vào tờ khai"),
    "eforms.act_for": _("Làm tiếp tờ khai thay người khác"),
    "eforms.bind_card": _("Gắn số thẻ căn cước để mở lại tờ khai"),
    "eforms.save_page": _("Lưu một trang tờ khai"),
    "eforms.save_wishes": _("Chọn cách nhận kết quả"),
    "eforms.offer_anew": _("Điền lại dữ liệu đã đổi ở nguồn"),
    "eforms.ask_correction": _("Báo dữ liệu điền sẵn bị sai"),
    "eforms.submit_draft": _("Hoàn thành tờ khai"),
    "eforms.drop_draft": _("Bỏ tờ khai"),
    "eforms.erase_draft": _("Xoá tờ khai"),
}

KINDS = {
    "form": _("biểu mẫu"),
    "draft": _("tờ khai"),
}
