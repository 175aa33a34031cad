"""`bakhong figures` and `bakhong indicators`, on reports written for the demo."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bakhong.cli import figures, indicators
from bakhong.cli.main import main
from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound
from bakhong.demo.published import DATA, load_published

REPORTS = DATA / "reports"


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Runs a command without a database; gives the status, standard output and standard error."""

    @contextmanager
    def shipped() -> Iterator[str]:
        yield "shipped"

    monkeypatch.setattr(figures, "reference", shipped)

    def command(*words: str) -> tuple[int, str, str]:
        status = main(words)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return command


def test_it_reads_a_report(run: Callable[..., Any]) -> None:
    status, out, _err = run("figures", "read", str(REPORTS / "seed-001.txt"), "--on", "2025-05-06", "--json")
    document = json.loads(out)
    assert (status, document["unit"], document["on"], document["reference"]) == (
        0,
        "15655",
        "2025-05-06",
        "shipped",
    )
    figure = next(figure for figure in document["figures"] if figure["indicator"] == "eid_accounts")
    assert (figure["numerator"], figure["denominator"], figure["percent"]) == (4795, 5205, 92.1)
    assert document["text"][figure["start"] : figure["end"]] == figure["text"]
    assert figure["unit_code"] == "15655"
    (finding,) = document["findings"]
    assert (finding["code"], finding["severity"], finding["expected"], finding["found"]) == (
        "percent_mismatch",
        "error",
        70.04,
        70.2,
    )


def test_it_says_what_to_do_in_plain_words(run: Callable[..., Any]) -> None:
    status, out, _err = run("figures", "read", str(REPORTS / "seed-002.txt"))
    assert status == 0
    assert "LỖI" in out
    assert "1.647 thay vì 1.674" in out
    assert "Việc cần làm" in out
    assert "eid_accounts" not in out


def test_a_correct_report_is_left_in_peace(run: Callable[..., Any]) -> None:
    status, out, _err = run("figures", "read", str(REPORTS / "seed-003.txt"))
    assert (status, "Không thấy chỗ nào không khớp" in out) == (0, True)


def test_the_unit_may_be_given(run: Callable[..., Any]) -> None:
    path = str(REPORTS / "seed-000.txt")
    assert (
        json.loads(run("figures", "read", path, "--unit", "15472", "--on", "2023-10-05", "--json")[1])["unit"]
        == "15472"
    )
    status, out, err = run("figures", "read", path, "--unit", "99999")
    assert (status, out) == (1, "")
    assert "99999" in err


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.txt", b""), ("binary.txt", bytes(range(256)) * 9), ("fake.docx", b"\xd0\xcf\x11\xe0" * 600)],
)
def test_a_bad_file_gets_a_plain_sentence(
    name: str, content: bytes, tmp_path: Path, run: Callable[..., Any]
) -> None:
    (tmp_path / name).write_bytes(content)
    status, out, err = run("figures", "read", str(tmp_path / name), "--json")
    assert (status, out) == (1, "")
    assert err.strip()
    assert "Traceback" not in err


def test_a_file_that_is_not_there(tmp_path: Path, run: Callable[..., Any]) -> None:
    assert run("figures", "read", str(tmp_path / "no.txt"))[0] == 1
    assert run("figures", "read", str(tmp_path))[0] == 1


class TestInAProcessOfItsOwn:
    """Nothing set Django up before, and there is no database."""

    @staticmethod
    def _run(folder: Path, *words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        env = {
            key: value
            for key, value in os.environ.items()
            if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        }
        return subprocess.run(
            [sys.executable, "-m", "bakhong.cli.main", *words],
            input=given,
            capture_output=True,
            check=False,
            env={**env, "BAKHONG_DATA": str(folder)},
        )

    def test_it_reads_from_a_pipe(self, tmp_path: Path) -> None:
        done = self._run(
            tmp_path, "figures", "read", "-", "--json", given=(REPORTS / "tv-quang-luu.txt").read_bytes()
        )
        document = json.loads(done.stdout)
        assert (done.returncode, len(document["figures"]), document["reference"]) == (0, 4, "shipped")

    @pytest.mark.parametrize("name", ["no.txt", "."])
    def test_a_file_that_cannot_be_read(self, name: str, tmp_path: Path) -> None:
        done = self._run(tmp_path, "figures", "read", str(tmp_path / name))
        assert (done.returncode, done.stdout) == (1, b"")
        assert "ngoài dự kiến" not in done.stderr.decode()
        assert done.stderr.strip()

    def test_an_empty_pipe(self, tmp_path: Path) -> None:
        done = self._run(tmp_path, "figures", "read", "-")
        assert done.returncode == 1
        assert "ngoài dự kiến" not in done.stderr.decode()


@pytest.mark.django_db
class TestStored:
    @pytest.fixture(autouse=True)
    def _loaded(self, reference_units: None, actor: Actor, at: datetime) -> None:
        load_published(by=actor, at=at)

    def test_check_lists_what_is_open(self) -> None:
        arguments = figures_arguments("--unit", "15655", "--on", "2025-06-30")
        (finding,) = figures.check(arguments)
        assert (finding["code"], finding["unit"], finding["expected"]) == (
            "percent_mismatch",
            "15655",
            "70.04",
        )
        assert len(figures.check(figures_arguments())) == 7

    def test_check_of_a_unit_of_today_reaches_the_units_it_was_made_of(self) -> None:
        assert [each["unit"] for each in figures.check(figures_arguments("--unit", "15646"))] == ["15655"]
        assert len(figures.check(figures_arguments("--unit", "38"))) == 5
        assert figures.check(figures_arguments("--unit", "15457"))
        assert not figures.check(figures_arguments("--unit", "15469"))  # nobody printed anything about it

    def test_show_lists_the_unit_and_its_children(self) -> None:
        from datetime import date

        document, notes = indicators.describe("15655", date(2025, 5, 6), None)
        row = next(row for row in document["rows"] if row["indicator"] == "eid_accounts")
        assert (row["unit"], row["numerator"], row["denominator"], float(row["percent"])) == (
            "15655",
            4795,
            5205,
            92.1,
        )
        assert "Ngọc Phụng" in row["source"]
        assert not notes
        today = indicators.describe("38", date(2026, 11, 22), None)[0]
        assert {row["unit"] for row in today["rows"]} >= {"15646", "15457"}
        with pytest.raises(NotFound):
            indicators.describe("99999", date(2025, 5, 6), None)


def figures_arguments(*words: str) -> Any:
    from bakhong.cli.main import parser

    return parser().parse_args(["figures", "check", *words])
