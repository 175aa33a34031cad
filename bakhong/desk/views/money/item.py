"""One line that waits: what the bank wrote, what it could be for, and everything that may be done about it. What was done can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.models import User
from bakhong.core.errors import NotAllowed, NotFound, Refusal
from bakhong.core.numbers import format_money
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.money.choosing import billers_here
from bakhong.desk.views.money.notes import note_pieces
from bakhong.desk.views.money.suspense import STEP_WORDS, headline
from bakhong.desk.views.money.words import bank_words, waited_words
from bakhong.payments.actions.settling import take_back
from bakhong.payments.actions.suspense import assign, attribute, explain, set_step
from bakhong.payments.actions.waiting import reverse
from bakhong.payments.models import (
    Charge,
    ChargeState,
    Direction,
    EntryKind,
    Refund,
    Settlement,
    SuspenseItem,
    SuspenseReason,
)
from bakhong.payments.permissions import RECONCILE, REFUND, VIEW, billers_for
from bakhong.payments.queries.owners import possible_owners
from bakhong.payments.queries.suspense import open_items, speaks_for, suggestions
from bakhong.payments.rules.references import find_references
from bakhong.payments.rules.suspense import STEPS
from bakhong.places.models import Unit

MOST_PARTS = 20


@dataclass(frozen=True)
class Candidate:
    """A charge the money may be for. `parts`: other lines that wait for it; `missing`: what is left to pay then (negative: too much).

    `is_likely`: the note or the sender speaks for it, not its amount alone.
    """

    charge: Charge
    parts: tuple[SuspenseItem, ...]
    missing: int
    is_named: bool
    is_likely: bool

    @property
    def words(self) -> str:
        if self.missing > 0:
            return _("THIẾU %(amount)s") % {"amount": format_money(self.missing)}
        if self.missing < 0:
            return _("THỪA %(amount)s") % {"amount": format_money(-self.missing)}
        return _("đúng từng đồng")

    @property
    def may_be(self) -> bool:
        return self.missing == 0 and self.charge.state == ChargeState.OPEN


@unit_page(VIEW, post=RECONCILE)
def item(request: StaffRequest, unit: Unit, item: UUID) -> HttpResponseBase:
    """POST `deed`: attribute (`charge` or `reference`), step, assign, explain, undo. The actions know who may."""
    found = _item(request, unit, item)
    if request.method != "POST":
        return _page(request, unit, found)
    try:
        _do(request, found)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        found = _item(request, unit, item)
        return _page(request, unit, found, problem=str(refusal), status=refusal.status)
    return redirect("desk:suspense_item", unit=unit.uuid, item=found.uuid)


def _item(request: StaffRequest, unit: Unit, item: UUID) -> SuspenseItem:
    """Raises: Http404."""
    rows = SuspenseItem.objects.filter(biller__in=billers_here(request, unit), uuid=item)
    found = rows.select_related("line__account", "line__biller", "charge__biller", "biller__unit").first()
    if found is None:
        raise Http404
    return found


def _do(request: StaffRequest, item: SuspenseItem) -> None:
    """Raises: Refusal; Http404 for a deed that is none."""
    deeds = {"attribute": _attribute, "step": _step, "assign": _assign, "explain": _explain, "undo": _undo}
    deed = deeds.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    deed(request, item)


def _attribute(request: StaffRequest, item: SuspenseItem) -> None:
    charge = _told_charge(request, item)
    parts = _parts(item, charge)
    whole = [item, *parts] if item.line.amount < charge.amount else [item]
    attribute(items=whole, charge=charge, by=request.actor, at=now())
    messages.success(
        request, _("Đã ghi vào khoản thu “%(title)s”. Ghi nhầm thì gỡ lại ở dưới.") % {"title": charge.title}
    )


def _told_charge(request: StaffRequest, item: SuspenseItem) -> Charge:
    """The one that was picked, or whose code was typed. Raises: Refusal."""
    typed = request.POST.get("reference", "").strip()[:80]
    rows = Charge.objects.filter(biller=item.biller_id).select_related("biller")
    if typed:
        found = find_references(typed)
        if len(found) != 1:
            raise Refusal(_("Mã khoản thu có 15 ký tự, bắt đầu bằng BK. Hãy xem lại từng ký tự."))
        charge: Charge | None = rows.filter(reference=found[0]).first()
    else:
        uuid = _uuid(request.POST.get("charge", ""))
        charge = rows.filter(uuid=uuid).first() if uuid else None
    if charge is None:
        raise Refusal(_("Không có khoản thu này ở đơn vị thu. Chọn một khoản, hoặc gõ mã trên giấy báo."))
    return charge


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _step(request: StaffRequest, item: SuspenseItem) -> None:
    note = request.POST.get("note", "")[:300]
    set_step(item=item, step=request.POST.get("step", ""), note=note, by=request.actor, at=now())
    messages.success(request, _("Đã ghi việc làm tiếp."))


def _assign(request: StaffRequest, item: SuspenseItem) -> None:
    uuid = _uuid(request.POST.get("owner", ""))
    owner = User.objects.filter(uuid=uuid).first() if uuid else None
    if owner is None:
        raise Refusal(_("Hãy chọn một người."))
    assign(item=item, owner=owner, by=request.actor, at=now())
    messages.success(request, _("Đã chuyển cho %(who)s.") % {"who": owner})


def _explain(request: StaffRequest, item: SuspenseItem) -> None:
    explain(item=item, why=request.POST.get("why", "")[:300], by=request.actor, at=now())
    messages.success(request, _("Đã ghi đây là tiền gì. Ghi nhầm thì gỡ lại ở dưới."))


def _undo(request: StaffRequest, item: SuspenseItem) -> None:
    """Back to suspense: what was attributed by taking the payment back, what was explained by its mirror."""
    why = request.POST.get("why", "")[:200]
    settlement = _settlement(item)
    if settlement is not None:
        take_back(settlement=settlement, why=why, by=request.actor, at=now())
    else:
        entry = item.line.entries.filter(kind=EntryKind.EXPLAINED, reversed_by=None).order_by("-pk").first()
        if entry is None:
            raise Refusal(_("Không có gì để gỡ lại."))
        reverse(entry=entry, why=why, by=request.actor, at=now())
    messages.success(request, _("Đã gỡ lại: dòng này chờ xử lý như trước."))


def _settlement(item: SuspenseItem) -> Settlement | None:
    return Settlement.objects.filter(line=item.line_id, taken_back=None).select_related("charge").first()


def _parts(item: SuspenseItem, charge: Charge) -> list[SuspenseItem]:
    """Other lines that were too little for the same charge and wait for the rest."""
    rows = SuspenseItem.objects.filter(
        charge=charge, biller=item.biller_id, reason=SuspenseReason.UNDERPAID, closed_at=None
    )
    return list(rows.exclude(pk=item.pk).select_related("line").order_by("pk")[:MOST_PARTS])


def _candidates(item: SuspenseItem) -> list[Candidate]:
    """What the note names first, then what the amount or the name suggests."""
    if item.line.direction != Direction.IN or item.closed_at is not None:
        return []
    named = [item.charge] if item.charge is not None else []
    others = [each for each in suggestions(item) if each not in named]
    return [_candidate(item, each, each in named) for each in [*named, *others]]


def _candidate(item: SuspenseItem, charge: Charge, is_named: bool) -> Candidate:
    parts = _parts(item, charge) if item.line.amount < charge.amount else []
    came = item.line.amount + sum(each.line.amount for each in parts)
    is_likely = is_named or speaks_for(item.line, charge)
    return Candidate(charge, tuple(parts), charge.amount - came, is_named, is_likely)


def _page(
    request: StaffRequest, unit: Unit, item: SuspenseItem, *, problem: str = "", status: int = 200
) -> HttpResponse:
    settlement = _settlement(item)
    deed, found = request.POST.get("deed", ""), _candidates(item)
    may = billers_for(request.actor, RECONCILE).filter(pk=item.biller_id).exists()
    return page(
        request,
        "desk/money/item.html",
        unit=unit,
        active="suspense",
        status=status,
        problem=problem,
        deed=deed,
        typed={key: request.POST.get(key, "")[:300] for key in ("reference", "note", "why", "step")},
        item=item,
        line=item.line,
        pieces=note_pieces(item.line.content),
        bank=bank_words(item.line.account),
        headline=headline(item),
        age=waited_words(item.line.on, today()),
        step=STEP_WORDS.get(item.next_step, item.next_step),
        steps=[(code, STEP_WORDS[code]) for code in STEPS],
        candidates=[each for each in found if each.is_likely],
        same_amount=[each for each in found if not each.is_likely],
        settlement=settlement,
        refund=Refund.objects.filter(item=item).first(),
        colleagues=_colleagues(item) if may and item.closed_at is None else [],
        may=may,
        may_refund=billers_for(request.actor, REFUND).filter(pk=item.biller_id).exists()
        and item.line.direction == Direction.IN,
        may_undo=may and (settlement is not None or item.outcome == "explained"),
        following=_following(request, unit, item),
    )


def _colleagues(item: SuspenseItem) -> Sequence[User]:
    return [each for each in possible_owners(item.biller, today()) if f"staff:{each.uuid}" != item.owner]


def _following(request: StaffRequest, unit: Unit, item: SuspenseItem) -> dict[str, Any]:
    """The next line of the queue, so that one goes through it without going back."""
    rows = open_items(request.actor).filter(biller__in=billers_here(request, unit)).exclude(pk=item.pk)
    on = item.line.on
    later = rows.filter(Q(line__on__gt=on) | Q(line__on=on, pk__gt=item.pk)).first() or rows.first()
    return {"item": later, "words": headline(later)} if later is not None else {}
