"""Rows of the desk's pages about dossiers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.tests.conftest import bare, event_of
from bakhong.eforms.actions import start_draft
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.people import scope
from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of
from tests.matrix.world import World

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
VIEWS, RECEIVES, APPROVES, ASSISTS = (
    holders_of(f"dossiers.{verb}") for verb in ("view", "receive", "approve", "assist")
)
REVEALS = holders_of("people.reveal")
SIGNS = holders_of("documents.sign")
_NOBODY = UUID(int=0)
MARRIAGE = "1.004873"


def a_dossier(world: World) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        made = bare(world.home["commune"], AT, applicant_name="CANARY NHÀ")
        made.save(force_insert=True)
        event_of(made, "file", "submitted", AT).save(force_insert=True)
    return {"unit": world.home["commune"].uuid, "dossier": made.uuid}


def a_draft(world: World) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        publish_shipped(AT)
        made = start_draft(
            key=UUID(int=77),
            form="marriage_status",
            unit=world.home["commune"],
            operated_by="officer",
            by=OPERATOR,
            at=AT,
        )
    return {"unit": world.home["commune"].uuid, "procedure": MARRIAGE, "draft": made.draft.uuid}


def _with(maker: Callable[[World], dict[str, Any]], **more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {**maker(world), **more}


def a_unit(world: World) -> dict[str, Any]:
    return {"unit": a_dossier(world)["unit"]}


def _row(name: str, may: set[str], **more: Any) -> Row:
    return Row(f"desk:{name}", may=may, **more)


ROWS = [
    _row("intake", RECEIVES),
    _row("intake", RECEIVES, method="post", data={"procedure": MARRIAGE}, ok={422}),
    _row("filling", RECEIVES, kwargs=a_draft),
    _row("lacking", RECEIVES, kwargs=a_draft, ok={302}),
    _row("lacking", RECEIVES, kwargs=a_draft, method="post"),
    _row("filling_correct", RECEIVES, kwargs=_with(a_draft, path="sex"), ok={404}),
    _row("filling_correct", RECEIVES, kwargs=_with(a_draft, path="sex"), method="post", ok={404}),
    _row("filling", RECEIVES, kwargs=a_draft, method="post", data={"deed": "scan"}, ok={422}),
    _row("queue", VIEWS, kwargs=a_unit),
    _row("queue", VIEWS, kwargs=a_unit, method="post"),
    _row("dossier_find", VIEWS, kwargs=a_unit, ok={302}),
    _row("dossier_find", VIEWS, kwargs=a_unit, method="post", data={"scan": "x"}, ok={302}),
    _row("dossier_batch", VIEWS, kwargs=a_unit, ok={302}),
    _row("dossier_batch", VIEWS & APPROVES, kwargs=a_unit, method="post", ok={302}),
    _row("dossiers_sign", VIEWS, kwargs=a_unit, ok={302}),
    _row("dossiers_sign", VIEWS & SIGNS, kwargs=a_unit, method="post", ok={302}),
    _row("dossier_signing", SIGNS, kwargs=_with(a_unit, job=_NOBODY), ok={404}),
    _row("dossier", VIEWS, kwargs=a_dossier),
    _row("dossier_deed", VIEWS, kwargs=_with(a_dossier, event="assign"), ok={302}),
    _row("dossier_deed", VIEWS, kwargs=_with(a_dossier, event="assign"), method="post", ok={422}),
    _row("dossier_file", VIEWS, kwargs=_with(a_dossier, file=_NOBODY), ok={404}),
    _row("dossier_reveal", VIEWS, kwargs=a_dossier, ok={302}),
    _row(
        "dossier_reveal",
        VIEWS & REVEALS,
        kwargs=a_dossier,
        method="post",
        data={"reveal-reason": "x"},
        ok={422},
    ),
    _row("dossier_application", VIEWS, kwargs=a_dossier, ok={404}),
    _row("dossier_application", VIEWS & ASSISTS, kwargs=a_dossier, method="post", ok={404}),
    _row("dossier_application_file", VIEWS, kwargs=a_dossier, ok={404}),
    _row("dossier_form", VIEWS, kwargs=a_dossier, ok={302}),
    _row("dossier_form", VIEWS, kwargs=a_dossier, method="post", ok={302}),
    _row("slip", VIEWS, kwargs=a_dossier, ok={302}),
    _row("dossier_print", VIEWS, kwargs=_with(a_dossier, form="01"), ok={404}),
    _row("dossier_measures", VIEWS, kwargs=a_unit),
    _row("dossier_measures", VIEWS, kwargs=a_unit, method="post", ok={404}),
    _row("dossier_look_up", VIEWS, kwargs=_with(a_dossier, paper="x"), ok={302}),
    _row("dossier_look_up", VIEWS, kwargs=_with(a_dossier, paper="x"), method="post", ok={422}),
    _row("dossier_updates", VIEWS, kwargs=a_unit),
    _row("dossier_updates", VIEWS, kwargs=a_unit, method="post", ok={422}),
    _row("dossier_register", VIEWS, kwargs=a_unit),
    _row("dossier_register", VIEWS, kwargs=a_unit, method="post", ok={422}),
    _row("dossier_supplement", VIEWS, kwargs=a_dossier),
    _row("dossier_supplement", VIEWS, kwargs=a_dossier, method="post", ok={422}),
    _row("dossier_answer", VIEWS, kwargs=a_dossier, ok={302}),
    _row("dossier_answer", VIEWS & ASSISTS, kwargs=a_dossier, method="post", ok={302}),
    _row("dossier_approve", VIEWS, kwargs=a_dossier),
    _row("dossier_approve", VIEWS & APPROVES, kwargs=a_dossier, method="post", ok={409}),
    _row("dossier_sign", VIEWS, kwargs=a_dossier, ok={302}),
    _row("dossier_sign", VIEWS & SIGNS, kwargs=a_dossier, method="post", ok={302}),
    _row("dossier_reopen", VIEWS, kwargs=a_dossier),
    _row("dossier_reopen", VIEWS & APPROVES, kwargs=a_dossier, method="post", ok={422}),
    _row("dossier_return", VIEWS, kwargs=a_dossier),
    _row("dossier_return", VIEWS & RECEIVES, kwargs=a_dossier, method="post", ok={422}),
]
