"""Rows of the desk's pages about trainings, sessions, announcements, tasks, benefits and surveys."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from bakhong.core.actor import OPERATOR
from bakhong.outreach.actions.announcements import announce
from bakhong.outreach.actions.beneficiaries import Paid, record_beneficiaries
from bakhong.outreach.actions.sessions import plan_session
from bakhong.outreach.actions.surveys import draw_sample, make_survey
from bakhong.outreach.actions.tasks import give_task
from bakhong.outreach.actions.trainings import plan_training
from bakhong.outreach.models import Beneficiary
from bakhong.people import scope
from bakhong.people.actions import add_person
from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of
from tests.matrix.world import World

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
VIEWS, PLANS, VISITS = (holders_of(f"outreach.{verb}") for verb in ("view", "plan", "visit"))
_NOBODY = UUID(int=0)
_COMMON = {"client_key": UUID(int=7), "by": OPERATOR, "at": AT}


def _held(world: World) -> dict[str, Any]:
    return {
        "unit": world.home["commune"],
        "place": world.home["village"],
        "venue": "CANARY NHÀ",
        "services": ["eid_level2"],
        "starts_at": datetime(2099, 1, 1, 1, tzinfo=UTC),
        "ends_at": datetime(2099, 1, 1, 3, tzinfo=UTC),
        **_COMMON,
    }


def a_training(world: World) -> dict[str, Any]:
    made = plan_training(title="CANARY NHÀ", trainer="A", **_held(world))
    return {"unit": world.home["village"].uuid, "training": made.uuid}


def a_session(world: World) -> dict[str, Any]:
    made = plan_session(provider_kind="police", provider="CANARY NHÀ", capacity=5, bring="", **_held(world))
    return {"unit": world.home["village"].uuid, "session": made.uuid}


def an_announcement(world: World) -> dict[str, Any]:
    made = announce(
        unit=world.home["village"],
        title="CANARY NHÀ",
        body="Mời bà con.",
        villages=[],
        starts_on=date(2099, 1, 1),
        ends_on=date(2099, 1, 2),
        accepted=[],
        **_COMMON,
    )
    return {"unit": world.home["village"].uuid, "announcement": made.uuid}


def a_task(world: World) -> dict[str, Any]:
    made = give_task(
        unit=world.home["commune"],
        title="CANARY NHÀ",
        place=world.home["village"],
        due_on=date(2099, 1, 1),
        role="mass_organisation",
        **_COMMON,
    )
    return {"unit": world.home["village"].uuid, "task": made.uuid}


def a_benefit(world: World) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        person = add_person(
            village=world.home["village"],
            values={"name": "CANARY NHÀ", "birth": "1950"},
            source="list",
            by=OPERATOR,
            at=AT,
        )
        record_beneficiaries(entries=[Paid(person, "pension", "cash")], by=OPERATOR, at=AT)
        found = Beneficiary.objects.get(person=person)
    return {"unit": world.home["village"].uuid, "beneficiary": found.uuid}


def a_survey(world: World) -> dict[str, Any]:
    a_benefit(world)
    with scope.seeing(OPERATOR):
        made = make_survey(
            unit=world.home["commune"],
            title="CANARY NHÀ",
            question="Có không?",
            choices=["Có", "Không"],
            counted="Có",
            age_min=18,
            by_village=True,
            margin=5,
            **_COMMON,
        )
        draw_sample(survey=made, wave="before", by=OPERATOR, at=AT)
    return {"unit": world.home["commune"].uuid, "survey": made.uuid}


def _with(maker: Callable[[World], dict[str, Any]], **more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {**maker(world), **more}


def a_list(world: World) -> dict[str, Any]:
    return {"unit": a_benefit(world)["unit"]}


def _row(name: str, may: set[str], **more: Any) -> Row:
    return Row(f"desk:{name}", may=may, level=more.pop("level", "village"), **more)


a_round = _with(a_survey, wave="before")
ROWS = [
    _row("trainings", VIEWS),
    _row("training_new", PLANS),
    _row("training_new", PLANS, method="post", ok={422}),
    _row("training", VIEWS, kwargs=a_training),
    _row("training", VISITS, kwargs=a_training, method="post", data={"person": str(_NOBODY)}, ok={404}),
    _row("training_wall", VISITS, kwargs=a_training),
    _row("training_entries", VISITS, kwargs=a_training, method="post", data={"deed": "sure"}, ok={302}),
    _row("training_cancel", PLANS, kwargs=a_training, method="post", ok={302}),
    _row("training_untick", VISITS, kwargs=_with(a_training, attendance=_NOBODY), method="post", ok={404}),
    _row("announcements", VIEWS),
    _row("announcement_new", PLANS),
    _row("announcement_new", PLANS, method="post", ok={422}),
    _row("announcement", VIEWS, kwargs=an_announcement),
    _row("announcement", VIEWS & PLANS, kwargs=an_announcement, method="post", ok={302}),
    _row("announcement_poster", VIEWS, kwargs=an_announcement),
    _row("sessions", VIEWS),
    _row("session_new", PLANS),
    _row("session_new", PLANS, method="post", ok={422}),
    _row("session", VIEWS, kwargs=a_session),
    _row("session", PLANS, kwargs=a_session, method="post", ok={302}),
    _row("session_edit", PLANS, kwargs=a_session),
    _row("session_edit", PLANS, kwargs=a_session, method="post", ok={422}),
    _row("session_invitee", PLANS, kwargs=_with(a_session, invitee=_NOBODY), method="post", ok={404}),
    _row("session_cancel", PLANS, kwargs=a_session, method="post", ok={422}),
    _row("session_invitations", VIEWS, kwargs=a_session),
    _row("campaign_tasks", VIEWS),
    _row("campaign_task_new", PLANS),
    _row("campaign_task_new", PLANS, method="post", ok={422}),
    _row("campaign_task", VIEWS, kwargs=a_task),
    _row(
        "campaign_task",
        PLANS | {"mass_organisation"},
        kwargs=a_task,
        method="post",
        data={"deed": "finish"},
        ok={422},
    ),
    _row("beneficiaries", PLANS, kwargs=a_list),
    _row("beneficiaries_paste", PLANS),
    _row("beneficiaries_paste", PLANS, method="post", ok={422}),
    _row("beneficiary_change", PLANS, kwargs=a_benefit, method="post", data={"deed": "end"}, ok={302}),
    _row("surveys", VIEWS),
    Row("desk:survey_new", may=PLANS),
    Row("desk:survey_new", may=PLANS, method="post", ok={422}),
    Row("desk:survey", may=VIEWS, kwargs=a_survey),
    Row(
        "desk:survey",
        may=PLANS,
        kwargs=a_survey,
        method="post",
        data={"deed": "close", "wave": "before"},
        ok={302},
    ),
    Row("desk:survey_replies", may=VIEWS, kwargs=a_round),
    Row("desk:survey_replies", may=VISITS, kwargs=a_round, method="post", ok={302}),
    Row("desk:survey_print", may=VIEWS, kwargs=a_round),
]
