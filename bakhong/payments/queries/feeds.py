"""How the feeds of a biller's accounts stand: what came, what is odd, since when nobody told anything."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, QuerySet

from bakhong.core.actor import Actor
from bakhong.payments.models import BankAccount, Biller, Delivery, DeliveryState, FeedAlarm, Statement
from bakhong.payments.permissions import VIEW, billers_for


def open_alarms(actor: Actor, biller: Biller | None = None) -> QuerySet[FeedAlarm]:
    """What is odd and nobody has seen yet, the latest first, of the billers the actor works for."""
    rows = FeedAlarm.objects.filter(biller__in=billers_for(actor, VIEW), seen_at=None)
    if biller is not None:
        rows = rows.filter(biller=biller)
    return rows.select_related("account", "biller").order_by("-last_at", "-pk")


def statements_of(actor: Actor, billers: Collection[Biller]) -> QuerySet[Statement]:
    """The statements taken in for these billers, the latest first."""
    allowed = billers_for(actor, VIEW).filter(pk__in=[biller.pk for biller in billers])
    return Statement.objects.filter(biller__in=allowed).select_related("account").order_by("-taken_at", "-pk")


def deliveries_waiting() -> int:
    """Notifications that were accepted and not worked on yet; more than a few for long means that no worker runs."""
    return Delivery.objects.filter(state=DeliveryState.NEW).count()


def set_aside(actor: Actor, biller: Biller, state: str = DeliveryState.FAILED) -> QuerySet[Delivery]:
    """What sources told of the biller's accounts and nobody could read (or, with that state, somebody left aside), the oldest first."""
    rows = Delivery.objects.filter(biller__in=billers_for(actor, VIEW).filter(pk=biller.pk), state=state)
    return rows.select_related("account", "biller").order_by("pk")


def strangers(actor: Actor, biller: Biller, since: datetime) -> dict[BankAccount, int]:
    """Account → how many notifications came to its address since then that tell of other accounts: the address is wrong there."""
    rows = Delivery.objects.filter(
        biller__in=billers_for(actor, VIEW).filter(pk=biller.pk),
        state=DeliveryState.IGNORED,
        problem="other_account",
        received_at__gte=since,
    )
    counts = dict(rows.order_by().values_list("account").annotate(Count("pk")))
    accounts = BankAccount.objects.filter(pk__in=counts).order_by("pk")
    return {each: counts[each.pk] for each in accounts}
