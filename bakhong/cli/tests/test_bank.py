"""`bakhong bank import`: a statement into the ledger, and plain words where that cannot be."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bakhong.cli import bank
from bakhong.cli.main import main
from bakhong.payments.models import BankAccount, Biller
from bakhong.payments.tests.ledger_world import account_of, biller, everybody
from bakhong.payments.tests.statements import comma

__all__ = ["biller", "everybody"]

pytestmark = pytest.mark.django_db
ROWS = [
    ["Ngày giao dịch", "Ghi nợ", "Ghi có", "Số dư", "Nội dung"],
    ["20/11/2026", "", "5.000", "5.000", "tien nuoc"],
]


@pytest.fixture
def account(biller: Biller, at: datetime, monkeypatch: pytest.MonkeyPatch) -> BankAccount:
    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(bank, "database", here)
    monkeypatch.setattr(bank, "now", lambda: at)
    return account_of(biller, at)


def test_it_takes_a_statement_in_and_says_what_became_of_it(
    account: BankAccount, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "saoke.csv"
    path.write_bytes(comma(ROWS))
    words = ["bank", "import", str(path), "--account", account.number]
    assert main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {name: document[name] for name in ("lines", "new", "matched", "suspense", "duplicates")} == {
        "lines": 1, "new": 1, "matched": 0, "suspense": 1, "duplicates": 0,
    }  # fmt: skip
    assert main(words) == 0
    assert "1 dòng đã có" in capsys.readouterr().out


def test_it_says_plainly_what_is_wrong(
    account: BankAccount, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "saoke.csv"
    path.write_bytes(comma(ROWS))
    assert main(["bank", "import", str(path), "--account", "00000"]) == 1
    assert "Không có tài khoản" in capsys.readouterr().err
    assert main(["bank", "import", str(tmp_path / "none.csv"), "--account", account.number]) == 1
    assert "Không tìm thấy tệp" in capsys.readouterr().err
    path.write_bytes(b"xin chao")
    assert main(["bank", "import", str(path), "--account", account.number]) == 1
    assert "sao kê" in capsys.readouterr().err
