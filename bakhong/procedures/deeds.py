"""This room's deeds in words, for the trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "procedures.set_day": _("Sửa một ngày trong lịch làm việc"),
    "procedures.undo_day": _("Bỏ sửa một ngày trong lịch làm việc"),
    "procedures.set_hours": _("Đổi giờ làm việc của một ngày trong tuần"),
    "procedures.undo_hours": _("Bỏ đổi giờ làm việc"),
    "procedures.set_offer": _("Đổi cách xã làm một thủ tục"),
    "procedures.undo_offer": _("Bỏ đổi cách xã làm một thủ tục"),
    "procedures.define": _("Công bố một bản thủ tục của đơn vị"),
    "procedures.end": _("Thôi dùng bản thủ tục của đơn vị"),
    "procedures.undo_definition": _("Bỏ một bản thủ tục của đơn vị"),
}

KINDS: dict[str, Any] = {
    "calendar_day": _("ngày trong lịch làm việc"),
    "office_hours": _("giờ làm việc"),
    "procedure_offer": _("thủ tục của xã"),
    "local_procedure": _("bản thủ tục của đơn vị"),
}
