"""Who is paid by the State and how: lists taken in once, changes kept, numbers with their people."""

from collections.abc import Callable
from datetime import date, datetime
from importlib import import_module

import pytest
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.outreach.actions.beneficiaries import (
    Paid,
    Recorded,
    change_channel,
    end_benefit,
    record_beneficiaries,
    resume_benefit,
)
from bakhong.outreach.models import Beneficiary, PaymentChannel
from bakhong.outreach.queries.beneficiaries import (
    Paying,
    beneficiaries_at,
    benefit_counts,
    ended_at,
    match_pasted,
    paying_by_village,
    totals,
)
from bakhong.outreach.rules.beneficiaries import pasted_rows
from bakhong.people import scope
from bakhong.people.actions import record_fact
from bakhong.people.models import Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

TODAY = date(2026, 11, 22)
Staff = Callable[[str, Unit], StaffActor]


@pytest.fixture
def pensioners(person: MakePerson) -> list[Person]:
    return [person(name, birth="1950") for name in ("Lê Văn An", "Trần Thị Bé", "Hà Văn Cả")]


def record(
    persons: list[Person], channels: list[str], actor: Actor, at: datetime, kind: str = "pension"
) -> Recorded:
    entries = [Paid(each, kind, channel) for each, channel in zip(persons, channels, strict=True)]
    return record_beneficiaries(entries=entries, by=actor, at=at)


def test_the_same_list_again_changes_nothing(pensioners: list[Person], actor: Actor, at: datetime) -> None:
    assert record(pensioners, ["cash", "account", ""], actor, at) == Recorded(3, 2)
    events = Event.objects.filter(deed="outreach.record_benefit").count()
    assert record(pensioners, ["cash", "account", ""], actor, at) == Recorded(0, 0)
    assert Event.objects.filter(deed="outreach.record_benefit").count() == events == 3


