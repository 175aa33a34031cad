"""A dossier of Thường Xuân made by hand, and people who may work on it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.ids import new_uuid
from bakhong.dossiers.models import Dossier, Event
from bakhong.people.sealed import blind_index, seal
from bakhong.people.tests.conftest import everybody, person, staff, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "staff", "village", "villages"]
MakeDossier = Callable[..., Dossier]


def bare(unit: Unit, at: datetime, **values: Any) -> Dossier:
    """The columns of a dossier that nothing filled in yet."""
    uuid: UUID = values.pop("uuid", new_uuid())
    told: dict[str, Any] = {
        "village": unit,
        "procedure": "1.004873",
        "procedure_version": 1,
        "procedure_name": "Cấp giấy xác nhận tình trạng hôn nhân",
        "applicant_name": "Lê Văn An",
        "applicant_sort_key": "an",
        "channel": "direct",
        "operated_by": "officer",
        "filed_by": "test",
        "submitted_at": at,
        "result_mode": "desk",
        "tracking": seal("A", f"dossiers_dossier.tracking:{uuid}"),
        "tracking_digest": blind_index(str(uuid), "dossiers_dossier.tracking"),
        "answer_count": 3,
        "file_count": 0,
    }
    return Dossier(uuid=uuid, **(told | values))


def event_of(dossier: Dossier, kind: str, to: str, at: datetime, **values: Any) -> Event:
    told = {
        "village_id": dossier.village_id,
        "dossier": dossier,
        "dossier_uuid": dossier.uuid,
        "person_id": dossier.person_id,
        "number": dossier.version + 1,
        "kind": kind,
        "state_from": dossier.state,
        "state_to": to,
        "at": at,
        "by": "test",
    }
    return Event(**(told | values))


@pytest.fixture
def handmade(thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None) -> MakeDossier:
    """`handmade(fee_amount=…)`: a dossier handed in, without any form behind it."""

    def make(**values: Any) -> Dossier:
        dossier = bare(thuong_xuan, at, **values)
        dossier.save(force_insert=True)
        event_of(dossier, "file", "submitted", at).save(force_insert=True)
        dossier.refresh_from_db()
        return dossier

    return make


@pytest.fixture
def officer(staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit) -> StaffActor:
    return staff("one_stop_officer", thuong_xuan)


@pytest.fixture
def specialist(staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit) -> StaffActor:
    return staff("specialist", thuong_xuan)


@pytest.fixture
def chair(staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit) -> StaffActor:
    return staff("chair", thuong_xuan)
