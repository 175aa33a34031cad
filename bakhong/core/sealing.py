"""Contents kept encrypted: AES-256-GCM with the key outside the database, each room with keys of its own.

What is sealed is one byte of key version, 12 bytes of nonce, then the ciphertext with its tag. What it belongs to ("table.column:uuid",
"file:<storage>") is authenticated with it, so that one put in another's place no longer opens.

Keys: one setting, from BAKHONG_FIELD_KEY or DATA/secrets/field_key: one secret (version 1), or several as `1:secret 2:secret`; the highest
seals, all open. What things are found by always uses the lowest, so that a new key breaks no look-up.

Source: NIST SP 800-38D (GCM, 96-bit nonce).
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

_NONCE = 12


class CannotOpen(Exception):
    """It was changed, belongs elsewhere, or was sealed with a key that is not here."""


@dataclass(frozen=True)
class Sealing:
    """The keys of one room ("people"), read from the setting.

    >>> kept = Sealing("people", "secret").seal(b"038", "person:1")
    >>> Sealing("people", "1:secret 2:new").unseal(kept, "person:1")
    b'038'
    >>> Sealing("documents", "secret").unseal(kept, "person:1")
    Traceback (most recent call last):
    bakhong.core.sealing.CannotOpen: Changed, or moved from another place.
    """

    room: str
    setting: str

    def seal(self, content: bytes, belongs_to: str) -> bytes:
        """Encrypt for one place. Raises: ImproperlyConfigured without a key."""
        version = max(keys_in(self.setting))
        nonce = secrets.token_bytes(_NONCE)
        return bytes([version]) + nonce + self._cipher(version).encrypt(nonce, content, belongs_to.encode())

    def unseal(self, sealed: bytes | memoryview, belongs_to: str) -> bytes:
        """Raises: CannotOpen."""
        raw = bytes(sealed)
        if not raw or raw[0] not in keys_in(self.setting):
            raise CannotOpen("Sealed with a key that is not here.")
        try:
            return self._cipher(raw[0]).decrypt(raw[1 : 1 + _NONCE], raw[1 + _NONCE :], belongs_to.encode())
        except (InvalidTag, ValueError):
            raise CannotOpen("Changed, or moved from another place.") from None

    def lasting(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same as long as the first key is there."""
        keys = keys_in(self.setting)
        return _derived(keys[min(keys)], f"bakhong.{self.room}.{purpose}")

    def _cipher(self, version: int) -> AESGCM:
        return _cipher(keys_in(self.setting)[version], f"bakhong.{self.room}.seal")


@lru_cache(maxsize=4)
def keys_in(setting: str) -> dict[int, bytes]:
    """version → secret.

    >>> keys_in("one"), keys_in("1:old 2:new")
    ({1: b'one'}, {1: b'old', 2: b'new'})
    """
    words = setting.split()
    if not words:
        # A key made up here would be lost at exit, and everything sealed with it.
        raise ImproperlyConfigured("BAKHONG_FIELD_KEY is not set and DATA/secrets/field_key does not exist.")
    if len(words) == 1 and not re.match(r"\d{1,3}:", words[0]):
        return {1: words[0].encode()}
    return {int(version): key.encode() for version, _, key in (word.partition(":") for word in words)}


@lru_cache(maxsize=16)
def _cipher(key: bytes, purpose: str) -> AESGCM:
    return AESGCM(_derived(key, purpose))


@lru_cache(maxsize=64)
def _derived(key: bytes, purpose: str) -> bytes:
    """A key for one purpose. The secret has full entropy, so that one HMAC is enough (RFC 5869, section 3.3)."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()
