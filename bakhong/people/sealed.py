"""Values kept encrypted: AES-256-GCM with the key outside the database, and a keyed blind index to find them by.

A sealed value is one byte of key version, 12 bytes of nonce, then the ciphertext with its tag. What it belongs to
("table.column:uuid") is authenticated with it, so that a value copied into another row no longer opens.

Keys: `settings.FIELD_KEY`, from BAKHONG_FIELD_KEY or DATA/secrets/field_key: one secret (version 1), or several as
`1:secret 2:secret`; the highest seals, all open. The blind index always uses the lowest, so that a new key breaks no look-up.

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
    """The value was changed, belongs to another row, or was sealed with a key that is not here."""


def seal(text: str, belongs_to: str) -> bytes:
    """Encrypt for one place: `belongs_to` is "table.column:uuid"."""
    keys = _keys(settings.FIELD_KEY)
    version = max(keys)
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher(keys[version]).encrypt(nonce, text.encode(), belongs_to.encode())
    return bytes([version]) + nonce + sealed


def unseal(sealed: bytes | memoryview, belongs_to: str) -> str:
    """Raises: CannotOpen."""
    raw = bytes(sealed)
    key = _keys(settings.FIELD_KEY).get(raw[0]) if raw else None
    if key is None:
        raise CannotOpen("Sealed with a key that is not here.")
    try:
        text = _cipher(key).decrypt(raw[1 : 1 + _NONCE], raw[1 + _NONCE :], belongs_to.encode())
    except InvalidTag:
        raise CannotOpen("Changed, or moved from another row.") from None
    return text.decode()


def blind_index(text: str, column: str) -> bytes:
    """32 bytes, equal for equal texts of one column: what a sealed value is found by."""
    return hmac.digest(_index_key(settings.FIELD_KEY), f"{column}:{text}".encode(), "sha256")


@lru_cache(maxsize=4)
def _index_key(setting: str) -> bytes:
    keys = _keys(setting)
    return _derived(keys[min(keys)], b"index")


@lru_cache(maxsize=4)
def _keys(setting: str) -> dict[int, bytes]:
    words = setting.split()
    if not words:
        # A key made up here would be lost at exit, and every number sealed with it.
        raise ImproperlyConfigured("BAKHONG_FIELD_KEY is not set and DATA/secrets/field_key does not exist.")
    if len(words) == 1 and not re.match(r"\d{1,3}:", words[0]):
        return {1: words[0].encode()}
    return {int(version): key.encode() for version, _, key in (word.partition(":") for word in words)}


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(_derived(key, b"seal"))


@lru_cache(maxsize=16)
def _derived(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose. The secret has full entropy, so that one HMAC is enough (RFC 5869, section 3.3)."""
    return hmac.new(key, b"bakhong.people." + purpose, hashlib.sha256).digest()
