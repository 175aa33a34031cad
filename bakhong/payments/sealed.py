"""Kept encrypted (`core/sealing.py`): keys of feeds, accounts that money goes back to. Each belongs to "table.column:uuid"."""

import hmac
from uuid import UUID

from django.conf import settings

from bakhong.core.sealing import CannotOpen, Sealing
from bakhong.payments.rules.stickers import seal_text

__all__ = ["CannotOpen", "seal", "seal_of_sticker", "unseal"]


def seal(text: str, belongs_to: str) -> bytes:
    """Encrypt for one place: `belongs_to` is "table.column:uuid"."""
    return _sealing().seal(text.encode(), belongs_to)


def unseal(sealed: bytes | memoryview, belongs_to: str) -> str:
    """Raises: CannotOpen."""
    return _sealing().unseal(sealed, belongs_to).decode()


def seal_of_sticker(sticker: UUID, stall: UUID, payload: str) -> str:
    """The seal code printed beside a stall's code. Whoever writes in the database cannot make one: the key lies outside it."""
    told = f"{sticker}\n{stall}\n{payload}".encode()
    return seal_text(hmac.digest(_sealing().lasting("stickers"), told, "sha256"))


def _sealing() -> Sealing:
    return Sealing("payments", settings.FIELD_KEY)
