"""This room's deeds in words, for the trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "payments.raise_charge": _("Lập khoản thu"),
}

KINDS: dict[str, Any] = {
    "charge": _("khoản thu"),
    "biller": _("đơn vị thu"),
}
