"""Values of the roll kept encrypted (`core/sealing.py`), and a keyed blind index to find them by. Each belongs to "table.column:uuid"."""

import hmac

from django.conf import settings

from bakhong.core.sealing import CannotOpen, Sealing

__all__ = ["CannotOpen", "blind_index", "seal", "unseal"]


def seal(text: str, belongs_to: str) -> bytes:
    """Encrypt for one place: `belongs_to` is "table.column:uuid"."""
    return _sealing().seal(text.encode(), belongs_to)


def unseal(sealed: bytes | memoryview, belongs_to: str) -> str:
    """Raises: CannotOpen."""
    return _sealing().unseal(sealed, belongs_to).decode()


def blind_index(text: str, column: str) -> bytes:
    """32 bytes, equal for equal texts of one column: what a sealed value is found by."""
    return hmac.digest(_sealing().lasting("index"), f"{column}:{text}".encode(), "sha256")


def _sealing() -> Sealing:
    return Sealing("people", settings.FIELD_KEY)
