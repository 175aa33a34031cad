"""Tasks of mass organisations and leaders: measured where they can be, done by whom they were given to."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.outreach.actions.tasks import give_task, move_task
from bakhong.outreach.models import CampaignTask
from bakhong.outreach.queries.tasks import lines, open_tasks, tasks_at
from bakhong.people.actions import add_organisation
from bakhong.people.actions.adopting import Adopted, record_adoptions
from bakhong.people.models import Organisation
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]
TODAY = date(2026, 11, 22)


@pytest.fixture
def told(thuong_xuan: Unit, village: Unit, actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "unit": thuong_xuan,
        "title": "Mã QR cho hộ kinh doanh",
        "place": village,
        "due_on": date(2026, 12, 1),
        "role": "mass_organisation",
        "body": "Hội Phụ nữ",
        "client_key": uuid4(),
        "by": actor,
        "at": at,
    }


def shop(village: Unit, name: str, actor: Actor, at: datetime) -> Organisation:
    return add_organisation(village=village, kind="household_business", name=name, by=actor, at=at)


def give_codes(shops: list[Organisation], actor: Actor, at: datetime) -> None:
    entries = [Adopted("merchant_qr", "activated", organisation=each) for each in shops]
    record_adoptions(entries=entries, source="visit", by=actor, at=at)


def test_a_task_is_measured_from_the_roll(
    told: dict[str, Any], villages: list[Unit], actor: Actor, at: datetime
) -> None:
    shops = [shop(villages[0], f"Tạp hoá {each}", actor, at) for each in "ABC"]
    give_codes([shops[0], shop(villages[1], "Nơi khác", actor, at)], actor, at)
    task = give_task(**told, service="merchant_qr", wanted=3)
    assert task.had == 1
    (before,) = lines([task], TODAY)
    assert (before.has, before.standing) == (1, "open")
    give_codes(shops, actor, at)
    (after,) = lines([task], TODAY)
    assert (after.has, after.standing) == (3, "reached")


def test_it_is_given_once(told: dict[str, Any]) -> None:
    assert give_task(**told) == give_task(**told)
    assert Event.objects.filter(deed="outreach.give_task").count() == 1


@pytest.mark.parametrize(
    "said",
    [
        {"title": ""},
        {"role": "chair"},
        {"role": ""},
        {"due_on": date(2026, 11, 21)},
        {"service": "merchant_qr"},
        {"wanted": 4},
        {"service": "dances", "wanted": 4},
    ],
)
def test_it_refuses_what_cannot_be(told: dict[str, Any], said: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        give_task(**{**told, **said})
    assert not CampaignTask.objects.exists()


def test_it_is_given_to_people_of_the_place_only(
    told: dict[str, Any], villages: list[Unit], staff: Staff
) -> None:
    here, elsewhere = staff("mass_organisation", villages[0]), staff("mass_organisation", villages[1])
    with pytest.raises(Refusal):
        give_task(**{**told, "role": "", "assigned_to": elsewhere.user})
    assert give_task(**{**told, "role": "", "assigned_to": here.user}).assigned_to == here.user
    with pytest.raises(NotAllowed):
        give_task(**{**told, "by": here, "client_key": uuid4()})


def test_those_it_was_given_to_find_it_and_finish_it(
    told: dict[str, Any], villages: list[Unit], staff: Staff, at: datetime
) -> None:
    women, others = staff("mass_organisation", villages[0]), staff("mass_organisation", villages[1])
    head = staff("village_head", villages[0])
    task = give_task(**told)
    assert open_tasks(women, villages[0], TODAY) == 1
    assert open_tasks(head, villages[0], TODAY) == 0
    assert list(tasks_at(others, villages[1], TODAY)) == []
    for somebody in (others, head):
        with pytest.raises(NotAllowed):
            move_task(task=task, deed="finish", text="Xong", by=somebody, at=at)
    with pytest.raises(Refusal):
        move_task(task=task, deed="finish", text=" ", by=women, at=at)
    done = move_task(task=task, deed="finish", text="Đủ 40 hộ", by=women, at=at)
    assert (done.state, done.result) == ("done", "Đủ 40 hộ")
    move_task(task=task, deed="finish", text="Đủ 40 hộ", by=women, at=at)
    assert Event.objects.filter(deed="outreach.finish_task").count() == 1
    with pytest.raises(NotAllowed):
        move_task(task=task, deed="cancel", text="", by=women, at=at)


def test_a_role_at_the_commune_covers_its_villages(
    told: dict[str, Any], thuong_xuan: Unit, village: Unit, staff: Staff, at: datetime
) -> None:
    front = staff("mass_organisation", thuong_xuan)
    assert open_tasks(front, thuong_xuan, TODAY) == 0
    task = give_task(**told)
    assert open_tasks(front, thuong_xuan, TODAY) == 1
    assert move_task(task=task, deed="finish", text="Xong", by=front, at=at).state == "done"


def test_it_is_cancelled_and_restored_by_planners(told: dict[str, Any], actor: Actor, at: datetime) -> None:
    task = give_task(**told)
    assert move_task(task=task, deed="cancel", text="", by=actor, at=at).state == "cancelled"
    with pytest.raises(Conflict):
        move_task(task=task, deed="finish", text="Xong", by=actor, at=at)
    assert move_task(task=task, deed="restore", text="", by=actor, at=at).state == "open"


def test_late_is_late(told: dict[str, Any]) -> None:
    (line,) = lines([give_task(**told)], date(2026, 12, 2))
    assert line.standing == "late"
