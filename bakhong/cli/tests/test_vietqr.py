"""`bakhong vietqr`: at once, without a database."""

import io
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bakhong.cli.main import main
from bakhong.payments.tests.vietqr_vectors import VECTORS, Vector

KEYS = {"bank_bin", "account", "service", "amount", "purpose", "dynamic"}


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKHONG_DATA", str(tmp_path / "data"))


def words_of(vector: Vector) -> list[str]:
    bank, account, amount, note, _ = vector
    words = ["vietqr", "encode", "--bank", bank, "--account", account]
    words += [] if amount is None else ["--amount", str(amount)]
    return words + (["--purpose", note] if note else [])


@pytest.mark.parametrize("vector", VECTORS)
def test_it_writes_and_reads(vector: Vector, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([*words_of(vector), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["payload"] == vector[4]
    assert main(["vietqr", "decode", vector[4], "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read.keys() >= KEYS
    assert (read["bank_bin"], read["account"], read["service"]) == (vector[0], vector[1], "QRIBFTTA")
    assert (read["amount"], read["purpose"], read["dynamic"]) == (vector[2], vector[3], vector[2] is not None)
    assert not (tmp_path / "data").exists()


def test_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words_of(VECTORS[1])) == 0
    assert capsys.readouterr().out == VECTORS[1][4] + "\n"
    assert main(["vietqr", "decode", VECTORS[1][4]]) == 0
    assert "Số tiền: 10.000\xa0đ\nNội dung: Chuyen tien\n" in capsys.readouterr().out


def test_marks_are_taken_off_and_nothing_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["vietqr", "encode", "--bank", "970405", "--account", "1500201012345", "--purpose"]
    assert main([*words, "Tiền nước tháng 11"]) == 0
    assert "0818Tien nuoc thang 11" in capsys.readouterr().out
    assert main([*words, "Tiền nước tháng 11 năm 2026"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "nhiều nhất 25" in err


@pytest.mark.parametrize(
    "payload", ["", "xin chào", VECTORS[0][4][:-1] + "0", VECTORS[1][4].replace("10000", "90000")]
)
def test_what_does_not_hold_exits_1_with_its_json(payload: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vietqr", "decode", payload, "--json"]) == 1
    out, err = capsys.readouterr()
    read = json.loads(out)
    assert read.keys() >= KEYS
    assert {read[key] for key in KEYS} == {None}
    assert read["problem"]["message"] in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--bank", "97040", "--account", "12345"], 1),
        (["--bank", "970405", "--account", "1234"], 1),
        (["--bank", "970405", "--account", "12345", "--amount", "0"], 1),
        (["--bank", "970405", "--account", "12345", "--amount", "-5"], 1),
        (["--bank", "970405", "--account", "12345", "--amount", "1.5"], 2),
        (["--bank", "970405"], 2),
    ],
)
def test_wrong_input_and_wrong_usage(
    words: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        told = main(["vietqr", "encode", *words])
    except SystemExit as end:
        told = int(end.code or 0)
    assert told == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err
    assert "Traceback" not in err


def test_it_reads_from_a_pipe(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(VECTORS[0][4] + "\r\n"))
    assert main(["vietqr", "decode", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["account"] == "257678859"


def test_it_answers_within_two_seconds() -> None:
    """Seconds of the processor, which do not depend on what else the machine does: it waits for nothing."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "bakhong.cli.main", *words_of(VECTORS[0])], check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1
