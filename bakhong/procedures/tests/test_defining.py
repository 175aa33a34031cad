"""What a unit says of a procedure itself."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bakhong.accounts.permissions import Anonymous
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.places.models import Unit
from bakhong.places.queries import units_on
from bakhong.procedures.actions.defining import (
    MissingQuestions,
    define_procedure,
    end_procedure,
    own_code,
    undo_definition,
)
from bakhong.procedures.actions.offering import set_offer
from bakhong.procedures.models import LocalProcedure
from bakhong.procedures.queries.catalogue import offer, offered
from bakhong.procedures.queries.local import procedure, version_of, versions_said
from bakhong.procedures.queries.needs import missing_questions
from bakhong.procedures.rules.catalogue import all_versions, read
from bakhong.procedures.rules.limits import Limit
from bakhong.procedures.rules.writing import spec_of

MARRIAGE = "1.004873"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forms(db: None, at: datetime) -> None:
    publish_shipped(at)


@pytest.fixture
def other(reference_units: None, on: date) -> Unit:
    """Another commune of the same province."""
    return units_on(["14758"], on)["14758"]


@pytest.fixture
def on(at: datetime) -> date:
    return at.date()


def _spec(unit: Unit, on: date, **edits: Any) -> dict[str, Any]:
    found = procedure(unit, MARRIAGE, on)
    assert found is not None
    return {**spec_of(found), **edits}


def _say(unit: Unit, actor: Actor, at: datetime, **given: Any) -> LocalProcedure:
    said: dict[str, Any] = {
        "code": MARRIAGE,
        "spec": _spec(unit, at.date(), limit={"amount": 5, "unit": "working_days"}),
        "valid_from": at.date(),
        "source": "Quyết định 12/QĐ-UBND",
    }
    return define_procedure(unit=unit, by=actor, at=at, **{**said, **given})


@pytest.mark.parametrize("each", all_versions(), ids=lambda each: each.code)
def test_what_ships_is_written_and_read_again(each: Any, thuong_xuan: Unit) -> None:
    row = {**spec_of(each), "code": each.code, "version": each.version, "valid_from": each.valid_from}
    assert read({"procedure": [row]})[0] == each
    assert missing_questions(each, thuong_xuan) == ()


def test_a_commune_mends_what_shipped_and_goes_back(
    thuong_xuan: Unit, thanh_hoa: Unit, actor: Actor, at: datetime, on: date
) -> None:
    shipped = procedure(thuong_xuan, MARRIAGE, on)
    assert shipped is not None
    ahead = on + timedelta(days=10)
    row = _say(thuong_xuan, actor, at, valid_from=ahead)
    assert procedure(thuong_xuan, MARRIAGE, on) == shipped  # not before its day
    mended = procedure(thuong_xuan, MARRIAGE, ahead)
    assert mended is not None
    assert (mended.limit, mended.source, mended.version) == (Limit(5), "Quyết định 12/QĐ-UBND", row.version)
    assert mended == replace(
        shipped, limit=Limit(5), source=mended.source, version=row.version, valid_from=ahead
    )
    assert procedure(thanh_hoa, MARRIAGE, ahead) == shipped  # nobody above or beside is moved
    found = offer(thuong_xuan, MARRIAGE, ahead)
    assert found is not None
    assert found.procedure == mended

    end_procedure(
        unit=thuong_xuan,
        code=MARRIAGE,
        valid_from=ahead + timedelta(days=1),
        source="Quyết định 13",
        by=actor,
        at=at,
        seen=row.uuid,
    )
    assert procedure(thuong_xuan, MARRIAGE, ahead) == mended
    assert procedure(thuong_xuan, MARRIAGE, ahead + timedelta(days=1)) == shipped
    assert version_of(MARRIAGE, row.version) == mended
    assert [each.spec is None for each in versions_said(thuong_xuan, MARRIAGE, on)] == [True, False]


def test_the_nearest_unit_counts_and_what_is_taken_back_stays_known(
    thuong_xuan: Unit, thanh_hoa: Unit, actor: Actor, at: datetime, on: date
) -> None:
    own = _say(thuong_xuan, actor, at)
    of_province = _say(
        thanh_hoa, actor, at, spec=_spec(thanh_hoa, on, limit={"amount": 9, "unit": "working_days"})
    )
    limits = [
        found.limit.amount
        for unit in (thuong_xuan, thanh_hoa)
        if (found := procedure(unit, MARRIAGE, on)) is not None
    ]
    assert limits == [5, 9]
    undo_definition(definition=own, by=actor, at=at)
    found = procedure(thuong_xuan, MARRIAGE, on)
    assert found is not None
    assert found.version == of_province.version
    kept = version_of(MARRIAGE, own.version)  # a dossier may have been handed in under it
    assert kept is not None
    assert kept.limit == Limit(5)


def test_a_task_of_its_own(thuong_xuan: Unit, other: Unit, actor: Actor, at: datetime, on: date) -> None:
    code = own_code(thuong_xuan, "Mượn loa đài")
    row = _say(
        thuong_xuan, actor, at, code=code, spec=_spec(thuong_xuan, on, form="", paper=[], fee={}) | PLAIN
    )
    assert code in [each.code for each in offered(thuong_xuan, on)]
    assert procedure(other, code, on) is None
    assert own_code(other, "Mượn loa đài") != code
    set_offer(
        unit=thuong_xuan, code=code, is_offered=False, valid_from=on, source="Thông báo", by=actor, at=at
    )
    assert offer(thuong_xuan, code, on) is None
    end_procedure(unit=thuong_xuan, code=code, valid_from=on, source="QĐ 2", by=actor, at=at, seen=row.uuid)
    assert procedure(thuong_xuan, code, on) is None
    assert version_of(code, row.version) is not None
    with pytest.raises(Refusal):
        _say(other, actor, at, code=code, spec=_spec(other, on))


PLAIN = {
    "result": [{"code": "r", "vi": "Giấy", "en": "Paper", "kind": "paper"}],
    "filed": "desk",
    "channels": ["direct"],
}


def test_the_same_form_is_one_version_and_who_was_slower_is_told(
    thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    key = new_uuid()
    first = _say(thuong_xuan, actor, at, key=key)
    assert _say(thuong_xuan, actor, at, key=key) == first
    with pytest.raises(Conflict):
        _say(thuong_xuan, actor, at, key=key, valid_from=at.date() + timedelta(days=3))
    with pytest.raises(Conflict):
        _say(thuong_xuan, actor, at)  # a page that did not show the first
    assert _say(thuong_xuan, actor, at, seen=first.uuid).pk > first.pk
    told = Event.objects.filter(deed="procedures.define").order_by("pk")
    assert [(each.details["code"], "spec" in each.details) for each in told] == [(MARRIAGE, False)] * 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": {"unit": "weeks", "amount": 1}},
        {"step": []},
        {"channels": ["fax"]},
        {"paper": [{"code": "p", "vi": "P", "en": "", "when": {"eval": 1}}]},
        {"paper": "x"},
        {"help": {"vi": "a" * 70_000}},
    ],
)
def test_it_refuses_nonsense(
    thuong_xuan: Unit, actor: Actor, at: datetime, on: date, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Refusal):
        _say(thuong_xuan, actor, at, spec=_spec(thuong_xuan, on, **wrong))
    assert not LocalProcedure.objects.exists()


def test_it_refuses_what_its_form_does_not_ask(
    thuong_xuan: Unit, actor: Actor, at: datetime, on: date
) -> None:
    with pytest.raises(MissingQuestions) as refused:
        _say(thuong_xuan, actor, at, spec=_spec(thuong_xuan, on, form=""))
    assert "marital_status" in refused.value.codes
    with pytest.raises(MissingQuestions):
        _say(thuong_xuan, actor, at, spec=_spec(thuong_xuan, on, form="no_such_form"))


def test_it_refuses_the_past_strangers_and_a_missing_word(
    thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    for wrong in ({"valid_from": at.date() - timedelta(days=1)}, {"source": " "}, {"code": "9.999999"}):
        with pytest.raises(Refusal):
            _say(thuong_xuan, actor, at, **wrong)
    with pytest.raises(Refusal):
        end_procedure(unit=thuong_xuan, code=MARRIAGE, valid_from=at.date(), source="QĐ", by=actor, at=at)
    with pytest.raises(NotAllowed):
        _say(thuong_xuan, Anonymous(), at)


def test_what_was_said_is_never_changed(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    row = _say(thuong_xuan, actor, at)
    for deed in (
        "UPDATE procedures_localprocedure SET spec = '{}'",
        "UPDATE procedures_localprocedure SET valid_from = '2020-01-01'",
        "DELETE FROM procedures_localprocedure",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)
    with connection.cursor() as cursor:  # without the trigger it would go through
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE procedures_localprocedure DISABLE TRIGGER procedures_keep")
        cursor.execute("UPDATE procedures_localprocedure SET valid_from = '2020-01-01'")
        cursor.execute("ALTER TABLE procedures_localprocedure ENABLE TRIGGER procedures_keep")
    row.refresh_from_db()
    assert row.valid_from == date(2020, 1, 1)
