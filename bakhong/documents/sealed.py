"""Contents kept encrypted: AES-256-GCM, the key outside the folder of files and outside the database.

One byte of key version, 12 bytes of nonce, then the ciphertext with its tag. What it is ("file:<storage>") is authenticated with it, so
that a content put in another's place no longer opens. The keys are those of `settings.FIELD_KEY` (people/sealed.py says how it is
written), derived for this room.

Source: NIST SP 800-38D (GCM, 96-bit nonce).
"""

import hashlib
import hmac
import re
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NONCE = 12


class CannotOpen(Exception):
    """The content was changed, belongs elsewhere, or was sealed with a key that is not here."""


def seal(content: bytes, belongs_to: str) -> bytes:
    keys = _ciphers(settings.FIELD_KEY)
    version = max(keys)
    nonce = secrets.token_bytes(_NONCE)
    return bytes([version]) + nonce + keys[version].encrypt(nonce, content, belongs_to.encode())


def unseal(sealed: bytes | memoryview, belongs_to: str) -> bytes:
    """Raises: CannotOpen."""
    raw = bytes(sealed)
    cipher = _ciphers(settings.FIELD_KEY).get(raw[0]) if raw else None
    if cipher is None:
        raise CannotOpen("Sealed with a key that is not here.")
    try:
        return cipher.decrypt(raw[1 : 1 + _NONCE], raw[1 + _NONCE :], belongs_to.encode())
    except (InvalidTag, ValueError):
        raise CannotOpen("Changed, or moved from another place.") from None


def token(text: str, purpose: str) -> str:
    """A secret word derived from the site's key, for one purpose: 32 hex digits."""
    keys = _keys(settings.FIELD_KEY)
    return _derived(keys[min(keys)], f"token.{purpose}:{text}".encode()).hex()[:32]


@lru_cache(maxsize=4)
def _ciphers(setting: str) -> dict[int, AESGCM]:
    return {version: AESGCM(_derived(key, b"seal")) for version, key in _keys(setting).items()}


def _keys(setting: str) -> dict[int, bytes]:
    words = setting.split()
    if not words:
        raise ImproperlyConfigured("BAKHONG_FIELD_KEY is not set and DATA/secrets/field_key does not exist.")
    if len(words) == 1 and not re.match(r"\d{1,3}:", words[0]):
        return {1: words[0].encode()}
    return {int(version): key.encode() for version, _, key in (word.partition(":") for word in words)}


def _derived(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose. The secret has full entropy, so that one HMAC is enough (RFC 5869, section 3.3)."""
    return hmac.new(key, b"bakhong.documents." + purpose, hashlib.sha256).digest()