def test_numbers_say_of_how_many_and_who_is_unknown(
    pensioners: list[Person], thuong_xuan: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    record(pensioners, ["cash", "account", ""], actor, at)
    assert benefit_counts(thuong_xuan, TODAY) == {"pension": (1, 3)}
    rows = paying_by_village(actor, thuong_xuan, TODAY)
    assert [(village, kinds["pension"]) for village, kinds in rows] == [(villages[0], Paying(1, 1, 3))]
    assert totals(rows)["pension"].unknown == 1
    cash = beneficiaries_at(actor, thuong_xuan, TODAY, kind="pension", channel="cash")
    assert [each.person for each in cash] == pensioners[:1]
    assert [each.person for each in beneficiaries_at(actor, thuong_xuan, TODAY, channel="")] == pensioners[2:]


def test_a_change_is_a_dated_fact_and_the_past_stands(
    pensioners: list[Person], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    record(pensioners[:1], ["cash"], actor, at)
    found = Beneficiary.objects.get()
    change_channel(beneficiary=found, channel="account", true_from=date(2026, 11, 1), by=actor, at=at)
    change_channel(beneficiary=found, channel="account", true_from=date(2026, 11, 1), by=actor, at=at)
    assert PaymentChannel.objects.count() == 2
    assert benefit_counts(thuong_xuan, date(2026, 10, 31)) == {"pension": (0, 1)}
    assert benefit_counts(thuong_xuan, date(2026, 11, 1)) == {"pension": (1, 1)}


def test_who_gets_it_no_longer_is_not_counted_from_that_day(
    pensioners: list[Person], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    record(pensioners[:1], ["cash"], actor, at)
    found = Beneficiary.objects.get()
    with pytest.raises(Refusal):
        end_benefit(beneficiary=found, until=date(2026, 12, 1), by=actor, at=at)
    end_benefit(beneficiary=found, until=TODAY, by=actor, at=at)
    end_benefit(beneficiary=found, until=TODAY, by=actor, at=at)
    assert benefit_counts(thuong_xuan, TODAY) == {}
    assert benefit_counts(thuong_xuan, date(2026, 11, 21)) == {"pension": (0, 1)}
    assert Event.objects.filter(deed="outreach.end_benefit").count() == 1


def test_an_end_by_mistake_is_taken_back(
    pensioners: list[Person], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    record(pensioners[:1], ["cash"], actor, at)
    found = Beneficiary.objects.get()
    end_benefit(beneficiary=found, until=TODAY, by=actor, at=at)
    assert list(ended_at(actor, thuong_xuan, TODAY)) == [found]
    resume_benefit(beneficiary=found, by=actor, at=at)
    resume_benefit(beneficiary=found, by=actor, at=at)
    assert benefit_counts(thuong_xuan, TODAY) == {"pension": (0, 1)}
    assert Event.objects.filter(deed="outreach.resume_benefit").count() == 1
    end_benefit(beneficiary=found, until=TODAY, by=actor, at=at)
    record(pensioners[:1], ["cash"], actor, at)  # on the list anew
    with pytest.raises(Conflict):
        resume_benefit(beneficiary=found, by=actor, at=at)
    assert not ended_at(actor, thuong_xuan, TODAY).exists()


@pytest.mark.parametrize(("kind", "channel"), [("lottery", "cash"), ("pension", "gold")])
def test_it_refuses_what_cannot_be(
    pensioners: list[Person], actor: Actor, at: datetime, kind: str, channel: str
) -> None:
    with pytest.raises(Refusal):
        record(pensioners[:1], [channel], actor, at, kind)


def test_who_gets_benefits_is_for_planners_only(
    pensioners: list[Person], village: Unit, staff: Staff, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        record(pensioners[:1], ["cash"], staff("village_head", village), at)  # type: ignore[arg-type]


def test_a_pasted_list_finds_people_by_number_and_by_name_and_birth(
    person: MakePerson, thuong_xuan: Unit, actor: Actor
) -> None:
    an = person("Lê Văn An", birth="1950-03-01", national_id="038050001234")
    twins = [person("Hà Văn Đông", birth="1960"), person("Hà Văn Đông", birth="1960-02-02")]
    text = "1\tLÊ VĂN ÂN\t1950\t038050001234\tTM\n2\tlê văn an\t01/03/1950\n3\tHà Văn Đông\t1960\n4\tLê Văn An\t1951\n5\tNgô Lạ\t1950"
    by_id, by_name, two, other_birth, nobody = match_pasted(actor, thuong_xuan, TODAY, pasted_rows(text))
    assert by_id.person == by_name.person == an
    assert by_id.row.channel == "cash"
    assert (two.person, set(two.others)) == (None, set(twins))
    assert (other_birth.person, other_birth.others) == (None, (an,))
    assert (nobody.person, nobody.others) == (None, ())


def test_how_somebody_is_paid_is_only_added(pensioners: list[Person], actor: Actor, at: datetime) -> None:
    record(pensioners[:1], ["cash"], actor, at)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        PaymentChannel.objects.update(channel="account")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        PaymentChannel.objects.all().delete()
    with connection.cursor() as cursor:  # negative control: it is the trigger that refuses
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE outreach_paymentchannel DISABLE TRIGGER outreach_keep")
    assert PaymentChannel.objects.update(channel="account") == 1


def test_benefits_move_with_the_person(
    pensioners: list[Person], villages: list[Unit], actor: Actor, at: datetime
) -> None:
    record(pensioners[:1], ["cash"], actor, at)
    record_fact(person=pensioners[0], values={"place": villages[1].pk}, source="officer", by=actor, at=at)
    assert Beneficiary.objects.get().village == PaymentChannel.objects.get().village == villages[1]


def test_the_second_wall_hides_them(
    pensioners: list[Person], villages: list[Unit], actor: Actor, at: datetime, app_role: str
) -> None:
    record(pensioners, ["cash", "account", ""], actor, at)
    scope.open_to([villages[1].pk])
    assert Beneficiary.objects.count() == PaymentChannel.objects.count() == 0
    scope.open_to([villages[0].pk])
    assert Beneficiary.objects.count() == 3


def test_without_the_policy_everybody_would_be_seen(
    pensioners: list[Person], actor: Actor, at: datetime
) -> None:
    """Negative control: it is the wall that hides them."""
    record(pensioners, ["cash", "account", ""], actor, at)
    scope.close()
    assert Beneficiary.objects.count() == 0
    guards = import_module("bakhong.outreach.migrations.0004_gatherings_guards")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(guards.disable("outreach_beneficiary"))
    assert Beneficiary.objects.count() == 3


def test_the_guards_go_back_and_forth(pensioners: list[Person], actor: Actor, at: datetime) -> None:
    guards = import_module("bakhong.outreach.migrations.0004_gatherings_guards")
    record(pensioners[:1], ["cash"], actor, at)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(guards.DROP)
        assert PaymentChannel.objects.update(channel="account") == 1
        cursor.execute(guards.GUARDS)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        PaymentChannel.objects.update(channel="cash")
