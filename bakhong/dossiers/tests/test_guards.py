"""What the database itself refuses, and that it stops refusing without its guards."""

import re
from datetime import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import Error, IntegrityError, connection, transaction

from bakhong.core.ids import new_uuid
from bakhong.dossiers.models import Attachment, Dossier, Event, OfACommune, Supplement
from bakhong.dossiers.rules.transitions import legal_triples
from bakhong.dossiers.tests.conftest import MakeDossier, bare, event_of
from bakhong.people import scope
from bakhong.places.models import Unit

GUARDS = import_module("bakhong.dossiers.migrations.0002_guards")
BOOKS = import_module("bakhong.dossiers.migrations.0009_book_guards")
LEGAL = import_module("bakhong.dossiers.migrations.0023_form_and_days").LEGAL  # the latest list


def test_the_guard_knows_what_the_data_say() -> None:
    rows = re.findall(r"\('(\w+)', '(\w+)', ARRAY\[([^]]*)\]\)", LEGAL)
    known = {(event, source, to) for event, to, listed in rows for source in re.findall(r"\w+", listed)}
    assert known == legal_triples()


def test_an_event_makes_the_state(handmade: MakeDossier) -> None:
    made = handmade()
    assert (made.state, made.version) == ("submitted", 1)


@pytest.mark.parametrize(
    ("kind", "to"),
    [("approve", "approved"), ("receive", "done"), ("file", "submitted"), ("eat", "submitted")],
)
def test_it_refuses_what_may_not_happen(handmade: MakeDossier, at: datetime, kind: str, to: str) -> None:
    made = handmade()
    with pytest.raises(IntegrityError, match="Illegal transition"), transaction.atomic():
        event_of(made, kind, to, at).save(force_insert=True)
    made.refresh_from_db()
    assert made.state == "submitted"


def test_without_the_guard_it_would_happen(handmade: MakeDossier, at: datetime) -> None:
    """Negative control."""
    made = handmade()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossiers_event DISABLE TRIGGER dossiers_happen")
    event_of(made, "approve", "approved", at).save(force_insert=True)


