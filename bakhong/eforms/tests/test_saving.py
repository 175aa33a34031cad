"""A page is saved as it was typed; wrong answers are kept and told of."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from bakhong.accounts.residents import HolderActor
from bakhong.core.errors import NotFound
from bakhong.eforms.actions import Closed, Incomplete, Stale, Started, save_page, submit_draft
from bakhong.eforms.models import Answer, State
from bakhong.eforms.queries import answers_of, open_sheet, page_form, review

Start = Callable[..., Started]


def holder(started: Started) -> HolderActor:
    return HolderActor("draft", started.draft.uuid)


def save(started: Started, page: str, at: datetime, revision: int | None = None, **posted: str | list[str]):  # type: ignore[no-untyped-def]
    lists = {
        name.replace("__", "."): [text] if isinstance(text, str) else text for name, text in posted.items()
    }
    return save_page(
        draft=started.draft, page=page, posted=lists, by=holder(started), at=at, revision=revision
    )


def test_it_stores_typed_answers_and_goes_on(start: Start, at: datetime) -> None:
    started = start()
    saved = save(started, "nguoi-khai", at, name="nguyễn văn  an", birth="3/1941", number="038041000123")
    assert (saved.errors, saved.next_page) == ({}, "noi-dung")
    saved = save(started, "noi-dung", at, married="no", income="1.500.000", needs=["b", "a"])
    assert (saved.errors, saved.next_page) == ({}, None)
    assert answers_of(started.draft) == {
        "name": "nguyễn văn an",
        "birth": "1941-03",
        "number": "038041000123",
        "married": False,
        "income": 1500000,
        "needs": ["a", "b"],
    }


def test_a_number_is_kept_sealed(start: Start, at: datetime) -> None:
    started = start()
    save(started, "nguoi-khai", at, name="An", number="038041000123")
    row = Answer.objects.get(path="number")
    assert row.value is None
    assert row.sealed is not None
    assert b"038041000123" not in bytes(row.sealed)
    assert Answer.objects.get(path="name").value == "An"  # negative control


def test_what_is_wrong_is_kept_as_typed(start: Start, at: datetime) -> None:
    started = start()
    saved = save(started, "nguoi-khai", at, name="An", birth="30/02/1990")
    assert saved.next_page == "nguoi-khai"
    assert "không có trong lịch" in saved.errors["birth"]
    form = page_form(started.draft, "nguoi-khai", errors=saved.errors)
    assert form is not None
    assert form["birth"].value() == "30/02/1990"
    assert form["birth"].errors
    assert "birth" not in answers_of(started.draft)
    assert save(started, "nguoi-khai", at, birth="28/02/1990").errors == {}
    assert answers_of(started.draft)["birth"] == "1990-02-28"


def test_what_cannot_be_stored_is_told(start: Start, at: datetime) -> None:
    started = start()
    save(started, "nguoi-khai", at, name="An")
    for text in ("x" * 1_000_000, "a\x00b", "\ud800"):
        saved = save(started, "nguoi-khai", at, name=text)
        assert saved.errors["name"]
        assert saved.next_page == "nguoi-khai"
        assert answers_of(started.draft)["name"] == "An"
        assert page_form(started.draft, "nguoi-khai", errors=saved.errors, posted={"name": [text]})


@pytest.mark.parametrize("text", ["Infinity", "NaN", "1e999", "[[[[", "9" * 30, "-5", "１２"])
def test_no_odd_amount_passes(start: Start, at: datetime, text: str) -> None:
    started = start()
    assert "income" in save(started, "noi-dung", at, married="no", income=text).errors


def test_a_hidden_question_is_ignored_until_it_is_asked(start: Start, at: datetime) -> None:
    started = start()
    save(started, "nguoi-khai", at, name="An")
    saved = save(started, "noi-dung", at, married="no", spouse="Bé")
    assert saved.next_page is None
    assert "spouse" not in answers_of(started.draft)
    assert not Answer.objects.filter(path="spouse").exists()
    saved = save(started, "noi-dung", at, married="yes", spouse="")
    assert list(saved.errors) == ["spouse"]
    assert save(started, "noi-dung", at, married="yes", spouse="Bé").next_page == "con"
    save(started, "noi-dung", at, married="no")
    assert "spouse" not in answers_of(started.draft)  # kept, and not counted


def test_rows_come_and_go_without_a_script(start: Start, at: datetime) -> None:
    started = start()
    save(started, "noi-dung", at, married="yes", spouse="Bé")
    assert save(started, "con", at, _add="children").next_page == "con"
    save(started, "con", at, children__0__child="An", _add="children")
    save(started, "con", at, children__1__child="Bình", _add="children")
    save(started, "con", at, children__2__child="Cường", children__2__adult="yes", children__2__job="thợ")
    assert save(started, "con", at, _add="children").errors == {}  # four are too many: nothing is added
    assert answers_of(started.draft)["children"] == 3
    save(started, "con", at, _remove="children.1")
    found = answers_of(started.draft)
    assert found["children"] == 2
    assert [found["children.0.child"], found["children.1.child"], found["children.1.job"]] == [
        "An",
        "Cường",
        "thợ",
    ]
    assert "children.2.child" not in found
    for odd in ("children.9", "children.x", "x.0", "children", "children.-1"):
        save(started, "con", at, _remove=odd)
    assert answers_of(started.draft)["children"] == 2


def test_a_page_out_of_order_leads_to_where_one_is(start: Start, at: datetime) -> None:
    started = start()
    saved = save(started, "con", at, _add="children")
    assert saved.next_page == "nguoi-khai"
    assert not Answer.objects.exists()
    assert page_form(started.draft, "con") is None
    with pytest.raises(NotFound):
        save(started, "khong-co", at)


def test_two_devices(start: Start, at: datetime) -> None:
    started = start()
    seen = save(started, "noi-dung", at, married="no").draft.revision
    save(started, "noi-dung", at + timedelta(minutes=1), seen, income="5000")
    with pytest.raises(Stale) as told:
        save(started, "noi-dung", at, seen, income="7000")
    assert told.value.theirs["income"].stands.startswith("5.000")
    assert told.value.theirs["income"].sent == "7000"
    assert "Người giữ mã" in str(told.value)
    assert answers_of(started.draft)["income"] == 5000
    # Another question of the page does not stand in the way.
    save(started, "noi-dung", at, seen, income="5000", needs=["a"])
    assert answers_of(started.draft)["needs"] == ["a"]


def test_a_strangers_code_opens_nothing_else(start: Start, at: datetime) -> None:
    started = start()
    with pytest.raises(NotFound):
        save_page(draft=started.draft, page="noi-dung", posted={}, by=HolderActor("draft", uuid4()), at=at)


def test_it_is_submitted_once_and_stays(start: Start, at: datetime) -> None:
    started = start()
    with pytest.raises(Incomplete) as told:
        submit_draft(draft=started.draft, by=holder(started), at=at)
    assert told.value.pages == {"name": "nguoi-khai", "married": "noi-dung"}
    save(started, "nguoi-khai", at, name="An")
    save(started, "noi-dung", at, married="no")
    assert submit_draft(draft=started.draft, by=holder(started), at=at).state == State.SUBMITTED
    submit_draft(draft=started.draft, by=holder(started), at=at + timedelta(days=1))
    assert started.draft.submitted_at == at
    with pytest.raises(Closed):
        save(started, "nguoi-khai", at, name="Bình")


def test_review_tells_every_answer(start: Start, at: datetime) -> None:
    started = start()
    save(started, "nguoi-khai", at, name="An", sex="female")
    save(started, "noi-dung", at, married="yes", spouse="")
    lines = {line.path: line for section in review(started.draft) for line in section.lines}
    assert (lines["sex"].value, lines["sex"].page, lines["sex"].source) == ("Nữ", "nguoi-khai", "")
    assert lines["spouse"].is_missing
    assert not open_sheet(started.draft).values.get("spouse")
