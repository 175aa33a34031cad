"""A storm closes the office: what was promised moves with it, in one press, and never nearer."""

from datetime import datetime

from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.desk.tests.casework import Enter, stored, text
from bakhong.dossiers.models import Dossier, Event
from bakhong.messaging.models import Message
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.procedures.actions.calendar import set_day


def test_a_new_day_off_moves_what_was_promised_once(
    enter: Enter, received: Dossier, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    keeper: Client = enter("dx_secretary", thuong_xuan)
    here = reverse("desk:new_days", args=[thuong_xuan.uuid])
    assert here in text(keeper.get(reverse("desk:calendar", args=[thuong_xuan.uuid])))
    assert "Chưa có ngày nghỉ nào" in text(keeper.get(here))
    promised = received.due_at
    assert promised is not None

    def say(kind: str) -> None:
        with scope.seeing(OPERATOR):
            on = day_of(promised)
            set_day(
                unit=thuong_xuan, on=on, kind=kind, name="Bão số 12", source="Thông báo mẫu", by=actor, at=at
            )

    say("off")
    shown = text(keeper.get(here))
    assert str(received.code) in shown
    assert f"{day_of(promised):%d/%m/%Y}" in shown
    assert (stored(Dossier)[0].due_at, stored(Dossier)[0].version) == (
        promised,
        received.version,
    )  # looking moves nothing
    done = text(keeper.post(here, follow=True))
    assert "Đã lùi ngày hẹn của 1 hồ sơ" in done
    moved = stored(Dossier)[0].due_at
    assert moved > promised
    (event,) = [each for each in stored(Event) if each.kind == "apply_days"]
    assert event.data["before"] == promised.isoformat()
    assert [each.template for each in stored(Message)].count("new_days") == 1
    assert "của 0 hồ sơ" in text(keeper.post(here, follow=True))  # pressed again: nothing more
    say("ordinary")  # the day off is taken back: a promise comes no nearer
    assert "Chưa có ngày nghỉ nào" in text(keeper.get(here))
    keeper.post(here)
    assert stored(Dossier)[0].due_at == moved
