"""Whether a version of a procedure that shipped once still says what it said: dossiers in hand are counted by it.

`data/versions.toml` holds a digest of each. What a procedure decides (limit, papers, steps, fee, results, form, channels) never changes
within a version: a changed fact is another version with a later `valid_from`. Wording, and where a register shows a paper, may be
mended: they stand outside the digest.

`python -m bakhong.procedures.rules.kept` prints the lines of the file as they would be; add the one of a new version, change none.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_DATA = Path(__file__).resolve().parent.parent / "data"
_MENDED = {
    "name",
    "short",
    "sector",
    "who",
    "help",
    "words",
    "source",
    "legal_basis",
    "unverified",
    "is_sample",
    "is_verified",
    "shown_by",
    "shown_values",
    "vi",
    "en",
}


def changed() -> tuple[str, ...]:
    """ "code/version" of whatever was changed in place, taken away, or added without its digest; () where all is as it shipped."""
    return differing(_rows(), _kept())


def differing(rows: Mapping[str, Mapping[str, Any]], kept: Mapping[str, str]) -> tuple[str, ...]:
    """
    >>> row = {"code": "a", "limit": {"amount": 3}, "name": {"vi": "A"}}
    >>> kept = {"a/1": digest_of(row)}
    >>> differing({"a/1": row}, kept), differing({"a/1": row | {"limit": {"amount": 5}}}, kept), differing({}, kept)
    ((), ('a/1',), ('a/1',))
    >>> differing({"a/1": row | {"name": {"vi": "Á"}}}, kept)
    ()
    """
    now = {key: digest_of(row) for key, row in rows.items()}
    return tuple(sorted(key for key in now.keys() | kept.keys() if now.get(key) != kept.get(key)))


def digest_of(row: Mapping[str, Any]) -> str:
    """SHA-256 of what a version decides, without its wording."""
    text = json.dumps(_decided(row), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def lines() -> Iterator[str]:
    """The file as it would be."""
    for key, row in _rows().items():
        yield f'"{key}" = "{digest_of(row)}"'


def _decided(said: Any) -> Any:
    if isinstance(said, Mapping):
        return {name: _decided(each) for name, each in said.items() if name not in _MENDED}
    return [_decided(each) for each in said] if isinstance(said, list) else said


def _rows() -> Mapping[str, Mapping[str, Any]]:
    document = tomllib.loads((_DATA / "procedures.toml").read_text(encoding="utf-8"))
    return {f"{row['code']}/{row.get('version', 1)}": row for row in document["procedure"]}


def _kept() -> Mapping[str, str]:
    found: dict[str, str] = tomllib.loads((_DATA / "versions.toml").read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    print("\n".join(lines()))
