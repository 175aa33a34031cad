"""Whose the waiting money is: those who left pass it on, and everybody is told of what is theirs."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import ngettext

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.numbers import format_day
from bakhong.messaging.actions.sending import Recipient, send
from bakhong.payments.models import Biller, SuspenseItem
from bakhong.payments.queries.owners import NOBODY, may_reconcile, owner_of, user_of

_MESSAGES = UUID("0192f1f0-6a5c-7c11-9d35-5d2e7a3f4b61")  # the name space of the messages' keys
_A_DAY = timedelta(days=1)


def reassign_lost(*, at: datetime) -> int:
    """What waits for somebody who cannot do it any more (left, disabled, another role) gets another owner; returns how many items."""
    rows = SuspenseItem.objects.filter(closed_at=None).order_by().values_list("biller", "owner").distinct()
    billers = {each.pk: each for each in Biller.objects.filter(pk__in={biller for biller, _owner in rows})}
    return sum(_pass_on(billers[biller], owner, at) for biller, owner in sorted(rows))


@transaction.atomic
def _pass_on(biller: Biller, owner: str, at: datetime) -> int:
    on = day_of(at)
    user = user_of(owner)
    if user is not None and may_reconcile(user, biller, on):
        return 0
    other = owner_of(biller, on)
    if other.id == owner:
        return 0
    rows = SuspenseItem.objects.select_for_update().filter(biller=biller, owner=owner, closed_at=None)
    items = list(rows.order_by("pk"))
    SuspenseItem.objects.filter(pk__in=[each.pk for each in items]).update(
        owner=other.id, owner_label=other.label[:120]
    )
    audit.record(
        by=OPERATOR,
        at=at,
        deed="payments.reassign_suspense",
        object_kind="biller",
        object_id=biller.uuid,
        place_id=biller.unit_id,
        before=owner,
        owner=other.id,
        items=len(items),
    )
    return len(items)


def tell_owners(*, at: datetime) -> int:
    """Each owner is told, once a day, how much new there is since yesterday; returns how many were told."""
    new: dict[tuple[int, str], int] = defaultdict(int)
    rows = SuspenseItem.objects.filter(closed_at=None, opened_at__gte=at - _A_DAY).exclude(owner=NOBODY.id)
    for biller, owner in rows.values_list("biller", "owner"):
        new[biller, owner] += 1
    billers = Biller.objects.select_related("unit").in_bulk({biller for biller, _owner in new})
    for (biller, owner), count in sorted(new.items()):
        _tell(billers[biller], owner, count, day_of(at).isoformat(), at)
    return len(new)


def tell_given(*, item: SuspenseItem, at: datetime) -> None:
    """Whoever was given an item by somebody else is told, once a day and item. For the worker: accountants write to nobody's page."""
    _tell(item.biller, item.owner, 1, f"{item.uuid}:{day_of(at).isoformat()}", at)


def _tell(biller: Biller, owner: str, count: int, which: str, at: datetime) -> None:
    user = user_of(owner)
    if user is None:
        return
    said = ngettext("%(count)s dòng tiền", "%(count)s dòng tiền", count) % {"count": count}
    send(
        key=uuid5(_MESSAGES, f"{biller.uuid}:{owner}:{which}"),
        template="suspense_given",
        to=Recipient(actor_id=owner, name=str(user)),
        values={"code": said, "day": format_day(day_of(at))},
        about=("biller", biller.uuid),
        unit=biller.unit,
        by=OPERATOR,
        at=at,
        channels=("inbox",),
    )
