"""Where contents lie: DATA/files/aa/bb/<random>, sealed, each written whole and forced to disk before anybody hears of it."""

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings

from bakhong.documents.sealed import CannotOpen, seal, unseal

_NAME_LENGTH = 32


class Lost(Exception):
    """The content is not there, or is not what was put there."""


def put(content: bytes) -> str:
    """Keep a content; returns the name it is found by. A receipt may rest on it: it is on the disk, not in a cache."""
    name = secrets.token_hex(_NAME_LENGTH // 2)
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(seal(content, _belongs_to(name)))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _sync(path.parent)
    return name


def get(name: str) -> bytes:
    """Raises: Lost."""
    try:
        return unseal(_path(name).read_bytes(), _belongs_to(name))
    except (OSError, CannotOpen) as error:
        raise Lost(name) from error


def drop(name: str) -> None:
    _path(name).unlink(missing_ok=True)


def put_aside(name: str, on: date) -> None:
    """Out of the way, to be found by hand for a while: DATA/files.aside/<day>/<name>."""
    aside = _aside() / on.isoformat()
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    _path(name).replace(aside / name)


def forget_aside(until: date) -> None:
    """Remove for good what was put aside before that day."""
    for folder in _aside().glob("????-??-??"):
        if folder.name < until.isoformat():
            shutil.rmtree(folder)


def names_older_than(moment: float) -> Iterator[str]:
    """What was put before the moment (seconds since 1970), halves of a broken write among it."""
    for path in _folder().glob("??/??/*"):
        if path.stat().st_mtime < moment:
            yield path.name


def drop_half(name: str) -> None:
    """Remove what a broken write left."""
    stem = name.removesuffix(".part")
    _path(stem).with_suffix(".part").unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.DATA) / "files"


def _aside() -> Path:
    return Path(settings.DATA) / "files.aside"


def _path(name: str) -> Path:
    assert len(name) == _NAME_LENGTH, name
    assert name.isalnum(), name
    return _folder() / name[:2] / name[2:4] / name


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _belongs_to(name: str) -> str:
    return f"file:{name}"
