"""Identifiers that leave the house."""

import secrets
import time
import uuid


def new_uuid() -> uuid.UUID:
    """A UUIDv7: 48 bits of milliseconds, then random bits, so that indexes grow at one end.

    Not for secrets: the time in it can be guessed.

    Source: RFC 9562, section 5.7.

    >>> new_uuid().version
    7
    """
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
