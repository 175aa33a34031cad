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
from bakhong.payments.actions.depositing import deposit_arrived
from bakhong.payments.actions.suspense import assign, attribute, explain, set_step, split
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.actions.waiting import reverse
from bakhong.payments.models import (
    Charge,
    ChargeState,
    Deposit,
    Direction,
    EntryKind,
    Refund,
    RefundState,
    Settlement,
    SuspenseItem,
    SuspenseReason,
)
from bakhong.payments.permissions import RECONCILE, REFUND, VIEW, billers_for
from bakhong.payments.queries.collecting import deposits_under_way
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

    @property
    def rest(self) -> int:
        """What would be left to go back, where the money is more than enough."""
        return -self.missing if self.missing < 0 and self.charge.state == ChargeState.OPEN else 0


@unit_page(VIEW, post=RECONCILE)
def item(request: StaffRequest, unit: Unit, item: UUID) -> HttpResponseBase:
    """POST `deed`: attribute (`charge` or `reference`), split (one or more of either), deposit, step, assign, explain, undo (`settlement`).

    The actions know who may.
    """
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
    deeds = {
        "attribute": _attribute,
        "split": _split,
        "deposit": _deposit,
        "step": _step,
        "assign": _assign,
        "explain": _explain,
        "undo": _undo,
    }
    deed = deeds.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    deed(request, item)


def _attribute(request: StaffRequest, item: SuspenseItem) -> None:
    charges = _told_charges(request, item)
    if len(charges) > 1:
        _split(request, item)
        return
    charge = charges[0]
    parts = _parts(item, charge)
    whole = [item, *parts] if item.amount < charge.amount else [item]
    attribute(items=whole, charge=charge, by=request.actor, at=now())
    messages.success(
        request, _("Đã ghi vào khoản thu “%(title)s”. Ghi nhầm thì gỡ lại ở dưới.") % {"title": charge.title}
    )


def _split(request: StaffRequest, item: SuspenseItem) -> None:
    """Each charge gets its own amount; what is left of the line waits to go back."""
    charges = _told_charges(request, item)
    settled = split(item=item, charges=charges, by=request.actor, at=now())
    rest = item.amount - sum(each.amount for each in settled)
    said = _("Đã ghi %(count)s khoản, cộng %(amount)s.") % {
        "count": len(settled),
        "amount": format_money(item.amount - rest),
    }
    if rest > 0:
        said += " " + _("Còn %(rest)s chờ trả lại.") % {"rest": format_money(rest)}
    messages.success(request, said)


def _told_charges(request: StaffRequest, item: SuspenseItem) -> list[Charge]:
    """Those that were picked, or whose codes were typed. Raises: Refusal."""
    typed = request.POST.get("reference", "").strip()[:400]
    rows = Charge.objects.filter(biller=item.biller_id).select_related("biller").order_by("pk")
    codes = find_references(typed)
    if typed and not codes:
        raise Refusal(_("Mã khoản thu có 15 ký tự, bắt đầu bằng BK. Hãy xem lại từng ký tự."))
    picked = [uuid for each in request.POST.getlist("charge")[:MOST_PARTS] if (uuid := _uuid(each))]
    found = list(rows.filter(reference__in=codes) if codes else rows.filter(uuid__in=picked))
    if not found or len(found) != len(set(codes or picked)):
        raise Refusal(_("Không có khoản thu này ở đơn vị thu. Chọn một khoản, hoặc gõ mã trên giấy báo."))
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _deposit(request: StaffRequest, item: SuspenseItem) -> None:
    """Cash of the desk whose note the bank left out."""
    uuid = _uuid(request.POST.get("deposit", ""))
    found = next((each for each in _deposits(item) if each.uuid == uuid), None)
    if found is None:
        raise Refusal(_("Không có lần nộp tiền mặt nào như vậy đang chờ ngân hàng báo."))
    deposit_arrived(deposit=found, line=item.line, by=request.actor, at=now())
    messages.success(request, _("Đã ghi đây là tiền quỹ nộp vào ngân hàng."))


