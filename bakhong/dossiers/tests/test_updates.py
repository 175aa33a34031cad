"""Looked up, not found: whoever keeps the register is asked to mend it, and somebody answers."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.errors import Conflict, NotAllowed, NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.dossiers.actions.looking_up import ask_for_paper, note_look_up
from bakhong.dossiers.actions.processing import assign
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.actions.taking_back import take_back
from bakhong.dossiers.actions.updates import answer_update, send_updates, withdraw_update
from bakhong.dossiers.models import Dossier, PaperCheck, UpdateRequest
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.messaging.models import Message
from bakhong.people import registers as ports
from bakhong.people import scope
from bakhong.people.models import Look, Person
from bakhong.people.tests.conftest import MakePerson

WHY = "Tra hộ tịch điện tử, không có dữ liệu."
LOST = Wanted("paper", "spouse_death", "not_found_in_register", WHY)


class CivilStatus:
    """A register of the test, which notes how deep in transactions it was asked."""

    code = "civil_status"
    name = "Hộ tịch điện tử"
    keys = frozenset({"person.national_id", "marriage.status"})
    is_local = True
    said: Any = ports.NOT_FOUND
    depths: list[int] = []

    def lookup(self, national_id: str, keys: Collection[str]) -> Any:
        CivilStatus.depths.append(len(connection.savepoint_ids))
        if isinstance(CivilStatus.said, Exception):
            raise CivilStatus.said
        return CivilStatus.said

    def check(self) -> ports.Check:
        return ports.Check(True, "")


@pytest.fixture
def register(settings: LazySettings) -> Iterator[type[CivilStatus]]:
    settings.REGISTERS = {"civil_status": f"{__name__}.CivilStatus"}
    ports._made.cache_clear()
    CivilStatus.said, CivilStatus.depths = ports.NOT_FOUND, []
    yield CivilStatus
    ports._made.cache_clear()


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", sex="male", birth="1960-03-05", national_id="038060001234")


@pytest.fixture
def received(handmade: MakeDossier, officer: StaffActor, an: Person, at: datetime) -> Dossier:
    """Its paper is one a register should know, and nobody has looked."""
    made = receive(dossier=handmade(person=an), by=officer, at=at)
    PaperCheck.objects.create(
        village_id=made.village_id,
        dossier=made,
        dossier_uuid=made.uuid,
        person=an,
        paper="spouse_death",
        name="Trích lục khai tử",
        state="held",
        register="civil_status",
        at=at,
        by="test",
    )
    return made


def the_check(dossier: Dossier) -> PaperCheck:
    return PaperCheck.objects.get(dossier=dossier, paper="spouse_death")


def test_from_not_found_to_answered(
    received: Dossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    assign(dossier=received, to=specialist, by=officer, at=at)
    note_look_up(dossier=received, paper="spouse_death", is_found=False, reason=WHY, by=specialist, at=at)
    check = the_check(received)
    assert (check.state, check.reason, check.looked_up) == ("not_found", WHY, "not_found")
    asked = UpdateRequest.objects.get(dossier=received)
    assert (asked.register, asked.reason, asked.by, asked.sent_at) == (
        "civil_status",
        WHY,
        specialist.id,
        None,
    )
    # The supplement that asks for the paper needs no second request.
    ask_supplement(dossier=received, items=[LOST], by=specialist, at=at)
    assert UpdateRequest.objects.count() == 1
    with pytest.raises(Conflict, match="yêu cầu bổ sung giấy này"):
        withdraw_update(request=asked, by=officer, at=at)
    with pytest.raises(Conflict, match="chưa gửi"):
        answer_update(request=asked, answer="updated", by=officer, at=at)
    with pytest.raises(Refusal, match="số công văn"):
        send_updates(requests=[asked], sent_as=" ", by=officer, at=at)
    send_updates(requests=[asked], sent_as="12/UBND", by=officer, at=at)
    (again,) = send_updates(requests=[asked], sent_as="12/UBND", by=officer, at=at + timedelta(days=1))
    assert again.sent_at == at
    for refused in (
        lambda: send_updates(requests=[asked], sent_as="13/UBND", by=officer, at=at),
        lambda: withdraw_update(request=asked, by=officer, at=at),
    ):
        with pytest.raises(Conflict):
            refused()
    with pytest.raises(Refusal, match="trả lời thế nào"):
        answer_update(request=asked, answer="other", by=officer, at=at)
    done = answer_update(request=asked, answer="updated", by=officer, at=at + timedelta(days=2))
    assert answer_update(request=asked, answer="updated", by=officer, at=at + timedelta(days=3)) == done
    with pytest.raises(Conflict):
        answer_update(request=asked, answer="absent", by=officer, at=at)
    told = Message.objects.filter(template="update_answered")
    assert [each.staff for each in told] == [specialist.id]


def test_one_who_may_not_work_there_sends_nothing(
    received: Dossier, officer: StaffActor, staff: Any, thuong_xuan: Any, at: datetime
) -> None:
    leader = staff("supervising_leader", thuong_xuan)
    note_look_up(dossier=received, paper="spouse_death", is_found=False, reason=WHY, by=officer, at=at)
    asked = UpdateRequest.objects.get()
    for refused in (
        lambda: note_look_up(dossier=received, paper="spouse_death", is_found=True, by=leader, at=at),
        lambda: ask_for_paper(dossier=received, paper="spouse_death", by=leader, at=at),
        lambda: send_updates(requests=[asked], sent_as="x", by=leader, at=at),
        lambda: withdraw_update(request=asked, by=leader, at=at),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(NotFound):
        note_look_up(dossier=received, paper="divorce", is_found=True, by=officer, at=at)
    with pytest.raises(Refusal, match="vì sao không thấy"):
        note_look_up(dossier=received, paper="spouse_death", is_found=False, by=officer, at=at)


def test_found_after_all_takes_back_what_was_not_sent(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    note_look_up(dossier=received, paper="spouse_death", is_found=False, reason=WHY, by=officer, at=at)
    note_look_up(dossier=received, paper="spouse_death", is_found=True, by=officer, at=at)
    check = the_check(received)
    assert (check.state, check.reason, check.looked_up) == ("held", "", "found")
    assert UpdateRequest.objects.get().withdrawn_at == at
    note_look_up(dossier=received, paper="spouse_death", is_found=False, reason=WHY, by=officer, at=at)
    second = UpdateRequest.objects.get(withdrawn_at=None)
    withdraw_update(request=second, by=officer, at=at)
    check = the_check(received)
    assert (check.state, check.reason, check.looked_up) == ("held", "", "")


def test_a_supplement_taken_back_takes_its_request_along(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    ask_supplement(dossier=received, items=[LOST], by=officer, at=at)
    assert UpdateRequest.objects.get().withdrawn_at is None
    take_back(dossier=received, by=officer, at=at)
    check = the_check(received)
    assert (check.state, check.looked_up, check.looked_up_at) == ("held", "", None)
    assert UpdateRequest.objects.get().withdrawn_by == officer.id


def test_a_register_is_asked_outside_of_transactions_and_the_person_reads_it(
    received: Dossier, officer: StaffActor, an: Person, register: type[CivilStatus], at: datetime
) -> None:
    outside = len(connection.savepoint_ids)
    for said, told in (
        ({"marriage.status": "widowed"}, "found"),
        ({"marriage.status": "married"}, "not_found"),
        (ports.NOT_FOUND, "not_found"),
        (ports.Silent("off"), "silent"),
    ):
        register.said = said
        ask_for_paper(dossier=received, paper="spouse_death", by=officer, at=at)
        check = the_check(received)
        # What follows from it the officer says, with a reason.
        assert (check.state, check.looked_up, check.looked_up_by) == ("held", told, "Hộ tịch điện tử")
    assert register.depths == [outside] * 4
    assert Look.objects.filter(person=an, what="register", about=received.uuid).count() == 4
    assert not UpdateRequest.objects.exists()


def test_where_no_register_is_connected_the_officer_looks(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    with pytest.raises(Refusal, match="cán bộ tự tra"):
        ask_for_paper(dossier=received, paper="spouse_death", by=officer, at=at)
    assert the_check(received).looked_up == ""


# --- what the database itself refuses ----------------------------------------------------------------------------------


def test_the_facts_of_a_request_are_written_once(
    received: Dossier, officer: StaffActor, at: datetime
) -> None:
    note_look_up(dossier=received, paper="spouse_death", is_found=False, reason=WHY, by=officer, at=at)
    rows = UpdateRequest.objects.filter(dossier=received)
    for change in ({"reason": "x"}, {"at": at + timedelta(1)}, {"answered_at": at, "answer": "updated"}):
        with pytest.raises(Error, match=r"append-only"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        rows.delete()
    rows.update(sent_at=at, sent_by="x", sent_as="1")
    for change in ({"sent_as": "2"}, {"withdrawn_at": at}, {"sent_at": None, "sent_as": ""}):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            rows.update(**change)
    rows.update(answered_at=at, answered_by="x", answer="absent")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        rows.update(answer="updated")
    with connection.cursor() as cursor:  # negative control
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossiers_updaterequest DISABLE TRIGGER dossiers_keep_update")
    assert rows.update(answer="updated") == 1


def test_a_request_lies_behind_its_dossiers_wall(
    received: Dossier, officer: StaffActor, at: datetime, app_role: str
) -> None:
    note_look_up(dossier=received, paper="spouse_death", is_found=False, reason=WHY, by=officer, at=at)
    with scope.holding(keys=[received.uuid]):
        assert UpdateRequest.objects.count() == 1
    with scope.holding(keys=[new_uuid()]):
        assert not UpdateRequest.objects.exists()
    scope.open_to([received.village_id + 1])
    assert not UpdateRequest.objects.exists()


def test_without_the_wall_it_would_be_seen(received: Dossier, officer: StaffActor, at: datetime) -> None:
    """Negative control."""
    note_look_up(dossier=received, paper="spouse_death", is_found=False, reason=WHY, by=officer, at=at)
    scope.close()
    assert not UpdateRequest.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossiers_updaterequest DISABLE ROW LEVEL SECURITY")
    assert UpdateRequest.objects.count() == 1
