"""Kept encrypted (`core/sealing.py`): keys of feeds, accounts that money goes back to. Each belongs to "table.column:uuid"."""

from django.conf import settings

from bakhong.core.sealing import CannotOpen, Sealing

__all__ = ["CannotOpen", "seal", "unseal"]


def seal(text: str, belongs_to: str) -> bytes:
    """Encrypt for one place: `belongs_to` is "table.column:uuid"."""
    return _sealing().seal(text.encode(), belongs_to)


def unseal(sealed: bytes | memoryview, belongs_to: str) -> str:
    """Raises: CannotOpen."""
    return _sealing().unseal(sealed, belongs_to).decode()


def _sealing() -> Sealing:
    return Sealing("payments", settings.FIELD_KEY)
