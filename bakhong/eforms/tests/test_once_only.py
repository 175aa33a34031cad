"""What was known and asked again is counted, and its number opens the questions."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import OPERATOR
from bakhong.eforms.actions import Started, save_page, submit_draft
from bakhong.eforms.actions.judging import judge_draft
from bakhong.eforms.queries.once_only import by_form, offending_questions, once_only_of
from bakhong.people.models import Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

Start = Callable[..., Started]
DAY = date(2026, 11, 22)
PERIOD = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def hoa(person: MakePerson) -> Person:
    return person(
        "Lê Thị Hoá", sex="female", birth="1990-02-01", national_id="038190000123", phone="0912345678"
    )


def _filled(started: Started, by, at: datetime, **more: str) -> None:  # type: ignore[no-untyped-def]
    sent = {"name": "Lê Thị Hoá", "birth": "1/2/1990", "sex": "female", "number": "038190000123", **more}
    for page, texts in (("nguoi-khai", sent), ("noi-dung", {"married": "no", "income": "5000"})):
        save_page(draft=started.draft, page=page, posted={k: [v] for k, v in texts.items()}, by=by, at=at)
    submit_draft(draft=started.draft, by=by, at=at)


def test_what_was_filled_in_was_not_asked_again(
    start: Start, hoa: Person, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit, at: datetime
) -> None:
    officer = staff("one_stop_officer", thuong_xuan)
    started = start(by=officer, person=hoa, known_by="officer")
    _filled(started, officer, at, phone="0912345678")
    found = judge_draft(draft=started.draft, person=hoa, on=DAY, by=OPERATOR, at=at)
    assert (found.asked, found.known, found.re_asked, found.typed, found.corrected) == (7, 5, 1, 3, 0)
    assert (found.numerator, found.denominator, found.offending) == (4, 5, ("phone",))
    (form,) = by_form([thuong_xuan.pk], PERIOD)
    assert (form.form, form.drafts, form.count.known, form.count.re_asked) == ("thu", 1, 5, 1)
    assert by_form([thuong_xuan.pk], (date(2026, 10, 1), date(2026, 10, 31))) == []
    (question,) = offending_questions([thuong_xuan.pk], PERIOD)
    assert (question.place, question.label, question.re_asked, question.known) == (
        "phone",
        "Điện thoại",
        1,
        1,
    )
    assert question.drafts == (started.draft.uuid,)


def test_typed_by_somebody_nobody_knew_it_is_judged_when_they_are_known(
    start: Start, hoa: Person, at: datetime
) -> None:
    started = start()
    _filled(started, HolderActor("draft", started.draft.uuid), at)
    assert judge_draft(draft=started.draft, person=None, on=DAY, by=OPERATOR, at=at).known == 0
    found = judge_draft(draft=started.draft, person=hoa, on=DAY, by=OPERATOR, at=at)
    assert (found.known, found.re_asked) == (4, 4)
    assert once_only_of(started.draft) == found


def test_a_correction_is_not_asking_again(
    start: Start, hoa: Person, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit, at: datetime
) -> None:
    officer = staff("one_stop_officer", thuong_xuan)
    started = start(by=officer, person=hoa, known_by="officer")
    _filled(started, officer, at, birth="2/2/1990")
    found = judge_draft(draft=started.draft, person=hoa, on=DAY, by=OPERATOR, at=at)
    assert (found.known, found.re_asked, found.corrected) == (4, 0, 1)
