"""A list kept as .xls goes in; a report's figures in .xls stay refused."""

from datetime import date, datetime
from pathlib import Path

import pytest

from bakhong.core.actor import Actor
from bakhong.documents.reading import Unreadable, extract
from bakhong.people.models import Person
from bakhong.people.queries.identity import national_id_of
from bakhong.people.reading import read_list
from bakhong.people.tests import sheets
from bakhong.people.tests.test_importing import take_in
from bakhong.places.models import Unit

# `sheets.workbook(11, sheets.population(11, 24), "two_rows")`, saved by LibreOffice as "MS Excel 97".
OLD = (Path(__file__).parent / "data" / "danh-sach.xls").read_bytes()


def test_it_takes_in_an_old_workbook(thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None) -> None:
    truth = sheets.population(11, 24)
    outcome = take_in(OLD, thuong_xuan, actor, at, name="ds.xls")
    assert (outcome.created, outcome.rejected) == (24, 0)
    found = {national_id_of(each): (each.name, each.sex, each.birth_year) for each in Person.objects.all()}
    assert found == {each.national_id: (each.name, each.sex, int(each.birth[:4])) for each in truth}


def test_it_tells_to_compare_a_few_rows() -> None:
    residents = read_list(OLD, filename="ds.xls", today=date(2026, 11, 22))
    assert ["kiểu cũ" in each for each in residents.warnings] == [True]


def test_figures_of_an_old_workbook_stay_refused() -> None:
    with pytest.raises(Unreadable, match="kiểu cũ"):
        extract(OLD, filename="bao-cao.xls")


@pytest.mark.parametrize("size", [600, 3000, 9000])
def test_a_cut_or_spoilt_one_is_refused_in_a_sentence(size: int) -> None:
    for data in (OLD[:size], OLD[:size] + b"\xff" * 200 + OLD[size + 200 :]):
        try:
            read_list(data, filename="ds.xls", today=date(2026, 11, 22))
        except Exception as refusal:
            assert isinstance(refusal, Unreadable) or "họ tên" in str(refusal)  # noqa: PT017 - either answer is right
