"""`bakhong deadline`: at once, with or without a database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bakhong.cli import deadline
from bakhong.cli.main import main
from bakhong.core.actor import OPERATOR
from bakhong.places.models import Unit

AT = datetime(2026, 3, 1, tzinfo=UTC)
RECEIVED = ("--received", "2026-02-12T10:00")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No database: an empty folder of data, and none named in the environment."""
    monkeypatch.setenv("BAKHONG_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "data"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["deadline", *words, "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_it_answers_without_a_database(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = said(capsys, *RECEIVED, "--days", "3")
    assert (document["due_at"], document["reference"]) == ("2026-02-24T10:00:00+07:00", "shipped")
    assert document["steps"][2] == {
        "from": "2026-02-14T00:00:00+07:00",
        "to": "2026-02-23T00:00:00+07:00",
        "working_minutes": 0,
        "reason": "Nghỉ Tết Nguyên đán",
    }
    assert sum(step["working_minutes"] for step in document["steps"]) == 3 * 480
    assert not shipped.exists()


@pytest.mark.parametrize(
    ("words", "due_at"),
    [
        (["--hours", "8"], "2026-02-13T10:00:00+07:00"),
        (["--calendar-days", "10"], "2026-02-23T10:00:00+07:00"),
        (["--months", "1"], "2026-03-12T10:00:00+07:00"),
        (["--same-day"], "2026-02-12T17:30:00+07:00"),
        (["--days", "3", "--pause", "2026-02-23/2026-02-24"], "2026-02-26T10:00:00+07:00"),
        (["--days", "1", "--pause", "13/02/2026/13/02/2026"], None),
        (
            [
                "--days",
                "1",
                "--pause",
                "2026-02-12T11:00/2026-02-12T14:00",
                "--pause",
                "2026-02-13/2026-02-13",
            ],
            "2026-02-23T11:00:00+07:00",
        ),
        (["--days", "3", "--unit", "15646"], "2026-02-24T10:00:00+07:00"),
    ],
)
def test_every_unit_and_pauses(
    shipped: Path, capsys: pytest.CaptureFixture[str], words: list[str], due_at: str | None
) -> None:
    if due_at is None:
        with pytest.raises(SystemExit) as left:
            main(["deadline", *RECEIVED, *words])
        assert left.value.code == 2
    else:
        assert said(capsys, *RECEIVED, *words)["due_at"] == due_at


def test_moments_of_another_zone_are_turned(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = said(capsys, "--received", "2026-03-02T03:00:00Z", "--days", "1")
    assert document["received_at"] == "2026-03-02T10:00:00+07:00"
    assert document["due_at"] == "2026-03-03T10:00:00+07:00"


def test_plain_lines(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadline", "--received", "2026-11-23T10:00", "--days", "1"]) == 0
    out, err = capsys.readouterr()
    assert "Hạn: 10:00 25/11/2026" in out
    assert "chưa thấy văn bản" in err


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--days", "0"],
        ["--days", "-3"],
        ["--days", "ba"],
        ["--days", "1.5"],
        ["--days", "9" * 40],
        ["--days", "3", "--hours", "4"],
        ["--days", "3", "--pause", "2026-03-05/2026-03-01"],
        ["--days", "3", "--pause", "2026-03-05"],
        ["--days", "3", "--pause", "x/y"],
        ["--days", "3", "--pause", "1900-01-01/1900-01-02"],
        ["--days", "3", "--pause", "2026-03-05T10:00/2026-03-01T10:00"],
    ],
)
def test_wrong_usage_is_told_plainly(
    shipped: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["deadline", *RECEIVED, *words])
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    assert "Lệnh chưa đúng" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "received",
    ["", "hôm qua", "2026-02-30", "2026-13-01T10:00", "9999-12-31T23:59Z", "0001-01-01", "2026-02-12T25:00"],
)
def test_a_moment_it_cannot_read(shipped: Path, capsys: pytest.CaptureFixture[str], received: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["deadline", "--received", received, "--days", "3"])
    assert left.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("code", ["", "99999999", "Thường Xuân", "15646 OR 1=1"])
def test_an_unknown_unit(shipped: Path, capsys: pytest.CaptureFixture[str], code: str) -> None:
    assert main(["deadline", *RECEIVED, "--days", "3", "--unit", code]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Không có đơn vị hành chính" in err


def test_too_many_pauses(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pauses = ["--pause", "2026-03-01/2026-03-01"] * 101
    assert main(["deadline", *RECEIVED, "--days", "3", *pauses]) == 1


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch, reference_units: None) -> None:
    """A database that runs already: the one of the tests."""

    @contextmanager
    def reference() -> Iterator[str]:
        yield "database"

    monkeypatch.setattr(deadline, "reference", reference)


def test_a_running_database_knows_the_units_own_days(
    running: None, thuong_xuan: Unit, capsys: pytest.CaptureFixture[str]
) -> None:
    from bakhong.procedures.actions.calendar import set_day

    set_day(
        unit=thuong_xuan,
        on=date(2026, 2, 24),
        kind="off",
        name="Ngày hội",
        source="Thông báo 1",
        by=OPERATOR,
        at=AT,
    )
    own = said(capsys, *RECEIVED, "--days", "3", "--unit", "15646")
    assert (own["due_at"], own["reference"]) == ("2026-02-25T10:00:00+07:00", "database")
    assert said(capsys, *RECEIVED, "--days", "3")["due_at"] == "2026-02-24T10:00:00+07:00"
    assert main(["deadline", *RECEIVED, "--days", "3", "--unit", "99999999"]) == 1
