"""What the documents say of the whole code is so."""

import re
from pathlib import Path

from tests.architecture.test_floors import ROOT, floors


def test_every_room_stands_in_the_table() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("| floor |") : text.index("## Inside a room")]
    told = set(re.findall(r"`(\w+)`", table))
    there = {path.parent.name for path in (ROOT / "bakhong").glob("*/__init__.py")}
    assert there <= told
    assert told <= set(floors())


def test_every_variable_is_told_to_who_runs_it() -> None:
    code = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [name for name in _variables(code) if name not in told and f"`{_end_of(name)}`" not in told]
    assert missing == []


def _variables(code: str) -> list[str]:
    return sorted(set(re.findall(r"BAKHONG_[A-Z]+(?:_[A-Z]+)*", code)))


def _end_of(name: str) -> str:
    """A row of several names gives the later ones by their ends: `BAKHONG_MAIL_HOST`, `_PORT`."""
    return "_" + name.split("_", 2)[-1]


def test_the_read_me_of_every_room_is_there() -> None:
    bare = [
        path.parent
        for path in (ROOT / "bakhong").glob("*/__init__.py")
        if not (path.parent / "README.md").is_file()
    ]
    assert bare == list[Path]()
