"""The program as a whole: what it says and how it ends, whatever happens."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bakhong.cli import main as program
from bakhong.core.errors import Refusal

Run = Callable[[argparse.Namespace], int]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], None]:
    """Makes `bakhong try` run the given function."""

    def become(run: Run) -> None:
        parser = argparse.ArgumentParser()
        parser.set_defaults(run=run)
        monkeypatch.setattr(program, "parser", lambda: parser)

    return become


def bakhong(*words: str | bytes, **options: object) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([sys.executable, "-m", "bakhong.cli.main", *words], capture_output=True, **options)  # type: ignore[call-overload,no-any-return]


def test_a_refusal_is_a_plain_sentence(
    command: Callable[[Run], None], capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(arguments: argparse.Namespace) -> int:
        raise Refusal("Thôn này không còn.")

    command(refuse)
    assert program._run([]) == 1
    assert capsys.readouterr() == ("", "Thôn này không còn.\n")


def test_a_surprise_is_a_plain_sentence_and_a_line_in_the_log(
    command: Callable[[Run], None],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(arguments: argparse.Namespace) -> int:
        raise ZeroDivisionError("what a surprise")

    monkeypatch.setattr("bakhong.cli.database.data_folder", lambda: tmp_path)
    command(fail)
    assert program._run([]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert str(tmp_path / "logs" / "bakhong.log") in said.err
    assert "ZeroDivisionError: what a surprise" in (tmp_path / "logs" / "bakhong.log").read_text()


def test_wrong_usage_ends_in_2() -> None:
    for words in ([], ["no-such-command"], ["up", "--port", "abc"], ["doctor", "--no-such-option"]):
        done = bakhong(*words)
        assert done.returncode == 2, words
        assert done.stdout == b""
        assert "Lệnh chưa đúng" in done.stderr.decode()


def test_help_names_every_command() -> None:
    done = bakhong("--help")
    assert done.returncode == 0
    for name in ("up", "doctor"):
        assert name in done.stdout.decode()


def test_bytes_that_are_no_text_do_no_harm() -> None:
    done = bakhong(b"up", b"--host", b"\xff\xfe", b"--port", b"0")
    assert done.returncode in {1, 2}
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_trouble() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-m", "bakhong.cli.main", "--help"]
    done = subprocess.run(command, env=buffered, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_json_is_one_document_and_nothing_else(tmp_path: Path) -> None:
    """On a database that is away, so that every sentence about it has a chance to get in the way."""
    away = {**os.environ, "BAKHONG_DATA": str(tmp_path), "DATABASE_URL": f"postgresql:///x?host={tmp_path}"}
    done = bakhong("doctor", "--json", env=away)
    assert done.returncode == 1
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert {"database", "disk", "queue", "mail", "bank_feed", "e_identity", "signing"} <= set(checks)
    assert checks["catalogue"]["ok"] is True
    assert checks["database"]["ok"] is False
    assert "Không kết nối được cơ sở dữ liệu" in checks["database"]["detail"]
