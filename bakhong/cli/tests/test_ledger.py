"""`bakhong ledger check`: what was looked at is said with the answer, and nobody's ledger is not a green one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from bakhong.cli import database
from bakhong.cli.main import main
from bakhong.core.actor import Actor
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.models import Biller
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    bank,
    biller,
    everybody,
    make_charge,
    make_line,
    village,
    villages,
)

__all__ = ["bank", "biller", "everybody", "make_charge", "make_line", "village", "villages"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(database, "database", here)


def test_a_wrong_code_is_not_green(biller: Biller, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "check", "--unit", "99999"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "99999" in told.err
    assert main(["ledger", "check", "--unit", biller.unit.code]) == 0  # negative control


def test_it_says_what_was_looked_at(
    biller: Biller, make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    settle_by_lines(charge=make_charge(), lines=[make_line()], by=actor, at=at)
    assert main(["ledger", "check"]) == 0
    assert "1 đơn vị thu, 1 dòng tiền, 1 khoản đã trả" in capsys.readouterr().out
    make_line(5_000)
    assert main(["ledger", "check", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["billers"], told["lines"], told["charges_paid"], told["unexplained_amount"]) == (
        1,
        2,
        1,
        5_000,
    )
    assert main(["ledger", "check"]) == 1
    assert biller.name in capsys.readouterr().err
