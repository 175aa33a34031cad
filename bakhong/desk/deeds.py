"""This room's deeds in words, for the trail."""

from django.utils.translation import gettext_lazy as _

WORDS = {"desk.export": _("Xuất số liệu ra tệp"), "desk.reveal": _("Xem số được che trong hồ sơ")}
