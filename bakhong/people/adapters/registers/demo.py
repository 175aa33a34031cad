"""Registers to try with: invented people, read from a file. Nothing here asks anybody outside.

They answer for whoever stands in `DATA/registers.sqlite3` (the demo writes it) and for the few of `data/registers-demo.json`.
"""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from bakhong.people.registers import NOT_FOUND, Check, NotFound, Silent
from bakhong.people.rules.dictionary import dictionary

_SHIPPED = Path(__file__).resolve().parent.parent.parent / "data" / "registers-demo.json"
_FILE = "registers.sqlite3"


class _DemoRegister:
    code = ""
    name = ""
    is_local = True

    def __init__(self) -> None:
        self.keys = frozenset(key for key, entry in dictionary().items() if self.code in entry.held_by)

    def lookup(self, national_id: str, keys: Collection[str]) -> Mapping[str, Any] | NotFound:
        record = _kept(self.code, national_id) or _shipped().get(national_id, {}).get(self.code)
        if record is None:
            return NOT_FOUND
        return {key: value for key, value in record.items() if key in keys}

    def check(self) -> Check:
        return Check(True, f"bản thử nghiệm với người không có thật, {_count(self.code)} bản ghi")


class Population(_DemoRegister):
    code = "population"
    name = "Cơ sở dữ liệu quốc gia về dân cư"


class CivilStatus(_DemoRegister):
    code = "civil_status"
    name = "Cơ sở dữ liệu hộ tịch điện tử"


class SocialInsurance(_DemoRegister):
    code = "social_insurance"
    name = "Cơ sở dữ liệu bảo hiểm xã hội"


class HealthInsurance(_DemoRegister):
    code = "health_insurance"
    name = "Cơ sở dữ liệu bảo hiểm y tế"


class Land(_DemoRegister):
    code = "land"
    name = "Cơ sở dữ liệu đất đai"


def write_records(records: Iterable[tuple[str, str, Mapping[str, Any]]], folder: Path) -> int:
    """Store (register, national id, values) in place of what was there; returns how many."""
    rows = [
        (code, _digest(number), json.dumps(values, ensure_ascii=False)) for code, number, values in records
    ]
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{_FILE}.new"
    made.unlink(missing_ok=True)
    with closing(sqlite3.connect(made)) as file, file:
        file.execute(
            "CREATE TABLE record (register TEXT, person TEXT, record TEXT, PRIMARY KEY (register, person)) WITHOUT ROWID"
        )
        file.executemany("INSERT INTO record VALUES (?, ?, ?)", rows)
    made.replace(folder / _FILE)
    return len(rows)


def _kept(code: str, national_id: str) -> dict[str, Any] | None:
    rows = _asked("SELECT record FROM record WHERE register = ? AND person = ?", code, _digest(national_id))
    return json.loads(rows[0][0]) if rows else None


def _count(code: str) -> int:
    rows = _asked("SELECT count(*) FROM record WHERE register = ?", code)
    return (rows[0][0] if rows else 0) + sum(code in each for each in _shipped().values())


def _asked(question: str, *values: str) -> list[Any]:
    path = Path(settings.DATA) / _FILE
    if not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)) as file:
            return file.execute(question, values).fetchall()
    except sqlite3.Error as error:
        raise Silent(f"{path.name}: {type(error).__name__}") from None


@cache
def _shipped() -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = json.loads(_SHIPPED.read_text(encoding="utf-8"))["people"]
    return found


def _digest(national_id: str) -> str:
    return hashlib.sha256(national_id.encode()).hexdigest()