def test_nobody_writes_the_state(handmade: MakeDossier) -> None:
    made = handmade()
    with pytest.raises(Error, match="follows from its events"), transaction.atomic():
        Dossier.objects.filter(pk=made.pk).update(state="done")
    with pytest.raises(Error, match="procedure of a dossier does not change"), transaction.atomic():
        Dossier.objects.filter(pk=made.pk).update(procedure="9")
    with pytest.raises(Error, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM dossiers_dossier WHERE id = %s", [made.pk])


def test_two_events_never_have_one_number(handmade: MakeDossier, at: datetime) -> None:
    made = handmade()
    with pytest.raises(Error, match="meets version"), transaction.atomic():
        event_of(made, "assign", "submitted", at, number=1).save(force_insert=True)


def test_going_back_leads_where_it_came_from(handmade: MakeDossier, at: datetime) -> None:
    made = handmade()
    event_of(made, "ask_supplement", "supplement", at).save(force_insert=True)
    made.refresh_from_db()
    with pytest.raises(IntegrityError, match="goes back to submitted"), transaction.atomic():
        event_of(made, "answer_supplement", "in_progress", at).save(force_insert=True)
    event_of(made, "answer_supplement", "submitted", at).save(force_insert=True)


def test_only_the_last_change_is_taken_back(handmade: MakeDossier, at: datetime) -> None:
    made = handmade()
    for kind, to in (
        ("ask_supplement", "supplement"),
        ("answer_supplement", "submitted"),
        ("refuse", "refused"),
    ):
        event_of(made, kind, to, at).save(force_insert=True)
        made.refresh_from_db()
    with pytest.raises(IntegrityError, match="goes back to submitted"), transaction.atomic():
        event_of(made, "take_back", "received", at).save(force_insert=True)
    event_of(made, "take_back", "submitted", at).save(force_insert=True)
    made.refresh_from_db()
    assert made.state == "submitted"


def test_what_another_event_made_is_not_taken_back(handmade: MakeDossier, at: datetime) -> None:
    made = handmade()
    event_of(made, "ask_withdrawal", "withdrawing", at).save(force_insert=True)
    made.refresh_from_db()
    with pytest.raises(IntegrityError, match="Illegal transition"), transaction.atomic():
        event_of(made, "take_back", "submitted", at).save(force_insert=True)


def test_no_dossier_is_empty(thuong_xuan: Unit, at: datetime, everybody: None) -> None:
    with pytest.raises(IntegrityError, match="dossier_not_empty"), transaction.atomic():
        bare(thuong_xuan, at, answer_count=0).save(force_insert=True)


def test_no_dossier_is_without_its_first_event(thuong_xuan: Unit, at: datetime, everybody: None) -> None:
    made = bare(thuong_xuan, at)
    made.save(force_insert=True)
    with (
        pytest.raises(IntegrityError, match="without its first event"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    event_of(made, "file", "submitted", at).save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_nothing_is_decided_before_the_duty_is_met(handmade: MakeDossier, at: datetime) -> None:
    made = handmade(fee_amount=2000)
    with pytest.raises(IntegrityError, match="no paid charge"), transaction.atomic():
        Dossier.objects.filter(pk=made.pk).update(duty_met_at=at, duty_charge=made.uuid)
    with connection.cursor() as cursor:  # the second wall, behind the trigger
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossiers_dossier DISABLE TRIGGER dossiers_duty_paid")
    with pytest.raises(IntegrityError, match="dossier_duty_zero_or_charge"), transaction.atomic():
        Dossier.objects.filter(pk=made.pk).update(duty_met_at=at)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dossiers_dossier ENABLE TRIGGER dossiers_duty_paid")
    Dossier.objects.filter(pk=made.pk).update(
        code="H56.1-261122-0001", received_at=at, due_at=at, base_due_at=at
    )
    event_of(made, "receive", "received", at).save(force_insert=True)
    made.refresh_from_db()
    with pytest.raises(IntegrityError, match="dossier_duty_before_result"), transaction.atomic():
        event_of(made, "approve", "approved", at).save(force_insert=True)


def test_events_are_only_added_to(handmade: MakeDossier, at: datetime) -> None:
    made = handmade()
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Event.objects.filter(dossier=made).update(note="x")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Event.objects.filter(dossier=made).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.erasing', 'on', true)")
    assert Event.objects.filter(dossier=made).update(note="") == 1
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Event.objects.filter(dossier=made).update(kind="approve")


def test_a_supplement_is_answered_once(handmade: MakeDossier, at: datetime) -> None:
    made = handmade()
    asked = Supplement.objects.create(
        village_id=made.village_id,
        dossier=made,
        dossier_uuid=made.uuid,
        number=1,
        items=[],
        asked_at=at,
        asked_by="x",
        answer_by=at.date(),
    )
    assert Supplement.objects.filter(pk=asked.pk).update(answered_at=at) == 1
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Supplement.objects.filter(pk=asked.pk).update(answered_at=None)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Supplement.objects.filter(pk=asked.pk).update(items=[1])


def test_every_table_about_residents_has_the_wall(db: None) -> None:
    models = [m for m in apps.get_app_config("dossiers").get_models() if issubclass(m, OfACommune)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        walled = {row[0] for row in cursor.fetchall()}
    # The commune's own code is printed on every slip.
    assert {model._meta.db_table for model in models} - walled == {"dossiers_officecode"}


def test_a_code_opens_its_dossier_and_no_other(handmade: MakeDossier, app_role: str) -> None:
    made, other = handmade(), handmade()
    with scope.holding(keys=[made.uuid]):
        assert list(Dossier.objects.values_list("uuid", flat=True)) == [made.uuid]
        assert set(Event.objects.values_list("dossier_uuid", flat=True)) == {made.uuid}
    with scope.holding(keys=[new_uuid()]):
        assert not Dossier.objects.exists()
    scope.open_to([other.village_id + 1])
    assert not Dossier.objects.exists()


def test_without_the_wall_all_would_be_seen(handmade: MakeDossier) -> None:
    """Negative control."""
    handmade()
    scope.close()
    assert not Dossier.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossiers_dossier DISABLE ROW LEVEL SECURITY")
    assert Dossier.objects.count() == 1


def test_the_holder_of_a_code_may_add_what_happens(
    handmade: MakeDossier, at: datetime, app_role: str
) -> None:
    made = handmade()
    with scope.holding(keys=[made.uuid]):
        event_of(made, "ask_withdrawal", "withdrawing", at).save(force_insert=True)
        made.refresh_from_db()
    assert made.state == "withdrawing"


def test_attachments_name_their_sum(handmade: MakeDossier, at: datetime) -> None:
    made = handmade()
    with pytest.raises(IntegrityError, match="attachment_with_sum"), transaction.atomic():
        Attachment.objects.create(
            village_id=made.village_id,
            dossier=made,
            dossier_uuid=made.uuid,
            paper="p",
            file=new_uuid(),
            how="scanned",
            at=at,
            by="x",
        )


def test_the_guards_can_be_taken_down_and_put_up_again(handmade: MakeDossier) -> None:
    """The migration goes back and forth."""
    made = handmade()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(BOOKS.DROP)
        cursor.execute(GUARDS.DROP)
        assert Dossier.objects.filter(pk=made.pk).update(state="received") == 1
        cursor.execute(GUARDS.CREATE)
        cursor.execute(BOOKS.CREATE)
    with pytest.raises(Error, match="follows from its events"), transaction.atomic():
        Dossier.objects.filter(pk=made.pk).update(state="submitted")
