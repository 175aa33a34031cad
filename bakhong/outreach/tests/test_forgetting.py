"""When a person is erased, the words this room keeps about them go too; that there was a visit stays."""

from datetime import date, datetime

from django.db import connection

from bakhong.core.actor import Actor
from bakhong.outreach.actions.said import Met, Promise
from bakhong.outreach.models import Commitment, Visit, VisitPerson
from bakhong.outreach.tests.conftest import MakeVisit
from bakhong.people.actions import erase_person
from bakhong.people.models import Person

TABLES = ("visit", "visitperson", "visithelp", "commitment", "sheetrow", "sweepitem", "checkin")


def dump() -> str:
    found = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM outreach_{table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_the_words_of_a_visit_go_with_the_person(
    visit: MakeVisit, parents: list[Person], actor: Actor, at: datetime
) -> None:
    promise = Promise(parents[0], services=("eid_level2",), text="CANARY hứa", due_on=date(2026, 12, 1))
    visit(persons=[Met(parents[0])], note="CANARY đi chợ", promises=[promise])
    visit(persons=[Met(parents[1])], note="người khác")
    assert dump().count("CANARY") == 2
    erase_person(person=parents[0], ground="request", by=actor, at=at)
    assert "CANARY" not in dump()
    assert Visit.objects.filter(note="người khác").count() == 1  # of somebody else
    assert (Visit.objects.count(), VisitPerson.objects.count(), Commitment.objects.count()) == (2, 2, 1)
