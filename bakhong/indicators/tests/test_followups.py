"""A task given to somebody about a number, until it is done, cancelled or opened again."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from bakhong.accounts.models import Assignment, User
from bakhong.audit.models import Event
from bakhong.core.errors import Conflict, NotAllowed
from bakhong.indicators.actions import followups as deeds
from bakhong.indicators.models import FollowUp, FollowUpState
from bakhong.indicators.queries import followups as queries
from bakhong.indicators.tests.conftest import Clerk
from bakhong.places.models import Unit

TODAY = date(2026, 11, 22)


def staff(email: str, role: str, place: Unit) -> User:
    user = User.objects.create(email=email, name=email.partition("@")[0])
    Assignment.objects.create(user=user, role=role, place=place, valid_from=date(2025, 7, 1))
    return user


@dataclass(frozen=True)
class Desk:
    unit: Unit
    worker: User
    by_worker: Clerk
    chair: Clerk
    at: datetime

    def assign(self, **changes: Any) -> FollowUp:
        given: dict[str, Any] = {
            "unit": self.unit,
            "assigned_to": self.worker,
            "title": "Vận động 45 hộ thôn Xuân Thành",
            "due_on": date(2026, 11, 30),
            "client_key": uuid.uuid4(),
            "indicator": "eid_accounts",
            "by": self.chair,
            "at": self.at,
            **changes,
        }
        return deeds.assign(**given)


@pytest.fixture
def desk(thuong_xuan: Unit, at: datetime) -> Desk:
    worker = staff("hoa@example.vn", "specialist", thuong_xuan)
    here = frozenset({thuong_xuan.pk})
    return Desk(
        unit=thuong_xuan,
        worker=worker,
        by_worker=Clerk(
            frozenset({"figures.view", "followups.work"}), here, f"staff:{worker.uuid}", "Bà Hoa"
        ),
        chair=Clerk(frozenset({"figures.view", "followups.assign"}), here, "staff:chair", "Ông An"),
        at=at,
    )


def test_it_gives_a_task_and_leaves_a_trace(desk: Desk) -> None:
    followup = desk.assign(detail="Đi cùng công an xã")
    assert (followup.state, followup.created_by_label) == (FollowUpState.OPEN, "Ông An")
    assert [event.text for event in followup.events.all()] == ["Đi cùng công an xã"]
    event = Event.objects.get(deed="indicators.assign_followup")
    assert (event.place_id, event.details) == (desk.unit.pk, {"to": str(desk.worker.uuid)})


def test_the_same_form_twice_is_one_task(desk: Desk) -> None:
    key = uuid.uuid4()
    assert desk.assign(client_key=key) == desk.assign(client_key=key)
    assert FollowUp.objects.count() == 1


def test_a_key_of_another_unit_is_refused(desk: Desk, thanh_hoa: Unit) -> None:
    key = uuid.uuid4()
    desk.assign(client_key=key)
    chair = replace(desk.chair, places=frozenset({desk.unit.pk, thanh_hoa.pk}))
    with pytest.raises(Conflict):
        desk.assign(client_key=key, unit=thanh_hoa, by=chair)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "  "},
        {"title": "x" * 201},
        {"detail": "x" * 2001},
        {"due_on": date(2026, 11, 21)},
        {"indicator": "no_such_thing"},
    ],
)
def test_it_refuses_a_task_that_makes_no_sense(desk: Desk, changes: dict[str, Any]) -> None:
    with pytest.raises(deeds.InvalidFollowUp):
        desk.assign(**changes)
    assert not FollowUp.objects.exists()


def test_only_who_works_there_can_be_given_it(desk: Desk, thanh_hoa: Unit, new_units: Any) -> None:
    stranger = staff("la@example.vn", "specialist", new_units("00004"))
    with pytest.raises(deeds.InvalidFollowUp, match="không có vai trò"):
        desk.assign(assigned_to=stranger)
    above = staff("tinh@example.vn", "province_admin", thanh_hoa)
    assert desk.assign(assigned_to=above).assigned_to == above
    above.is_active = False
    above.save()
    with pytest.raises(deeds.InvalidFollowUp):
        desk.assign(assigned_to=above)


def test_only_who_may_assign_assigns(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.assign(by=desk.by_worker)


def test_the_worker_starts_and_finishes_with_a_result(desk: Desk) -> None:
    followup = deeds.start(followup=desk.assign(), by=desk.by_worker, at=desk.at)
    with pytest.raises(deeds.InvalidFollowUp):
        deeds.finish(followup=followup, text=" ", by=desk.by_worker, at=desk.at)
    followup = deeds.finish(followup=followup, text="Đã xong 45/45 hộ", by=desk.by_worker, at=desk.at)
    assert followup.state == FollowUpState.DONE
    assert list(followup.events.order_by("pk").values_list("state", "by_label", "text")) == [
        ("open", "Ông An", ""),
        ("started", "Bà Hoa", ""),
        ("done", "Bà Hoa", "Đã xong 45/45 hộ"),
    ]
    assert Event.objects.filter(deed="indicators.finish_followup").count() == 1


def test_the_same_deed_twice_is_one(desk: Desk) -> None:
    followup = desk.assign()
    for _time in range(2):
        deeds.finish(followup=followup, text="Xong", by=desk.by_worker, at=desk.at)
    assert followup.events.count() == 2
    for _time in range(2):
        deeds.note(followup=followup, text="Cảm ơn", by=desk.chair, at=desk.at)
    assert followup.events.count() == 3


def test_done_can_be_opened_again_and_cancelled_by_the_giver_only(desk: Desk) -> None:
    followup = deeds.finish(followup=desk.assign(), text="Xong", by=desk.by_worker, at=desk.at)
    followup = deeds.reopen(followup=followup, by=desk.chair, at=desk.at, text="Còn thiếu 3 hộ")
    assert followup.state == FollowUpState.OPEN
    with pytest.raises(NotAllowed):
        deeds.cancel(followup=followup, by=desk.by_worker, at=desk.at)
    followup = deeds.cancel(followup=followup, by=desk.chair, at=desk.at)
    assert followup.state == FollowUpState.CANCELLED
    with pytest.raises(Conflict):
        deeds.finish(followup=followup, text="Xong", by=desk.by_worker, at=desk.at)


def test_others_of_the_commune_only_look(desk: Desk) -> None:
    followup = desk.assign()
    other = replace(desk.by_worker, id="staff:other")
    for act in (deeds.start, deeds.reopen):
        with pytest.raises(NotAllowed):
            act(followup=followup, by=other, at=desk.at)
    with pytest.raises(NotAllowed):
        deeds.note(followup=followup, text="Tôi cũng muốn nói", by=other, at=desk.at)


def test_the_worst_comes_first_and_is_counted(desk: Desk) -> None:
    late = desk.assign(due_on=date(2026, 11, 22))
    later = desk.assign(due_on=date(2026, 12, 30))
    done = deeds.finish(followup=desk.assign(), text="Xong", by=desk.by_worker, at=desk.at)
    tomorrow = date(2026, 11, 23)
    ids = [desk.unit.pk]
    assert list(queries.followups_at(ids)) == [late, later, done]
    assert list(queries.followups_at(ids, status="overdue", on=tomorrow)) == [late]
    assert list(queries.followups_at(ids, status="overdue", on=TODAY)) == []
    tally = queries.tally(ids, tomorrow)
    assert (tally.overdue, tally.undone, tally.done, tally.cancelled) == (1, 2, 1, 0)
    assert queries.open_count(desk.worker.pk) == 2
    assert list(queries.followups_at(ids, mine=0)) == []
