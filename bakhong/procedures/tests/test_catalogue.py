"""The shipped catalogue holds together: its forms, conditions, facts and papers name things that are there."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import bakhong.eforms
from bakhong.eforms.rules.lint import lint
from bakhong.eforms.rules.logic import check, variables
from bakhong.eforms.rules.spec import FormSpec, read_spec
from bakhong.people.rules.dictionary import REGISTERS, dictionary
from bakhong.procedures.rules.catalogue import (
    CatalogueError,
    Procedure,
    all_versions,
    procedure,
    procedures,
    read,
    version_of,
)
from bakhong.procedures.rules.papers import papers_for, papers_to_bring

ON = date(2026, 11, 22)
FORMS = Path(bakhong.eforms.__file__).parent / "data" / "forms"
END_TO_END = ("2.000815", "1.004873", "1.001776", "local.nha-van-hoa")


def spec_of(each: Procedure) -> FormSpec:
    return read_spec((FORMS / f"{each.form}.json").read_text(encoding="utf-8"))


def rules_of(each: Procedure) -> Iterator[Any]:
    yield from (paper.when for paper in each.papers)
    yield from (exemption.when for exemption in each.fee.exemptions)


def test_four_procedures_are_whole() -> None:
    for code in END_TO_END:
        found = procedure(code, ON)
        assert found is not None
        assert spec_of(found).code == found.form


@pytest.mark.parametrize("each", [each for each in all_versions() if each.form], ids=lambda each: each.code)
def test_conditions_and_facts_name_questions_of_the_form(each: Procedure) -> None:
    spec = spec_of(each)
    codes = {item.code for _page, item in spec.items()}
    for rule in rules_of(each):
        check(rule)
        assert set(variables(rule)) <= codes, rule
    for result in each.results:
        asked = {f"result:{ask.code}" for ask in result.asks} | {f"answer:{code}" for code in codes}
        assert set(result.facts.values()) <= asked
        assert set(result.facts) <= dictionary().keys()


def test_papers_say_which_register_holds_them() -> None:
    held = {paper.held_by for each in all_versions() for paper in each.papers}
    assert held - {""} <= {*REGISTERS, "result"}


def test_what_shows_a_paper_is_held_where_it_is_said_to_be() -> None:
    """Of the procedures that are whole, every paper a register holds can be looked up."""
    found = [each for each in all_versions() if each.code in END_TO_END]
    held = [paper for each in found for paper in each.papers if paper.held_by]
    assert {paper.code for paper in held if not paper.shown_by} == set()
    for paper in held:
        assert all(paper.held_by in dictionary()[key].held_by for key in paper.shown_by), paper.code
        assert not paper.is_shown_by({})


def test_a_value_shows_a_paper_only_where_it_is_the_one() -> None:
    marriage = procedure("1.004873", ON)
    assert marriage is not None
    death = marriage.paper("spouse_death")
    assert death is not None
    assert death.is_shown_by({"marriage.status": "widowed"})
    assert not death.is_shown_by({"marriage.status": "married"})


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.json")), ids=lambda path: path.stem)
def test_a_shipped_form_gives_its_author_no_warning(path: Path) -> None:
    spec = read_spec(path.read_text(encoding="utf-8"))
    assert spec.code == path.stem
    assert list(lint(spec, dictionary())) == []


def test_the_forms_fit_the_screens_a_resident_is_promised() -> None:
    """A repeat in 6 screens, a first time in 9: the procedure, the pages, the review, the receipt."""
    pages = {code: len(spec_of(found).pages) for code in END_TO_END if (found := procedure(code, ON))}
    assert pages["1.004873"] <= 3
    assert max(pages.values()) + 3 <= 9
    marriage = procedure("1.004873", ON)
    assert marriage is not None
    assert len(list(spec_of(marriage).questions())) >= 16


def test_a_register_holds_what_need_not_be_brought() -> None:
    allowance = procedure("1.001776", ON)
    assert allowance is not None
    answers = {"category": "disabled", "is_pregnant": True}
    assert {paper.code for paper in papers_for(allowance, answers)} == {
        "disability_certificate",
        "residence",
        "pregnancy",
    }
    assert papers_to_bring(allowance, answers) == ()


def test_a_version_holds_from_its_day_on() -> None:
    first = min(each.valid_from for each in all_versions())
    assert procedures(first - timedelta(1)) == {}
    assert version_of("1.004873", 1) == procedure("1.004873", first)


def test_a_sample_says_so() -> None:
    """A code of our own is a sample; a procedure that was checked nowhere names no decree as its source."""
    for each in all_versions():
        assert each.is_national or each.is_sample, each.code
        assert each.marks, each.code


def _row() -> dict[str, Any]:
    return {
        "code": "local.x",
        "valid_from": ON,
        "name": {"vi": "X"},
        "sector": {"vi": "X"},
        "legal_basis": [],
        "filed": "national_portal",
        "level": "full",
        "channels": ["online"],
        "limit": {"unit": "hours", "amount": 4},
        "is_sample": True,
        "source": "thử",
        "step": [{"code": "a", "vi": "A", "en": "A", "role": "receive", "share": 100}],
        "result": [{"code": "r", "vi": "R", "en": "R", "kind": "paper"}],
    }


def test_it_reads_a_right_row() -> None:
    assert read({"procedure": [_row()]})[0].limit.amount == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"filed": "somewhere"},
        {"filed": "here", "form": ""},
        {"level": "most"},
        {"applicants": ["anybody"]},
        {"applicants": []},
        {"channels": []},
        {"channels": ["fax"]},
        {"limit": {"unit": "hours"}},
        {"limit": {"unit": "weeks", "amount": 1}},
        {"limit": {"unit": "same_day", "amount": 1}},
        {"source": ""},
        {"fee": {"kind": "per_page", "bands": [{"to": 2, "amount": 5}]}},
        {"fee": {"kind": "lottery"}},
        {"step": []},
        {"step": [{"code": "a", "vi": "A", "en": "A", "role": "receive", "share": 90}]},
        {"step": [{"code": "a", "vi": "A", "en": "A", "role": "agency", "share": 100}]},
        {"step": [{"code": "a", "vi": "A", "en": "A", "role": "receive", "share": 50}] * 2},
        {"paper": [{"code": "p", "vi": "P", "en": "P"}] * 2},
        {"paper": [{"code": "p", "vi": "P", "en": "P", "colour": "red"}]},
        {"result": [{"code": "r", "vi": "R", "en": "R", "kind": "oral"}]},
    ],
)
def test_it_refuses_a_row_that_does_not_hold_together(wrong: dict[str, Any]) -> None:
    with pytest.raises(CatalogueError, match=r"local\.x"):
        read({"procedure": [deepcopy(_row()) | wrong]})


def test_it_refuses_a_version_twice() -> None:
    with pytest.raises(CatalogueError):
        read({"procedure": [_row(), _row()]})


def test_twelve_procedures_say_where_they_are_filed_and_who_takes_part() -> None:
    found = procedures(ON)
    assert len(found) == 12
    assert {each.filed for each in found.values()} == {"here", "desk", "national_portal"}
    assert found["1.001193"].agencies == ("Công an xã", "Bảo hiểm xã hội")
    assert sum(each.is_sample for each in found.values()) == 3


def test_each_says_who_may_ask() -> None:
    assert all(each.who.vi and each.who.en for each in procedures(ON).values())


def test_what_was_not_checked_is_known() -> None:
    marriage, allowance, sample = (
        procedures(ON)[code] for code in ("1.004873", "1.001776", "local.xac-nhan-dat")
    )
    assert [marriage.is_checked(what) for what in ("limit", "papers", "fee.amount")] == [True, True, False]
    assert [allowance.is_checked(what) for what in ("limit", "papers")] == [False, False]
    assert not sample.is_checked("legal_basis")
