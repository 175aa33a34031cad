"""Reasons and notes as people type them, before they are kept."""

from django.utils.translation import gettext as _

from bakhong.core.errors import Refusal
from bakhong.core.text import is_storable, squeeze


def said(text: str, most: int) -> str:
    """Squeezed, at most so long; "" where nothing was said. Raises: Refusal for characters the database cannot hold."""
    if not is_storable(text):
        raise Refusal(_("Có ký tự lạ không lưu được. Hãy gõ lại phần chữ."))
    return squeeze(text)[:most]
