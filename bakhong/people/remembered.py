"""What a list said when it was taken in, kept sealed for a day beside the uploads, so that the same file again need not be read.

One file, `DATA/imports/same-<key>`; the key is made of all that the answer follows from but the roll, and whoever uses it compares
the roll's `watermark`. Without the folder, or when it cannot be opened, the list is read as ever.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from bakhong.people.sealed import CannotOpen, seal, unseal
from bakhong.people.uploads import drop_old


def key_of(
    content: bytes,
    *,
    filename: str,
    where: str,
    actor_id: str,
    today: date,
    as_of: date | None,
    fields: Mapping[tuple[str, int], str] | None,
    meanings: Mapping[str, bool] | None,
) -> str:
    """64 hex digits. `where`: what names the commune. The day is part of it: another day, other births lie in the future."""
    parts = [
        hashlib.sha256(content).hexdigest(),
        filename,
        where,
        actor_id,
        today.isoformat(),
        as_of.isoformat() if as_of else "",
        sorted([*place, code] for place, code in (fields or {}).items()),
        sorted((meanings or {}).items()),
        get_language(),
        version("bakhong"),
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def remember(key: str, document: Mapping[str, Any]) -> None:
    folder = _folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        drop_old(folder)
        path = _path(key)
        trial = path.with_suffix(".part")
        trial.touch(mode=0o600)
        trial.write_bytes(seal(json.dumps(document), _belongs_to(key)))
        trial.replace(path)
    except OSError:
        return  # a full disk only makes the next time slower


def recall(key: str) -> dict[str, Any] | None:
    path = _path(key)
    try:
        drop_old(_folder())
        document: dict[str, Any] = json.loads(unseal(path.read_bytes(), _belongs_to(key)))
    except (OSError, CannotOpen, ValueError):
        return None
    return document


def _folder() -> Path:
    return Path(settings.DATA) / "imports"


def _path(key: str) -> Path:
    return _folder() / f"same-{key}"


def _belongs_to(key: str) -> str:
    return f"people_remembered:{key}"
