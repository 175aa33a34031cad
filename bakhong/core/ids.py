"""Identifiers that leave the house."""

import secrets
import time
import uuid

_MARKS = 0x7 << 76 | 0x2 << 62  # version and variant
_RANDOM = (1 << 80) - 1 & ~(0xF << 76 | 0x3 << 62)


def new_uuid() -> uuid.UUID:
    """A UUIDv7: 48 bits of milliseconds, then random bits, so that indexes grow at one end.

    Not for secrets: the time in it can be guessed.

    Source: RFC 9562, section 5.7.

    >>> new_uuid().version
    7
    """
    return new_uuids(1)[0]


def new_uuids(count: int) -> list[uuid.UUID]:
    """Many at once, of one moment: the random bits are fetched in one go.

    >>> len(set(new_uuids(100))), {each.version for each in new_uuids(100)}
    (100, {7})
    """
    moment = (time.time_ns() // 1_000_000) << 80
    bits = secrets.token_bytes(10 * count)
    return [
        uuid.UUID(int=moment | int.from_bytes(bits[start : start + 10]) & _RANDOM | _MARKS)
        for start in range(0, 10 * count, 10)
    ]


def uuid_of_form(key: uuid.UUID, sender: str, said: str) -> uuid.UUID:
    """The identifier of what a form makes: the same for the same form sent again by the same sender with the same words.

    Typed over and sent from the same page (a browser's way back), it is another thing.

    >>> key = uuid.UUID(int=1)
    >>> uuid_of_form(key, "user:1", "An") == uuid_of_form(key, "user:1", "An")
    True
    >>> len({uuid_of_form(key, "user:1", "An"), uuid_of_form(key, "user:2", "An"), uuid_of_form(key, "user:1", "Bé")})
    3
    """
    return uuid.uuid5(key, f"{sender}\n{said}")
