"""This room's deeds in words, for the trail."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "documents.store": _("Lưu tệp"),
    "documents.adopt": _("Chuyển tệp sang hồ sơ"),
    "documents.revoke": _("Thu hồi giấy tờ đã cấp"),
    "documents.ask_signature": _("Gửi yêu cầu ký số"),
    "documents.sign": _("Ký số"),
    "documents.fail_signature": _("Ký số không thành"),
    "documents.choose_method": _("Chọn cách ký số"),
    "documents.choose_seal": _("Chọn con dấu số của cơ quan"),
    "documents.end_seal": _("Thôi dùng con dấu số của cơ quan"),
    "documents.try_seal": _("Thử con dấu số của cơ quan"),
    "documents.erase": _("Xoá nội dung tệp"),
}

KINDS = {
    "file": _("tệp"),
    "signing_method": _("cách ký số"),
    "signing_job": _("yêu cầu ký số"),
    "seal": _("con dấu số"),
}
