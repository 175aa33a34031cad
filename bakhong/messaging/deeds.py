"""This room's deeds in words, for the trail."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "messaging.send": _("Gửi lời nhắn"),
    "messaging.show_number": _("Xem số điện thoại để gọi"),
    "messaging.record_call": _("Ghi kết quả cuộc gọi"),
    "messaging.drop": _("Thôi gửi lời nhắn đã cũ"),
    "messaging.wait_again": _("Đưa lời nhắn trở lại danh sách"),
    "messaging.note_seen": _("Ghi đã xem lời nhắn gửi mình"),
    "messaging.reopen_call": _("Đưa cuộc gọi trở lại danh sách"),
}

KINDS = {"message": _("lời nhắn")}
