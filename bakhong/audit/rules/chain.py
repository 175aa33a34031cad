"""The chain: what is hashed, and how. `tools/verify_audit.py` says the same once more, on its own.

The canonical JSON of an event is one object with the keys `actor`, `at`, `deed`, `details`, `kind`, `object`, `place`, `uuid`, written

- in UTF-8, keys sorted by code point at every depth, no white space outside strings, only `"`, `\\` and control characters escaped;
- `at` as UTC with microseconds: `2026-11-22T03:00:00.000000Z`; `uuid` in lower case with hyphens; `place` a number or null.

The hash of event n is the lower-case hexadecimal SHA-256 of the 64 hexadecimal digits of hash n - 1 followed by that JSON.
Hash 0 is 64 zeros.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

GENESIS = "0" * 64
# Made once: json.dumps with these options would make one for every event.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def event_of(
    *,
    uuid: UUID,
    at: datetime,
    actor_id: str,
    deed: str,
    object_kind: str,
    object_id: str,
    place_id: int | None,
    details: Mapping[str, Any],
) -> dict[str, Any]:
    """An event as it is hashed and exported."""
    return {
        "actor": actor_id,
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "deed": deed,
        "details": details,
        "kind": object_kind,
        "object": object_id,
        "place": place_id,
        "uuid": str(uuid),
    }


def canonical(event: Mapping[str, Any]) -> bytes:
    """
    >>> canonical({"deed": "places.merge", "at": "…", "details": {"b": 1, "a": "thôn"}}).decode()
    '{"at":"…","deed":"places.merge","details":{"a":"thôn","b":1}}'
    """
    return _encode(event).encode()


def link(previous: str, event: Mapping[str, Any]) -> str:
    """The hash of an event that follows the one with hash `previous`."""
    return sha256(previous.encode() + canonical(event)).hexdigest()
