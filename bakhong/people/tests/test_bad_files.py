"""Bad workbooks: never a traceback, never half a transaction, and the bad cells named. `./dev bench fuzz` runs five hundred."""

from datetime import datetime
from typing import Any

import pytest

from bakhong.audit import actions as audit
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.people.models import Fact, Import, Person
from bakhong.people.reading import ResidentList, read_list
from bakhong.people.rules.reader import Reader
from bakhong.people.tests import sheets
from bakhong.people.tests.spoilt import Spoilt, spoilt
from bakhong.people.tests.test_importing import take_in
from bakhong.places.models import Unit

SAMPLE = [seed for seed in range(26) if seed != 24]  # two rounds of all kinds, the slow one once


def missed(file: Spoilt, residents: ResidentList) -> list[tuple[str, str, str]]:
    """The bad cells nothing was said of; a code without a cell must be said of its sheet."""
    named = {(each.sheet, each.cell, each.code) for each in residents.all_problems}
    named |= {(sheet, "", code) for sheet, _cell, code in named}
    return [each for each in file.bad if each not in named]


def _counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Person, Fact, Import, Event, Unit))


def test_bad_files_are_refused_whole_or_their_bad_cells_are_named(
    thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None
) -> None:
    wanted, silent = 0, []
    for file in map(spoilt, SAMPLE):
        before = _counts()
        try:
            residents = read_list(file.data, filename=file.name, today=day_of(at))
            outcome = take_in(file.data, thuong_xuan, actor, at, name=file.name)
        except Refusal as refusal:
            assert str(refusal)  # noqa: PT017 - most are refused, some are read
            assert _counts() == before
            silent += file.bad
        else:
            assert not file.is_hopeless, file.kind
            assert Person.objects.count() == before[0] + outcome.created
            silent += missed(file, residents)
        wanted += len(file.bad)
    assert wanted > 40
    assert len(silent) <= wanted / 100, silent


def test_a_reader_that_says_nothing_is_noticed(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    file = spoilt(0)
    assert not missed(file, read_list(file.data, filename=file.name, today=day_of(at)))
    monkeypatch.setattr(Reader, "_complain", lambda *_given: None)
    assert missed(file, read_list(file.data, filename=file.name, today=day_of(at)))


def test_a_failure_at_the_end_leaves_nothing(
    thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = sheets.workbook(1, sheets.population(1, 12)).data
    before = _counts()

    def fail(**_given: Any) -> None:
        raise RuntimeError("the last statement of the deed")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        take_in(data, thuong_xuan, actor, at)
    assert _counts() == before
    monkeypatch.undo()
    assert take_in(data, thuong_xuan, actor, at).created == 12
