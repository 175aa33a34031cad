"""Contents of files kept encrypted (`core/sealing.py`), the key outside their folder. A content belongs to "file:<storage>"."""

from django.conf import settings

from bakhong.core.sealing import CannotOpen, Sealing

__all__ = ["CannotOpen", "seal", "token", "unseal"]


def seal(content: bytes, belongs_to: str) -> bytes:
    return _sealing().seal(content, belongs_to)


def unseal(sealed: bytes | memoryview, belongs_to: str) -> bytes:
    """Raises: CannotOpen."""
    return _sealing().unseal(sealed, belongs_to)


def token(text: str, purpose: str) -> str:
    """A secret word derived from the site's key, for one purpose: 32 hex digits."""
    return _sealing().lasting(f"token.{purpose}:{text}").hex()[:32]


def _sealing() -> Sealing:
    return Sealing("documents", settings.FIELD_KEY)
