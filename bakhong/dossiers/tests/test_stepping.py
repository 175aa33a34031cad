"""Two officers at once, the same form twice, and what may not happen."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event as Trail
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed
from bakhong.dossiers.actions.processing import assign, forward
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.signals import dossier_changed
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.places.models import Unit


def test_it_receives(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    made = receive(dossier=handmade(), by=officer, at=at)
    stored = Dossier.objects.get(pk=made.pk)
    assert stored.code == "H56.15646-261122-0001"
    assert (stored.state, stored.version, stored.step) == ("received", 2, "receive")
    # Sunday the 22nd: it begins on Monday morning; the 24th is a day off.
    assert stored.due_at.isoformat() == "2026-11-27T00:30:00+00:00"
    assert stored.due_at == stored.base_due_at
    trail = Trail.objects.get(deed="dossiers.receive")
    assert (trail.object_id, trail.actor_id) == (str(made.uuid), officer.id)


def test_the_second_officer_is_told_who_was_faster(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    made = handmade()
    receive(dossier=made, by=officer, at=at, version=1)
    with pytest.raises(Conflict, match="one_stop_officer đã tiếp nhận hồ sơ lúc 10:00 22/11/2026") as told:
        assign(dossier=made, to=specialist, by=specialist, at=at, version=1)
    assert told.value.status == 409
    assert Event.objects.filter(dossier=made).count() == 2


def test_the_same_key_does_it_once(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    made, key = handmade(), uuid4()
    first = receive(dossier=made, by=officer, at=at, version=1, key=key)
    again = receive(dossier=made, by=officer, at=at + timedelta(hours=1), version=1, key=key)
    assert (again.code, again.version) == (first.code, 2)
    assert Event.objects.filter(dossier=made).count() == 2


def test_the_same_key_with_other_words_is_refused(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    made, other, key = handmade(), handmade(), uuid4()
    assign(dossier=made, to=specialist, by=officer, at=at, key=key)
    with pytest.raises(Conflict, match="nội dung khác"):
        assign(dossier=made, to=officer, by=officer, at=at, key=key)
    with pytest.raises(Conflict, match="nội dung khác"):
        assign(dossier=other, to=specialist, by=officer, at=at, key=key)


def test_it_refuses_what_the_state_does_not_allow(
    handmade: MakeDossier, officer: StaffActor, at: datetime
) -> None:
    with pytest.raises(Conflict, match=r"Đã nộp, chờ tiếp nhận.*không thể chuyển bước"):
        forward(dossier=handmade(), by=officer, at=at)


def test_it_refuses_who_may_not(
    handmade: MakeDossier, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        receive(dossier=handmade(), by=staff("accountant", thuong_xuan), at=at)


def test_it_tells_of_it(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    heard: list[tuple[int, int]] = []

    def hear(sender: object, dossier_id: int, event_id: int, **more: object) -> None:
        heard.append((dossier_id, event_id))

    dossier_changed.connect(hear)
    try:
        made = receive(dossier=handmade(), by=officer, at=at)
    finally:
        dossier_changed.disconnect(hear)
    assert heard == [(made.pk, Event.objects.get(dossier=made, kind="receive").pk)]


def test_a_warning_of_the_program_is_in_nobodys_way(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, at: datetime, actor: Actor
) -> None:
    from bakhong.dossiers.actions.deadlines import warn_and_escalate

    made = receive(dossier=handmade(), by=officer, at=at)
    assert warn_and_escalate(at=made.due_at + timedelta(minutes=1)) == (0, 1)
    assert forward(dossier=made, by=officer, at=made.due_at + timedelta(minutes=2), version=2).version == 4
