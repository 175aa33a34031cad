"""Notifications of brokers: kept as they came, worked on later, in the order they came."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict
from bakhong.payments.actions.alarms import raise_alarm
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import match_lines
from bakhong.payments.models import AlarmKind, BankAccount, Delivery, DeliveryState, Feed
from bakhong.payments.rules.lines import Told
from bakhong.payments.rules.webhooks import BadDelivery, payos, sepay

log = logging.getLogger(__name__)

_READERS = {Feed.SEPAY.value: sepay, Feed.PAYOS.value: payos}
# One statement, which is a transaction of its own: the account must still be as it was when its sender was believed, its biller's wall
# is opened for this row alone, and is as it was before when the statement ends.
_KEEP = """
WITH account AS MATERIALIZED (
    SELECT id, biller_id, coalesce(current_setting('app.billers', true), '') AS before FROM payments_bankaccount
    WHERE id = %(account)s AND feed = %(feed)s AND feed_secret IS NOT DISTINCT FROM %(secret)s
        AND closed_on IS NOT DISTINCT FROM %(closed_on)s
), opened AS MATERIALIZED (
    SELECT id, biller_id, before, set_config('app.billers', '{' || biller_id || '}', true) FROM account
), kept AS (
    INSERT INTO payments_delivery (source, account_id, biller_id, external_id, body, digest, state, problem, received_at)
    SELECT %(source)s, id, biller_id, %(external_id)s, %(body)s, %(digest)s, 'new', '', %(at)s FROM opened
    ON CONFLICT DO NOTHING RETURNING 1
)
SELECT found.kept, set_config('app.billers', opened.before, true)
FROM (SELECT count(*) AS kept FROM kept) AS found CROSS JOIN opened
"""


class AccountChanged(Conflict):
    """Since the account was read, it was closed, or got another broker or key."""


def accept_delivery(*, account: BankAccount, source: str, external_id: str, body: str, at: datetime) -> bool:
    """Keep a notification whose sender proved itself; outside a transaction it is on the disk then. False where it was kept before.

    Raises: AccountChanged where `account` is not as the database has it now, so that a key proves nothing once it was changed.
    """
    secret = account.feed_secret
    values: dict[str, Any] = {
        "account": account.pk, "feed": account.feed, "secret": None if secret is None else bytes(secret),
        "closed_on": account.closed_on, "source": source, "external_id": external_id[:80], "body": body,
        "digest": sha256(body.encode()).digest(), "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        found = cursor.fetchone()
    if found is None:
        raise AccountChanged(_("Tài khoản nhận tiền vừa được thay đổi."))
    return bool(found[0])


def take_deliveries(*, at: datetime, limit: int = 500) -> int:
    """Work on what waits: notifications become lines, lines find their charges. Returns how many were worked on.

    Those of one account are one transaction. One that cannot be worked on is set aside and told of, and holds up nobody.
    """
    waiting = Delivery.objects.filter(state=DeliveryState.NEW).order_by("pk")
    by_account: dict[int, list[int]] = defaultdict(list)
    for account, key in waiting.values_list("account_id", "pk")[:limit]:
        by_account[account].append(key)
    for account, keys in by_account.items():
        _take(account, keys, at)
    return sum(map(len, by_account.values()))


def _take(account: int, keys: Sequence[int], at: datetime) -> None:
    try:
        _take_together(account, keys, at)
    except (DataError, IntegrityError, ValueError) as error:
        if len(keys) > 1:
            for key in keys:
                _take(account, [key], at)
            return
        log.error("Delivery %s cannot be worked on: %s", keys[0], type(error).__name__)
        with transaction.atomic():
            _set_aside(Delivery.objects.select_related("account__biller").get(pk=keys[0]), "error", at)


@transaction.atomic
def _take_together(account_key: int, keys: Sequence[int], at: datetime) -> None:
    account = BankAccount.objects.select_related("biller").get(pk=account_key)
    rows = Delivery.objects.select_for_update().filter(pk__in=keys, state=DeliveryState.NEW)
    held = list(rows.order_by("pk"))
    earlier = _earlier(account, held)
    told: list[Told] = []
    good: list[Delivery] = []
    for each in held:
        each.account = account
        movement = _read(each, at)
        if movement is None:
            continue
        first = earlier.get((each.source, each.external_id))
        if first is not None and first.pk < each.pk and _tells(first, account) != movement:
            _set_aside(each, "other_body", at)
            continue
        told.append(movement)
        good.append(each)
    _store(account, told, good, at)


def _store(account: BankAccount, told: Sequence[Told], good: Sequence[Delivery], at: datetime) -> None:
    for source in sorted({each.source for each in good}):
        mine = [turn for turn, each in enumerate(good) if each.source == source]
        taken = take_lines(
            account=account,
            told=[told[turn] for turn in mine],
            source=source,
            at=at,
            deliveries=[good[turn] for turn in mine],
        )
        if taken.new:
            match_lines(taken.new, by=OPERATOR, at=at)
            audit.record(
                by=OPERATOR,
                at=at,
                deed="payments.take_deliveries",
                object_kind="bank_account",
                object_id=account.uuid,
                place_id=account.biller.unit_id,
                lines=len(taken.new),
            )
    Delivery.objects.filter(pk__in=[each.pk for each in good]).update(state=DeliveryState.DONE, done_at=at)


def _read(delivery: Delivery, at: datetime) -> Told | None:
    """What it tells; None where that is nothing, and the row says why."""
    try:
        told = _READERS[delivery.source](delivery.body, delivery.account.number)
        if told.on > day_of(delivery.received_at) + timedelta(days=1):
            raise BadDelivery("bad_day")
    except BadDelivery as bad:
        if bad.is_ours:
            _set_aside(delivery, bad.code, at)
        else:
            _end(delivery, DeliveryState.IGNORED, bad.code, at)
        return None
    return told


def _tells(delivery: Delivery, account: BankAccount) -> Told | None:
    try:
        return _READERS[delivery.source](delivery.body, account.number)
    except BadDelivery:
        return None


def _earlier(account: BankAccount, held: Sequence[Delivery]) -> dict[tuple[str, str], Delivery]:
    """The first notification with each of these ids that told of a movement, or will."""
    rows = Delivery.objects.filter(account=account, external_id__in={each.external_id for each in held})
    found: dict[tuple[str, str], Delivery] = {}
    for each in rows.filter(state__in=(DeliveryState.NEW, DeliveryState.DONE)).order_by("-pk"):
        found[each.source, each.external_id] = each
    return found


def _set_aside(delivery: Delivery, problem: str, at: datetime) -> None:
    kind = AlarmKind.OTHER_BODY if problem == "other_body" else AlarmKind.UNREADABLE
    raise_alarm(account=delivery.account, kind=kind, detail=problem, at=at)
    _end(delivery, DeliveryState.FAILED, problem, at)


def _end(delivery: Delivery, state: DeliveryState, problem: str, at: datetime) -> None:
    delivery.state, delivery.problem, delivery.done_at = state, problem[:40], at
    delivery.save(update_fields=["state", "problem", "done_at"])
