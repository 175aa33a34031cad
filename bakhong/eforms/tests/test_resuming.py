"""A draft opens with its code and, once a card number is known, with both; guessing is slow."""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import Error, connection, transaction

from bakhong.accounts.residents import HolderActor
from bakhong.accounts.throttle import SOURCE_TRIES, TooMany
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import NotFound
from bakhong.core.ids import new_uuid
from bakhong.documents.actions.storing import open_file, store_file
from bakhong.documents.models import File
from bakhong.documents.tests.conftest import picture
from bakhong.eforms.actions import Started, bind_card, drop_draft, save_page, submit_draft
from bakhong.eforms.actions.erasing import forget_expired
from bakhong.eforms.models import Answer, Draft
from bakhong.eforms.queries import answers_of, find_by_code
from bakhong.eforms.rules.codes import ALPHABET, new_code
from bakhong.people import scope
from bakhong.people.actions import ErasureGround, erase_person
from bakhong.people.tests.conftest import MakePerson

Start = Callable[..., Started]
NUMBER = "038190000123"


def _fill(started: Started, at: datetime) -> HolderActor:
    by = HolderActor("draft", started.draft.uuid)
    for page, sent in (("nguoi-khai", {"name": "An", "number": NUMBER}), ("noi-dung", {"married": "no"})):
        save_page(draft=started.draft, page=page, posted={k: [v] for k, v in sent.items()}, by=by, at=at)
    return by


def test_a_code_has_sixty_random_bits() -> None:
    assert len(ALPHABET) == 32
    assert len({new_code() for _ in range(1000)}) == 1000
    assert not set("ILOU") & set(ALPHABET)


def test_the_code_alone_opens_what_no_card_is_bound_to(start: Start, at: datetime) -> None:
    started = start()
    scope.close()
    assert find_by_code(started.code.lower().replace("-", " "), "", at).uuid == started.draft.uuid
    assert Draft.objects.count() == 0  # finding it opens no wall


def test_the_card_number_is_the_second_factor(start: Start, at: datetime) -> None:
    started = start()
    _fill(started, at)
    assert find_by_code(started.code, "038 190 000 123", at) == started.draft
    for number in ("", "038190000124", "x"):
        with pytest.raises(NotFound):
            find_by_code(started.code, number, at)
    bind_card(
        draft=started.draft, national_id="038190000999", by=HolderActor("draft", started.draft.uuid), at=at
    )
    assert find_by_code(started.code, "038190000999", at) == started.draft


def test_ten_wrong_tries_an_hour(start: Start, at: datetime) -> None:
    started = start()
    _fill(started, at)
    for _right in range(15):
        find_by_code(started.code, NUMBER, at)  # right ones do not count
    for _wrong in range(10):
        with pytest.raises(NotFound):
            find_by_code(started.code, "038190000124", at)
    with pytest.raises(TooMany):
        find_by_code(started.code, NUMBER, at + timedelta(minutes=59))
    assert find_by_code(started.code, NUMBER, at + timedelta(minutes=61)) == started.draft


def test_one_source_guesses_so_many_codes_an_hour(start: Start, at: datetime) -> None:
    started = start()
    for _wrong in range(SOURCE_TRIES):
        with pytest.raises(NotFound):
            find_by_code(new_code(), "", at, source="192.0.2.7")
    with pytest.raises(TooMany):
        find_by_code(started.code, "", at, source="192.0.2.7")
    assert find_by_code(started.code, "", at, source="192.0.2.8") == started.draft


def test_rubbish_is_no_code(start: Start, at: datetime) -> None:
    start()
    for text in ("", "x" * 100_000, "\x00", "\ud800", "7K3M-9QFW-2XH!"):
        with pytest.raises(NotFound):
            find_by_code(text, text, at)


def test_the_wall_opens_to_the_key_only(start: Start, at: datetime, app_role: str) -> None:
    one, two = start(), start()
    _fill(one, at)
    _fill(two, at)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    scope.close()
    assert Draft.objects.count() == Answer.objects.count() == 0
    with scope.holding(keys=[one.draft.uuid]):
        assert Draft.objects.get() == one.draft
        assert {row.draft_uuid for row in Answer.objects.all()} == {one.draft.uuid}
        save_page(
            draft=one.draft,
            page="nguoi-khai",
            posted={"name": ["Bình"]},
            by=HolderActor("draft", one.draft.uuid),
            at=at,
        )
        assert answers_of(one.draft)["name"] == "Bình"
        assert Answer.objects.filter(draft=two.draft).update(path="x") == 0


