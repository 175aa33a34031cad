"""The code another system knows a dossier by: noted, searched, tracked, joined with what comes from there."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.dossiers.actions.exchange_codes import note_code, note_draft_code
from bakhong.dossiers.actions.exchange_lists import take_list
from bakhong.dossiers.actions.exchange_taking import pull
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.adapters.national.simulator import Portal
from bakhong.dossiers.adapters.port import Exchange
from bakhong.dossiers.models import Dossier, Event, Pulled, Sending
from bakhong.dossiers.provincial import read_provincial
from bakhong.dossiers.queries.dossiers import find
from bakhong.dossiers.queries.filed_elsewhere import elsewhere, noted_draft_code
from bakhong.dossiers.queries.tracking import tracked
from bakhong.dossiers.tests.exchange import NOW, row, xlsx
from bakhong.dossiers.tests.filing import MARRIAGE, filled
from bakhong.dossiers.tests.test_exchange_hearing import portal, side
from bakhong.dossiers.tests.test_exchange_sync import SYSTEM, item
from bakhong.eforms.actions.erasing import forget_expired
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.eforms.models import Draft
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

CODE = "G22.99-261120-0001"
pytestmark = pytest.mark.usefixtures("everybody")
__all__ = ["portal", "side"]


@pytest.fixture
def shipped(everybody: None, at: datetime) -> None:
    publish_shipped(at)


@pytest.fixture
def complete(shipped: None, thuong_xuan: Unit, actor: Actor, at: datetime) -> Draft:
    return filled("marriage_status", MARRIAGE, thuong_xuan, actor, at)


def test_a_noted_code_finds_the_dossier(handmade: Any, actor: Actor, at: datetime) -> None:
    made, other = handmade(), handmade()
    note_code(dossier=made, system="provincial", code=" h56-777 ", by=actor, at=at)
    note_code(dossier=made, system="provincial", code="H56-777", by=actor, at=at)  # again: nothing
    made.refresh_from_db()
    assert made.external_codes == {"provincial": "H56-777"}
    assert Event.objects.filter(dossier=made, kind="note_code").count() == 1
    assert find(actor, "h56-777") == [made]
    with pytest.raises(Conflict):
        note_code(dossier=other, system="provincial", code="H56-777", by=actor, at=at)
    note_code(dossier=other, system="civil_status", code="H56-777", by=actor, at=at)


@pytest.mark.parametrize(("system", "code"), [("provincial", "không"), ("provincial", ""), ("moon", "H56-1")])
def test_what_is_no_code_is_refused(
    handmade: Any, actor: Actor, at: datetime, system: str, code: str
) -> None:
    with pytest.raises(Refusal):
        note_code(dossier=handmade(), system=system, code=code, by=actor, at=at)


def test_its_owner_follows_it_by_the_code_there(
    portal: Portal, side: Exchange, thuong_xuan: Unit, at: datetime
) -> None:
    portal.file(item(1, thuong_xuan))
    pull(exchange=side, at=at)
    assert tracked(CODE, "1234", at=at).state == "submitted"
    with pytest.raises(NotFound):
        tracked(CODE, "9999", at=at)


def test_the_list_of_the_province_says_how_it_stands_there(
    handmade: Any, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    made = handmade()
    note_code(dossier=made, system="provincial", code="000.17.22.H56-261103-0001", by=actor, at=at)
    content = xlsx([row(1, **{"Trạng thái": "Đang xử lý"})])
    take_list(
        unit=thuong_xuan,
        file=read_provincial(content, filename="ds.xlsx", now=NOW, remembered={}),
        file_name="ds.xlsx",
        content=content,
        as_of=date(2026, 11, 22),
        by=actor,
        at=NOW,
    )
    made.refresh_from_db()
    (told,) = elsewhere(made)
    assert (told.code, told.state, told.as_of) == ("000.17.22.H56-261103-0001", 4, date(2026, 11, 22))


def test_what_is_told_goes_under_the_code_there(
    portal: Portal, side: Exchange, handmade: Any, actor: Actor, at: datetime
) -> None:
    made = handmade()
    note_code(dossier=made, system=SYSTEM, code=CODE, by=actor, at=at)
    made.refresh_from_db()
    receive(dossier=made, by=actor, at=at)
    assert Sending.objects.filter(dossier=made).exists()


def test_a_dossier_noted_before_it_came_is_the_one_that_comes(
    portal: Portal, side: Exchange, handmade: Any, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    made = handmade()
    note_code(dossier=made, system=SYSTEM, code=CODE, by=actor, at=at)
    portal.file(item(1, thuong_xuan))
    assert pull(exchange=side, at=at).taken == 1
    assert Dossier.objects.count() == 1
    assert Pulled.objects.get().dossier == made


def test_what_was_filled_in_here_is_joined_when_it_comes(
    portal: Portal, side: Exchange, complete: Draft, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    note_draft_code(draft=complete, code="g22.99-261120-0002", by=actor, at=at)
    note_draft_code(draft=complete, code=CODE.lower(), by=actor, at=at)  # mistyped at first
    assert noted_draft_code(complete) == CODE
    portal.file(item(1, thuong_xuan))
    assert pull(exchange=side, at=at).taken == 1
    made = Dossier.objects.get()
    assert (made.uuid, made.draft) == (complete.uuid, complete)
    complete.refresh_from_db()
    assert complete.state == "submitted"
    with pytest.raises(Conflict):
        note_draft_code(draft=complete, code="G22.99-261120-0003", by=actor, at=at)


def test_a_draft_that_is_thrown_away_leaves_only_the_code(
    portal: Portal, side: Exchange, complete: Draft, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    note_draft_code(draft=complete, code=CODE, by=actor, at=at)
    forget_expired(by=actor, at=at + timedelta(days=400))
    assert Pulled.objects.get().draft is None
    portal.file(item(1, thuong_xuan))
    assert pull(exchange=side, at=at).taken == 1


def test_a_code_of_another_is_not_taken(
    portal: Portal, side: Exchange, complete: Draft, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    portal.file(item(1, thuong_xuan))
    pull(exchange=side, at=at)
    with pytest.raises(Conflict):
        note_draft_code(draft=complete, code=CODE, by=actor, at=at)


@pytest.mark.parametrize("is_known", [True, False])
def test_what_the_applicant_prepared_is_joined_where_the_roll_knows_them(
    portal: Portal,
    side: Exchange,
    shipped: None,
    person: MakePerson,
    thuong_xuan: Unit,
    actor: Actor,
    at: datetime,
    is_known: bool,
) -> None:
    an = person("Lê Văn An", sex="male", birth="1960-03-05", national_id="038060001234")
    draft = filled("marriage_status", MARRIAGE, thuong_xuan, actor, at, person=an if is_known else None)
    Draft.objects.filter(pk=draft.pk).update(procedure="1.004873")
    portal.file(item(1, thuong_xuan))
    pull(exchange=side, at=at)
    assert Dossier.objects.get().draft == (draft if is_known else None)