def _deposits(item: SuspenseItem) -> list[Deposit]:
    """What was brought to this account, as much, and the bank has not told of."""
    line = item.line
    if line.direction != Direction.IN or item.closed_at is not None or item.amount < line.amount:
        return []
    under_way = deposits_under_way([item.biller])
    return [each for each in under_way if (each.account_id, each.amount) == (line.account_id, line.amount)]


def _bounced(item: SuspenseItem) -> Refund | None:
    """The refund whose reference stands in the note of money that came back."""
    codes = find_references(item.line.content)
    return Refund.objects.filter(biller=item.biller_id, reference__in=codes).order_by("-pk").first()


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
    uuid = _uuid(request.POST.get("settlement", ""))
    settled = [each for each in _settlements(item) if uuid is None or each.uuid == uuid]
    is_explained = item.outcome == "explained" and uuid is None
    if settled and not is_explained:
        take_back(settlement=settled[0], why=why, by=request.actor, at=now())
    else:
        entry = item.line.entries.filter(kind=EntryKind.EXPLAINED, reversed_by=None).order_by("-pk").first()
        if entry is None:
            raise Refusal(_("Không có gì để gỡ lại."))
        reverse(entry=entry, why=why, by=request.actor, at=now())
    messages.success(request, _("Đã gỡ lại: dòng này chờ xử lý như trước."))


def _settlements(item: SuspenseItem) -> list[Settlement]:
    """What the line pays."""
    rows = Settlement.objects.filter(line=item.line_id, taken_back=None).order_by("pk")
    return list(rows.select_related("charge", "biller"))


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
    named = _named(item)
    others = [each for each in suggestions(item) if each not in named]
    return [_candidate(item, each, each in named) for each in [*named, *others]]


def _named(item: SuspenseItem) -> list[Charge]:
    """The charges whose codes stand in the note, and the one the item was told to be for."""
    codes = find_references(item.line.content)[:MOST_PARTS]
    rows = Charge.objects.filter(biller=item.biller_id).order_by("pk")
    return list(rows.filter(Q(reference__in=codes) | Q(pk=item.charge_id)))


def _together(item: SuspenseItem, found: Sequence[Candidate]) -> list[Charge]:
    """Several open charges that the note names and the money is enough for: to be paid at once."""
    named = [each.charge for each in found if each.is_named and each.charge.state == ChargeState.OPEN]
    owed = sum(each.amount for each in named)
    return named if len(named) > 1 and owed <= item.amount else []


def _candidate(item: SuspenseItem, charge: Charge, is_named: bool) -> Candidate:
    parts = _parts(item, charge) if item.amount < charge.amount else []
    came = item.amount + sum(each.amount for each in parts)
    is_likely = is_named or speaks_for(item.line, charge)
    return Candidate(charge, tuple(parts), charge.amount - came, is_named, is_likely)


def _page(
    request: StaffRequest, unit: Unit, item: SuspenseItem, *, problem: str = "", status: int = 200
) -> HttpResponse:
    settled = _settlements(item)
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
        typed={
            key: request.POST.get(key, "")[:300] for key in ("reference", "note", "why", "step", "settlement")
        },
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
        settled=settled,
        together=(together := _together(item, found)),
        together_amount=sum(each.amount for each in together),
        refund=Refund.objects.filter(item=item).order_by("-pk").first(),
        is_asked=Refund.objects.filter(item=item, state=RefundState.ASKED).exists(),
        deposits=_deposits(item),
        bounced=_bounced(item) if item.reason == SuspenseReason.BOUNCED else None,
        is_rest=item.amount < item.line.amount,
        colleagues=_colleagues(item) if may and item.closed_at is None else [],
        may=may,
        may_refund=billers_for(request.actor, REFUND).filter(pk=item.biller_id).exists()
        and item.line.direction == Direction.IN,
        may_undo=may and (bool(settled) or item.outcome == "explained"),
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
