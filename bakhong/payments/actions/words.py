"""Names, reasons and notes as people type them, before they are kept."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bakhong.core.errors import Refusal
from bakhong.core.text import is_storable, squeeze
from bakhong.payments.rules.services import services


def said(text: str, most: int) -> str:
    """Squeezed, at most so long; "" where nothing was said. Raises: Refusal for characters the database cannot hold."""
    if not is_storable(text):
        raise Refusal(_("Có ký tự lạ không lưu được. Hãy gõ lại phần chữ."))
    return squeeze(text)[:most]


def named(text: str, most: int) -> str:
    """A name, squeezed. Raises: Refusal for none, or a longer one."""
    name = said(text, most + 1)
    if not name:
        raise Refusal(_("Chưa ghi tên."))
    if len(name) > most:
        raise Refusal(_("Tên dài quá %(most)s ký tự.") % {"most": most})
    return name


def known_services(codes: Sequence[str]) -> list[str]:
    """Each once, in the order of the catalogue. Raises: Refusal for one that is not there."""
    unknown = [each for each in codes if each not in services()]
    if unknown:
        raise Refusal(_("Không có loại khoản thu “%(code)s”.") % {"code": unknown[0][:20]})
    return [code for code in services() if code in codes]
