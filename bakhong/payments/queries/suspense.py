"""What waits for somebody, and what it could be for."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM
from bakhong.payments.models import BankLine, Biller, Charge, ChargeState, Direction, SuspenseItem
from bakhong.payments.permissions import VIEW, billers_for
from bakhong.payments.rules.likeness import AGREES, likeness

_LOOKED_AT = 500  # charges of the same amount
_SHOWN = 10


def open_items(actor: Actor, biller: Biller | None = None) -> QuerySet[SuspenseItem]:
    """What waits, the oldest by the bank's day first, of the billers the actor works for."""
    return _items(actor, biller).filter(closed_at=None).order_by("line__on", "pk")


def closed_items(actor: Actor, biller: Biller | None = None) -> QuerySet[SuspenseItem]:
    """What was placed, the latest first."""
    return _items(actor, biller).exclude(closed_at=None).order_by("-closed_at", "-pk")


def open_since(biller: Biller, on: date) -> int:
    """How many wait since that day or longer."""
    before = datetime.combine(on + timedelta(days=1), time(), VIET_NAM)
    return SuspenseItem.objects.filter(biller=biller, closed_at=None, opened_at__lt=before).count()


def suggestions(item: SuspenseItem) -> list[Charge]:
    """Open charges the money may be for: the one its reference names, then those of exactly its amount, the likeliest first.

    Likely is what shares part of the reference, the payer's name or the customer's code with the note. At most ten.
    """
    if item.line.direction == Direction.OUT:
        return []
    rows = Charge.objects.filter(biller=item.biller_id, state=ChargeState.OPEN)
    same = list(rows.filter(amount=item.amount).order_by("-pk")[:_LOOKED_AT])
    named = list(rows.filter(pk=item.charge_id)) if item.charge_id else []
    ranked = sorted(same, key=lambda charge: -_likeness(charge, item.line))
    return list({charge.pk: charge for charge in [*named, *ranked]}.values())[:_SHOWN]


def speaks_for(line: BankLine, charge: Charge) -> bool:
    """Whether the note or the sender names the charge or who owes it: the amount alone says nothing, all of a village owe the same."""
    return _likeness(charge, line) >= AGREES


def _items(actor: Actor, biller: Biller | None) -> QuerySet[SuspenseItem]:
    rows = SuspenseItem.objects.filter(biller__in=billers_for(actor, VIEW))
    if biller is not None:
        rows = rows.filter(biller=biller)
    return rows.select_related("line", "line__account", "charge", "biller")


def _likeness(charge: Charge, line: BankLine) -> int:
    words: Sequence[str] = (charge.payer_name, charge.customer_code)
    return likeness(f"{line.content} {line.payer_name}", charge.reference, words)
