"""Taking in what was filed in another system: each code once, whatever the network does; what cannot be taken in waits by itself.

What is written there again later is heard (exchange_hearing.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor, Operator
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.documents.reading import Unreadable
from bakhong.dossiers.actions.ending import ask_withdrawal
from bakhong.dossiers.actions.exchange_hearing import hear_from_portal
from bakhong.dossiers.actions.exchange_papers import CannotTake, new_papers, opened, sealed
from bakhong.dossiers.actions.exchange_words import note_answer, note_silence
from bakhong.dossiers.actions.fees import due_now
from bakhong.dossiers.actions.papers import attach, note_checks
from bakhong.dossiers.actions.processing import forward
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.stepping import Taken, digest_of, happen
from bakhong.dossiers.adapters.port import Exchange, NoAnswer
from bakhong.dossiers.applicants import Applicant
from bakhong.dossiers.models import Channel, Dossier, Kind, OperatedBy, Point, Pulled, ResultMode, State
from bakhong.dossiers.permissions import EXCHANGE, require, require_for
from bakhong.dossiers.queries.filed_elsewhere import noted_dossier, prepared_draft
from bakhong.dossiers.rules.codes import new_tracking_code
from bakhong.dossiers.rules.national import Filed, Malformed, change_of, filed_of
from bakhong.dossiers.rules.papers import Brought, judge
from bakhong.dossiers.rules.transitions import transitions
from bakhong.dossiers.tracking import tracking_columns
from bakhong.eforms.actions.submitting import submit_draft
from bakhong.eforms.models import Draft
from bakhong.eforms.rules.logic import evaluate
from bakhong.people.queries.residents import person_of
from bakhong.places.models import Level, Unit
from bakhong.procedures.queries.local import procedure as procedure_at
from bakhong.procedures.rules.catalogue import Procedure

__all__ = ["Came", "CannotTake", "pull", "take_in", "take_in_again", "take_over"]
_WITHDRAWN = 7
_RECEIVED = frozenset({2, 4, 5, 6})
_ENDED = frozenset({3, 8, 9, 10})
_MOST_STRAYS = 1000
_MOST_BATCHES = 50


@dataclass(frozen=True)
class Came:
    taken: int = 0
    heard: int = 0
    known: int = 0
    waiting: int = 0
    strays: int = 0


def pull(*, exchange: Exchange, at: datetime) -> Came:
    """Read on from where we are until nothing is new. Where we are moves on only after everything before it is stored.

    The connection must see every commune; call it outside any transaction.
    """
    came = Came()
    for _number in range(_MOST_BATCHES):
        point, _is_new = Point.objects.get_or_create(system=exchange.code)
        try:
            batch = exchange.pull_filed(point.cursor)
        except NoAnswer as silence:
            note_silence(exchange.code, silence, at)
            break
        came = _add(came, [take_in(item=item, exchange=exchange, at=at) for item in batch.items])
        note_answer(exchange.code, at)
        if batch.cursor == point.cursor:
            break
        Point.objects.filter(pk=point.pk).update(cursor=batch.cursor)
    return came


def take_in(*, item: Mapping[str, Any], exchange: Exchange, at: datetime) -> str:
    """One dossier as it came: "taken", "heard" (it is ours, and something new was done there), "known", "waiting" (with its problem), or
    "strays" where nobody here is meant."""
    by = Operator(id=f"exchange:{exchange.code}", label=exchange.name)
    code, unit = str(item.get("MaHoSo") or "")[:80], _unit(item)
    if unit is None or not code:
        _stray(exchange.code, code)
        return "strays"
    with transaction.atomic():
        row = _held(exchange.code, code, unit, at)
        if change_of(item) <= row.heard:
            return "known"
        if row.dossier is not None:
            return hear_from_portal(pulled=row, item=item, by=by, at=at)
        return _take(row, item, by, at)


def take_in_again(*, pulled: Pulled, by: Actor, at: datetime) -> Dossier:
    """Try once more to take in what waits.

    Raises: NotFound; NotAllowed; Conflict when it is in already; CannotTake.
    """
    require(EXCHANGE, pulled.village_id, by=by)
    with transaction.atomic():
        held: Pulled | None = Pulled.objects.select_for_update().filter(pk=pulled.pk).first()
        if held is None:
            raise NotFound(_("Không có hồ sơ này."))
        if held.body is None or held.dossier_id is not None:
            raise Conflict(_("Hồ sơ này đã được nhận rồi."))
        _take(held, opened(held), by, at)
        audit.record(
            by=by,
            at=at,
            deed="dossiers.take_in_again",
            object_kind="pulled",
            object_id=held.uuid,
            place_id=held.village_id,
        )
    if held.dossier is None:
        raise CannotTake(held.problem)
    return held.dossier


def take_over(
    *, filed: Filed, system: str, unit: Unit, by: Actor, at: datetime, draft: Draft | None = None
) -> Dossier:
    """A dossier filed elsewhere as one of ours, as far as it is there: waiting to be received, received, in progress, or being withdrawn.
    `draft`: what its applicant had filled in here before; closed with it. Runs inside the transaction that knows it is new.

    Raises: CannotTake; NotAllowed.
    """
    found = procedure_at(unit, filed.procedure, day_of(at))
    if found is None:
        raise CannotTake("unknown_procedure")
    if filed.state in _ENDED:
        raise CannotTake("ended_there")
    dossier = _dossier(filed, system, unit, found, by, at, _closed(draft, by, at))
    rule = transitions()[Kind.TAKE_OVER]
    require_for(rule, dossier, by=by)
    dossier.save(force_insert=True)
    papers = new_papers(filed, dossier, by, at)
    files = attach(dossier, papers, by, at)
    brought: dict[str, list[Brought]] = {}
    for each in papers:
        brought.setdefault(each.paper, []).append(Brought(each.how, True))
    note_checks(dossier, found, judge(found.papers, brought, {}, evaluate), by, at)
    happen(
        Taken(dossier, rule, digest_of(Kind.TAKE_OVER, {"system": system, "code": filed.code}), None),
        by=by,
        at=at,
        to=State.SUBMITTED,
        data={"system": system, "files": len(files), "state_there": filed.state},
        came_in_person=filed.channel == Channel.DIRECT,
    )
    return _as_far_as_there(dossier, filed, by, at)


def _as_far_as_there(dossier: Dossier, filed: Filed, by: Actor, at: datetime) -> Dossier:
    """What was done there already is done here too: somebody received it, works on it, or its applicant wants it back."""
    if filed.state == _WITHDRAWN:
        return ask_withdrawal(dossier=dossier, by=by, at=at)
    if filed.state in _RECEIVED:
        received = max(min(filed.received_at or filed.submitted_at, at), dossier.submitted_at)
        dossier = receive(dossier=dossier, by=by, at=received)
        if filed.state != 2:
            dossier = forward(dossier=dossier, by=by, at=received)
    return dossier


def _closed(draft: Draft | None, by: Actor, at: datetime) -> Draft | None:
    """The draft, handed in with what it says; None where it is not complete, or became a dossier by another way."""
    if draft is None or Dossier.objects.filter(draft=draft).exists():
        return None
    try:
        with transaction.atomic():
            return submit_draft(draft=draft, by=by, at=at, answers=())
    except Refusal:
        return None


def _take(row: Pulled, item: Mapping[str, Any], by: Actor, at: datetime) -> str:
    row.heard = change_of(item)
    try:
        with transaction.atomic():
            filed = filed_of(item)
            draft = row.draft or prepared_draft(filed, row.village)
            row.dossier = noted_dossier(row.system, row.code, row.village) or take_over(
                filed=filed, system=row.system, unit=row.village, by=by, at=at, draft=draft
            )
    except (Malformed, CannotTake, Unreadable, Refusal) as refusal:
        row.dossier = None
        row.problem = _problem(refusal)
        row.body = sealed(row, item)
    else:
        row.problem, row.body, row.settled_at = "", None, at
    row.save(update_fields=["dossier", "problem", "body", "settled_at", "heard"])
    return "waiting" if row.dossier is None else "taken"


def _problem(refusal: Exception) -> str:
    if isinstance(refusal, Malformed):
        return refusal.code
    if isinstance(refusal, CannotTake):
        return refusal.problem
    return "bad_file" if isinstance(refusal, Unreadable) else "refused"


def _held(system: str, code: str, unit: Unit, at: datetime) -> Pulled:
    """The row of a code, made where it is new; two workers at once: one waits for the other, and finds what it did."""
    noted = Pulled.objects.filter(system=system, code=code.upper(), heard=0).first()  # as they typed it
    if noted is not None:
        code = noted.code
    made = Pulled(system=system, code=code, village=unit, pulled_at=at)
    Pulled.objects.bulk_create([made], ignore_conflicts=True)
    rows = Pulled.objects.select_for_update(of=("self",)).select_related(
        "village", "draft", "dossier__village"
    )
    found: Pulled = rows.filter(uuid=made.uuid).first() or rows.get(system=system, code=code)
    return found


def _unit(item: Mapping[str, Any]) -> Unit | None:
    code = item.get("DonViXuLy")
    if not isinstance(code, str):
        return None
    found: Unit | None = Unit.objects.filter(code=code[:20], level=Level.COMMUNE, valid_to=None).first()
    return found


def _stray(system: str, code: str) -> None:
    with transaction.atomic():
        point = Point.objects.select_for_update().get_or_create(system=system)[0]
        point.strays = sorted({*point.strays, code or "?"})[:_MOST_STRAYS]
        point.save(update_fields=["strays"])


def _dossier(
    filed: Filed,
    system: str,
    unit: Unit,
    procedure: Procedure,
    by: Actor,
    at: datetime,
    draft: Draft | None,
) -> Dossier:
    uuid = draft.uuid if draft is not None else new_uuid()
    fee = due_now(procedure, unit, {}, (), filed.channel, at)
    applicant = Applicant(filed.applicant, filed.national_id, filed.phone, filed.address, filed.email)
    told = (filed.applicant, filed.national_id, filed.phone, filed.email, filed.address, filed.summary)
    return Dossier(
        uuid=uuid,
        draft=draft,
        village=unit,
        person=person_of(filed.national_id, name=filed.applicant) if filed.national_id else None,
        procedure=procedure.code,
        procedure_version=procedure.version,
        procedure_name=procedure.title()[:300],
        agent_name=filed.agent,
        channel=filed.channel,
        operated_by=OperatedBy.RELATIVE if filed.agent else OperatedBy.RESIDENT,
        filed_by=by.id,
        submitted_at=min(filed.submitted_at, at),
        fee_amount=fee.amount,
        fee_lines=fee.as_json(),
        result_mode=ResultMode.ELECTRONIC if filed.channel == Channel.ONLINE else ResultMode.DESK,
        answer_count=sum(bool(each) for each in told),
        file_count=len(filed.papers),
        external_codes={system: filed.code},
        summary=(filed.summary or procedure.short.of("vi"))[:300],
        **applicant.columns(uuid),
        **tracking_columns(new_tracking_code(), uuid),
    )


def _add(came: Came, states: list[str]) -> Came:
    told = {
        name: getattr(came, name) + states.count(name)
        for name in ("taken", "heard", "known", "waiting", "strays")
    }
    return Came(**told)
