"""This room's deeds in words, for the trail."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "documents.store": _("Lưu tệp"),
    "documents.adopt": _("Chuyển tệp sang hồ sơ"),
    "documents.revoke": _("Thu hồi giấy tờ đã cấp"),
    "documents.erase": _("Xoá nội dung tệp"),
}

KINDS = {
    "file": _("tệp"),
}
