"""The financial duty: met by an amount of zero, or by a paid charge of exactly what the dossier costs; nobody's word meets it.

A charge may be paid in any state: right after handing in, at the counter, or in the state that waits for it (whose clock stands still).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_money
from bakhong.dossiers.actions.charging import ask_for_fee
from bakhong.dossiers.actions.fees import due_now
from bakhong.dossiers.actions.stepping import Taken, happen, take
from bakhong.dossiers.actions.supplementing import came_from
from bakhong.dossiers.actions.timing import due_after, procedure_of
from bakhong.dossiers.models import Dossier, Kind, State
from bakhong.dossiers.queries.answers import standing_sheet
from bakhong.dossiers.queries.fees import paid_charge
from bakhong.dossiers.rules.clock import Moment
from bakhong.dossiers.rules.transitions import transitions

DECIDED = (State.APPROVED, State.DONE, State.RETURNED)


def set_duty(
    *,
    dossier: Dossier,
    by: Actor,
    at: datetime,
    exemptions: Sequence[str] | None = None,
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Tell the resident what is to be paid; the clock stands still. `exemptions`: those that stand after somebody looked, with which the
    fee is computed again.

    Raises: Refusal when nothing is owed; NotAllowed; Conflict.
    """
    said = {} if exemptions is None else {"exemptions": sorted(exemptions)}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.SET_DUTY, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        _recompute(taken.dossier, exemptions, at)
        if not taken.dossier.fee_amount or taken.dossier.duty_met_at is not None:
            raise Refusal(_("Hồ sơ này không còn phải nộp khoản nào."))
        if paid_charge(taken.dossier) is not None:
            raise Refusal(_("Khoản phí, lệ phí của hồ sơ này đã trả rồi."))
        ask_for_fee(dossier=taken.dossier, by=by, at=at)
        happen(
            taken,
            by=by,
            at=at,
            to=State.DUTY,
            change={"waiting_since": at, **_fee_of(taken.dossier)},
            data={"amount": taken.dossier.fee_amount, **said},
        )
        return taken.dossier


def pass_duty(
    *,
    dossier: Dossier,
    by: Actor,
    at: datetime,
    exemptions: Sequence[str] | None = None,
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Nothing is owed (any more): the dossier goes on. `exemptions`: those shown, with which the fee is computed again.

    Raises: Refusal while something is owed; NotAllowed; Conflict.
    """
    said = {"exemptions": None if exemptions is None else sorted(exemptions)}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.PASS_DUTY, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        _recompute(taken.dossier, exemptions, at)
        _met(taken, by, at, exemptions or ())
        ask_for_fee(dossier=taken.dossier, by=by, at=at)
        return taken.dossier


def met_before_deciding(dossier: Dossier, by: Actor, at: datetime) -> None:
    """What comes before any decision: of a dossier that costs nothing, or was paid, the duty is met by itself. Runs in the decision's
    transaction, on the row it holds.

    Raises: Refusal while something is owed.
    """
    if dossier.duty_met_at is None:
        _met(Taken(dossier, transitions()[Kind.PASS_DUTY], "", None), by, at)


def fee_paid(*, dossier: Dossier, by: Actor, at: datetime) -> Dossier:
    """Its charge is paid: the duty is met where the state lets it be, else at the next deed that asks for it. Run by the program alone.

    Raises: Conflict where somebody else's deed came in between.
    """
    with transaction.atomic():
        found: Dossier = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
        rule = transitions()[Kind.PASS_DUTY]
        if found.duty_met_at is not None or found.state not in rule.sources or paid_charge(found) is None:
            return found
        taken = take(dossier=found, kind=Kind.PASS_DUTY, by=by, version=None, key=None, said={})
        _met(taken, by, at)
        return taken.dossier


def undo_duty(*, dossier: Dossier, charge: UUID, by: Actor, at: datetime) -> Dossier:
    """The charge that met the duty is no longer paid. What is not decided waits for the money again; what is decided stays as it is and
    says so: whoever works on it is told. Nothing happens where another charge, or none, met it. Run by the program alone.
    """
    with transaction.atomic():
        found: Dossier = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
        if found.duty_charge != charge:
            return found
        taken = take(dossier=found, kind=Kind.UNDO_DUTY, by=by, version=None, key=None, said={})
        change = {} if found.state in DECIDED else {"duty_met_at": None, "duty_charge": None}
        happen(taken, by=by, at=at, change=change, data={"amount": found.fee_amount})
        return taken.dossier


def _recompute(dossier: Dossier, exemptions: Sequence[str] | None, at: datetime) -> None:
    procedure = procedure_of(dossier)
    if exemptions is None or procedure is None:
        return
    if paid_charge(dossier) is not None:
        raise Refusal(_("Khoản này đã nộp rồi. Muốn miễn, giảm thì làm phiếu trả lại tiền trước."))
    answers = standing_sheet(dossier).asked.data if dossier.draft is not None else {}
    fee = due_now(procedure, dossier.village, answers, exemptions, dossier.channel, at)
    dossier.fee_amount, dossier.fee_lines, dossier.exemptions = fee.amount, fee.as_json(), list(exemptions)


def _fee_of(dossier: Dossier) -> dict[str, Any]:
    return {
        "fee_amount": dossier.fee_amount,
        "fee_lines": dossier.fee_lines,
        "exemptions": dossier.exemptions,
    }


def _met(taken: Taken, by: Actor, at: datetime, seen: Sequence[str] = ()) -> None:
    found = taken.dossier
    charge = paid_charge(found) if found.fee_amount else None
    if found.fee_amount and charge is None:
        raise Refusal(
            _("Hồ sơ còn phải nộp %(amount)s nên chưa làm tiếp được.")
            % {"amount": format_money(found.fee_amount)}
        )
    to = came_from(found, Kind.SET_DUTY) if found.state == State.DUTY else found.state
    moment = Moment(Kind.PASS_DUTY, found.state, to, at)
    happen(
        taken,
        by=by,
        at=at,
        to=to,
        change={
            "duty_met_at": at,
            "duty_charge": charge.uuid if charge is not None else None,
            "waiting_since": None,
            "due_at": due_after(found, [moment]),
            **_fee_of(found),
        },
        data={"amount": found.fee_amount}
        | ({"charge": str(charge.uuid)} if charge is not None else {})
        | ({"exemptions": sorted(seen)} if seen else {}),
    )
