"""Following a dossier from its slip, finding it in the list, and never guessing one."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.throttle import TooMany
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import NotFound
from bakhong.core.ids import new_uuid
from bakhong.dossiers.actions.deadlines import apologise
from bakhong.dossiers.actions.processing import assign
from bakhong.dossiers.actions.receiving import receive, set_office_code
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.dossiers import dossier_for, find, timeline
from bakhong.dossiers.queries.queue import Wish, queue, waiting_counts
from bakhong.dossiers.queries.tracking import tracked
from bakhong.dossiers.rules.codes import new_tracking_code
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.dossiers.tracking import tracking_code_of, tracking_columns
from bakhong.people import scope
from bakhong.places.models import Unit


@pytest.fixture
def received(handmade: MakeDossier, officer: StaffActor, at: datetime) -> Dossier:
    uuid, code = new_uuid(), new_tracking_code()
    made = handmade(
        uuid=uuid, applicant_id_tail="1234", applicant_phone_tail="5678", **tracking_columns(code, uuid)
    )
    return receive(dossier=made, by=officer, at=at)


def test_the_slips_code_tells_how_far_it_is(received: Dossier, officer: StaffActor, at: datetime) -> None:
    code = tracking_code_of(received)
    scope.close()  # whoever asks sees nothing else
    told = tracked(code.lower().replace("-", " "), at=at)
    assert (told.state_words, told.holder, told.due_at) == ("Đã tiếp nhận", "Xã Thường Xuân", received.due_at)
    assert told.next_step == "Đang ở bước: Tiếp nhận và kiểm tra."
    assert not told.is_late
    assert tracked(code, at=at + timedelta(days=20)).is_late


def test_while_waiting_it_says_what_to_do(received: Dossier, officer: StaffActor, at: datetime) -> None:
    ask_supplement(dossier=received, items=[Wanted("paper", "divorce", "blurred")], by=officer, at=at)
    told = tracked(tracking_code_of(received), at=at + timedelta(days=20))
    assert (told.holder, told.is_waiting, told.is_late) == ("Ông/bà", True, False)
    assert "22/12/2026" in told.next_step


def test_the_dossiers_code_needs_the_last_digits(received: Dossier, at: datetime) -> None:
    assert received.code is not None
    assert tracked(f" {received.code.lower()} ", "1234", at=at).dossier == received
    assert tracked(received.code, "5678", at=at).dossier == received
    for digits in ("", "0000", "123", "٤٥٦٧"):
        with pytest.raises(NotFound):
            tracked(received.code, digits, at=at)
    with pytest.raises(NotFound):
        tracked("H56.15646-261122-0009", "1234", at=at)


def test_guessing_ends_after_ten_tries(received: Dossier, at: datetime) -> None:
    assert received.code is not None
    for number in range(10):
        with pytest.raises(NotFound):
            tracked(received.code, f"{number:04d}", at=at)
    with pytest.raises(TooMany):
        tracked(received.code, "1234", at=at)
    assert tracked(received.code, "1234", at=at + timedelta(hours=2)).dossier == received


def test_tracking_codes_have_sixty_random_bits() -> None:
    from math import log2

    from bakhong.dossiers.rules.codes import LENGTH, LETTERS

    assert LENGTH * log2(len(LETTERS)) > 60
    assert len({new_tracking_code() for _ in range(1000)}) == 1000


def test_the_list_goes_on_where_it_ended(
    handmade: MakeDossier, officer: StaffActor, thuong_xuan: Unit, at: datetime
) -> None:
    made = [receive(dossier=handmade(), by=officer, at=at + timedelta(minutes=turn)) for turn in range(5)]
    new = [handmade() for _ in range(3)]
    seen, cursor = [], ""
    for _page in range(10):
        page = queue(officer, thuong_xuan, at=at, cursor=cursor, size=3)
        seen += page.rows
        cursor = page.more
        if not cursor:
            break
    assert seen == made + new  # those that are due first, then those not yet received
    assert waiting_counts(officer, thuong_xuan, at=at) == {"received": 5, "submitted": 3, "ours": 8}
    newest = queue(officer, thuong_xuan, at=at, wish=Wish(show="all"), size=2)
    again = queue(officer, thuong_xuan, at=at, wish=Wish(show="all"), size=20, cursor=newest.more)
    assert newest.rows + again.rows == sorted(made + new, key=lambda each: -each.pk)


@pytest.mark.parametrize("size", [1, 2, 3, 20])
def test_those_without_a_moment_come_last_however_small_the_pages(
    handmade: MakeDossier, officer: StaffActor, thuong_xuan: Unit, at: datetime, size: int
) -> None:
    made = [handmade() for _ in range(5)]
    for each, moment in zip(made, (None, at, at, None, at - timedelta(days=1)), strict=True):
        Dossier.objects.filter(pk=each.pk).update(act_by=moment)
    seen, cursor = [], ""
    for _page in range(6):
        page = queue(officer, thuong_xuan, at=at, cursor=cursor, size=size)
        seen += page.rows
        cursor = page.more
        if not cursor:
            break
    assert [made.index(each) for each in seen] == [4, 1, 2, 0, 3]


def test_the_list_is_never_counted(
    handmade: MakeDossier, officer: StaffActor, thuong_xuan: Unit, at: datetime
) -> None:
    handmade()
    with CaptureQueriesContext(
        connection,
    ) as told:
        queue(officer, thuong_xuan, at=at)
    assert not [query["sql"] for query in told if "count(" in query["sql"].lower()]


def test_the_list_can_be_narrowed(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, thuong_xuan: Unit, at: datetime
) -> None:
    mine, other = (receive(dossier=handmade(), by=officer, at=at) for _ in range(2))
    assign(dossier=mine, to=specialist, by=officer, at=at)
    later = at + timedelta(days=30)
    for wish, expected in (
        (Wish(mine=specialist.id), [mine]),
        (Wish(show="late"), [mine, other]),
        (Wish(show="submitted"), []),
        (Wish(procedure="2.000815"), []),
    ):
        assert queue(officer, thuong_xuan, at=later, wish=wish).rows == expected
    assert queue(officer, thuong_xuan, at=at, wish=Wish(show="late")).rows == []


@pytest.mark.parametrize("cursor", ["x", "WyJ4IiwxXQ", "W10", "!!!", "WyIiLCJhIl0", "0" * 500])
def test_a_cursor_that_is_none_begins_anew(
    handmade: MakeDossier, officer: StaffActor, thuong_xuan: Unit, at: datetime, cursor: str
) -> None:
    made = handmade()
    assert queue(officer, thuong_xuan, at=at, cursor=cursor).rows == [made]


def test_another_communes_officer_sees_nothing(
    received: Dossier, staff: Callable[[str, Unit], StaffActor], at: datetime, officer: StaffActor
) -> None:
    stranger = staff("one_stop_officer", Unit.objects.get(code="02350", valid_from=date(2025, 7, 1)))
    assert dossier_for(stranger, received.uuid) is None
    assert dossier_for(officer, received.uuid) == received
    assert received.code is not None
    assert find(stranger, received.code) == []
    assert find(officer, f" {received.code.lower()}") == [received]


def test_residents_do_not_read_what_goes_on_inside(
    received: Dossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    assign(dossier=received, to=specialist, by=officer, at=at)
    assert [line.event.kind for line in timeline(received)] == ["file", "receive", "assign"]
    shown = timeline(received, for_resident=True)
    assert [line.event.kind for line in shown] == ["file", "receive"]
    assert {line.who for line in shown} == {""}


def test_the_commune_says_how_its_codes_begin(
    handmade: MakeDossier, officer: StaffActor, thuong_xuan: Unit, at: datetime
) -> None:
    set_office_code(unit=thuong_xuan, code="000.17.22.h56", valid_from=at.date(), by=OPERATOR, at=at)
    assert receive(dossier=handmade(), by=officer, at=at).code == "000.17.22.H56-261122-0001"


def test_an_apology_shows_on_the_page(received: Dossier, officer: StaffActor, at: datetime) -> None:
    assert received.due_at is not None
    apologise(
        dossier=received, new_due_at=received.due_at + timedelta(days=4), reason="overload", by=officer, at=at
    )
    assert tracked(tracking_code_of(received), at=at).was_apologised