def test_what_was_submitted_stays(start: Start, at: datetime) -> None:
    started = start()
    by = _fill(started, at)
    Answer.objects.filter(path="name").update(value="Bình")  # negative control
    submit_draft(draft=started.draft, by=by, at=at)
    for deed in (
        lambda: Answer.objects.filter(path="name").update(value="An"),
        lambda: Answer.objects.filter(path="name").delete(),
        lambda: Draft.objects.update(state="open", submitted_at=None),
        lambda: Draft.objects.update(known_by="officer"),
        lambda: Draft.objects.get().version.__class__.objects.update(spec={}),
    ):
        with pytest.raises(Error, match="not changed"), transaction.atomic():
            deed()
    guards = import_module("bakhong.eforms.migrations.0002_guards")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(guards.DROP)
        assert Answer.objects.filter(path="name").update(value="An") == 1
        cursor.execute(guards.CREATE)


def test_old_drafts_go_and_submitted_ones_stay(start: Start, at: datetime) -> None:
    old, dropped, done, fresh = start(), start(), start(), start()
    for each in (old, dropped):
        _fill(each, at)
    drop_draft(draft=dropped.draft, by=HolderActor("draft", dropped.draft.uuid), at=at)
    with pytest.raises(NotFound):
        find_by_code(dropped.code, NUMBER, at)
    submit_draft(draft=done.draft, by=_fill(done, at), at=at)
    save_page(
        draft=fresh.draft, page="noi-dung", posted={"married": ["no"]}, by=HolderActor("draft", fresh.draft.uuid),
        at=at + timedelta(days=20),
    )  # fmt: skip
    assert forget_expired(by=OPERATOR, at=at + timedelta(days=29)) == 1
    assert forget_expired(by=OPERATOR, at=at + timedelta(days=31)) == 1
    assert set(Draft.objects.all()) == {done.draft, fresh.draft}
    with pytest.raises(NotFound):
        find_by_code(fresh.code, "", at + timedelta(days=60))  # over, though not cleared yet


def test_erasing_a_person_blanks_what_they_said(start: Start, person: MakePerson, at: datetime) -> None:
    made = person("Lê Văn An")
    one, two = start(person=made), start(person=made)
    submit_draft(draft=one.draft, by=_fill(one, at), at=at)
    _fill(two, at)
    erase_person(person=made, ground=ErasureGround.values[0], by=OPERATOR, at=at)
    assert Draft.objects.get() == one.draft
    assert not Answer.objects.exclude(value=None, sealed=None).exists()


def _photo(started: Started, at: datetime) -> File:
    return store_file(
        key=new_uuid(), content=picture(), name="anh.jpg", owner=("draft", started.draft.uuid), purpose="attachment",
        unit=started.draft.village, by=HolderActor("draft", started.draft.uuid), at=at,
    )  # fmt: skip


def test_photos_go_with_a_draft_given_up(start: Start, person: MakePerson, at: datetime) -> None:
    """Dropped, run out, or of somebody who is erased; a draft that goes on keeps its own (negative control)."""
    made = person("Lê Văn An")
    dropped, old, theirs, fresh = start(), start(), start(person=made), start(at=at + timedelta(days=20))
    photos = [_photo(each, at) for each in (dropped, old, theirs, fresh)]
    drop_draft(draft=dropped.draft, by=HolderActor("draft", dropped.draft.uuid), at=at)
    erase_person(person=made, ground=ErasureGround.values[0], by=OPERATOR, at=at)
    forget_expired(by=OPERATOR, at=at + timedelta(days=31))
    erased = [File.objects.get(pk=each.pk).erased_at is not None for each in photos]
    assert erased == [True, True, True, False]
    with pytest.raises(NotFound):
        open_file(File.objects.get(pk=photos[0].pk))
