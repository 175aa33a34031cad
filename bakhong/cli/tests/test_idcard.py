"""`bakhong idcard parse`: in seconds, without a database."""

import io
import json
from pathlib import Path

import pytest

from bakhong.cli.main import main

CARD = "038090012345|172345678|Nguyễn Văn An|15031990|Nam|Thôn 1, Ngọc Phụng, Thường Xuân|01052021"
KEYS = {"national_id", "old_id", "full_name", "born_on", "sex", "address", "issued_on", "tail", "warnings"}


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKHONG_DATA", str(tmp_path / "data"))


def test_it_reads_a_card(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["idcard", "parse", CARD, "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read.keys() >= KEYS
    assert (read["national_id"], read["born_on"], read["issued_on"]) == (
        "038090012345",
        "1990-03-15",
        "2021-05-01",
    )
    assert (read["full_name"], read["reference"]) == ("Nguyễn Văn An", "shipped")
    assert not (tmp_path / "data").exists()


def test_the_tail_of_a_newer_card_is_kept_as_it_came(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(CARD + "|Nguyễn Văn Bố||x\n"))
    assert main(["idcard", "parse", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tail"] == ["Nguyễn Văn Bố", "", "x"]


def test_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["idcard", "parse", CARD]) == 0
    assert "Ngày sinh: 15/03/1990\nGiới tính: Nam\n" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["xin chào", "", "|||||||", "038090012345"])
def test_what_is_no_card_is_told_plainly(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["idcard", "parse", text]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "không phải nội dung mã QR" in err
    assert "Traceback" not in err
