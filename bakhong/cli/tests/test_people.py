"""The commands about residents keep the contract of the command line."""

import argparse
from datetime import date
from pathlib import Path

import pytest

from bakhong.cli import people
from bakhong.core.errors import NotFound, Refusal
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit

LIST = "STT;Họ và tên;Ngày sinh;Số CCCD;Thôn\n1;Lê Văn An;15/3/1990;38090012345;Thôn 1\n2;Trần Thị Bình;31/02/1985;;Thôn 1\n"
KEYS = {
    "import_id",
    "dry_run",
    "rows",
    "created",
    "updated",
    "unchanged",
    "duplicates",
    "rejected",
    "problems",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ds.csv"
    path.write_text(LIST)
    return path


def arguments(file: Path, **more: object) -> argparse.Namespace:
    asked = {"file": str(file), "commune": "15646", "as_of": date(2026, 5, 6), "dry_run": False, "by": None}
    return argparse.Namespace(**{**asked, **more})


def test_import_prints_the_contract(file: Path, thuong_xuan: Unit) -> None:
    document = people.take_in(arguments(file), file.read_bytes())
    assert document.keys() >= KEYS
    assert (document["rows"], document["created"], document["rejected"]) == (2, 1, 1)
    problem = next(each for each in document["problems"] if each["code"] == "birth_date_invalid")
    assert (problem["sheet"], problem["cell"], problem["value"]) == ("ds", "C3", "31/02/1985")
    assert problem["message"]
    assert document["rejected_file"] == str(file.with_name("ds-can-sua.xlsx"))
    assert Path(document["rejected_file"]).stat().st_mode & 0o077 == 0


def test_a_dry_run_writes_no_file_and_no_person(file: Path, thuong_xuan: Unit) -> None:
    document = people.take_in(arguments(file, dry_run=True), file.read_bytes())
    assert (document["dry_run"], document["created"], document["rejected_file"]) == (True, 1, None)
    assert [path.name for path in file.parent.iterdir()] == ["ds.csv"]
    scope.open_to(None)
    assert Person.objects.count() == 0
    scope.close()


def test_the_commune_is_that_of_the_day(file: Path, thuong_xuan: Unit) -> None:
    with pytest.raises(NotFound):
        people.take_in(arguments(file, commune="99999"), file.read_bytes())


def test_a_file_that_is_not_there_is_said_so() -> None:
    with pytest.raises(Refusal, match="Không tìm thấy tệp"):
        people._content("/nowhere/ds.xlsx")
