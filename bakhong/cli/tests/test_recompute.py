"""`bakhong indicators recompute` and what the roll counts in `indicators show`."""

import json
from contextlib import nullcontext
from datetime import date, datetime

import pytest
from django.db import connection

from bakhong.cli import indicators
from bakhong.cli.main import main
from bakhong.core.actor import Actor
from bakhong.people.tests.conftest import MakePerson, everybody, person, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "village", "villages"]


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database."""
    monkeypatch.setattr(indicators, "database", nullcontext)


def test_it_verifies_and_finds_what_was_tampered_with(
    person: MakePerson, capsys: pytest.CaptureFixture[str]
) -> None:
    person("Lê Thị Hoá", birth="1980")
    assert main(["indicators", "recompute", "--verify", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["cells"] > 0
    assert document["differences"] == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE indicators_countspan SET havings = 1")
    assert main(["indicators", "recompute", "--verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["differences"]
    assert main(["indicators", "recompute"]) == 0
    assert main(["indicators", "recompute", "--verify"]) == 0


def test_show_tells_what_is_counted(
    person: MakePerson, village: Unit, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    person("Lê Thị Hoá", birth="1980", presence="away")
    document, _notes = indicators.describe("15646", date(2026, 11, 22), None)
    rows = [
        row for row in document["rows"] if row["indicator"] == "eid_level2" and row["population"] == "adults"
    ]
    assert [
        (row["unit"], row["numerator"], row["denominator"], row["absent"], row["source"]) for row in rows
    ] == [
        ("15646", 0, 1, 1, "computed"),
        (village.code, 0, 1, 1, "computed"),
    ]
