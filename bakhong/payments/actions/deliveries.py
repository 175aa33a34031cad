"""Notifications of brokers: kept as they came, worked on later, in the order they came."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
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
from bakhong.payments.actions.overtaken import again_when_overtaken
from bakhong.payments.models import AlarmKind, BankAccount, BankLine, Delivery, DeliveryState, Feed
from bakhong.payments.rules.lines import Told
from bakhong.payments.rules.webhooks import BadDelivery, payos, sepay, sepay_row

log = logging.getLogger(__name__)

PULL = "pull"  # the source of what a broker's list says
READERS = {Feed.SEPAY.value: sepay, Feed.PAYOS.value: payos, PULL: sepay_row}
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


@dataclass(frozen=True)
class Unread:
    """What a source told and nobody could read: `body` as it came, `problem` a code.

    `external_id` is its name there, or its turn among equals.
    """

    external_id: str
    body: str
    problem: str


def keep_unread(*, account: BankAccount, source: str, unread: Iterable[Unread], at: datetime) -> int:
    """Set aside what a list or a statement said and could not be read; returns how much of it was not there before."""
    rows = [
        Delivery(
            source=source, account=account, biller_id=account.biller_id, external_id=each.external_id[:80], body=each.body,
            digest=sha256(each.body.encode()).digest(), state=DeliveryState.FAILED, problem=each.problem[:40],
            received_at=at, done_at=at,
        )
        for each in unread
    ]  # fmt: skip
    before = Delivery.objects.filter(account=account, source=source)
    count = before.count() if rows else 0
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return before.count() - count if rows else 0


def take_deliveries(*, at: datetime, limit: int = 500) -> int:
    """Work on what waits: notifications become lines, lines find their charges. Returns how many were worked on.

    An account's notifications become lines in one transaction, and these find their charges in the next: money that was told is kept
    whatever booking it runs into. What cannot be worked on is set aside and told of; an account that fails holds up no other.
    """
    waiting = Delivery.objects.filter(state=DeliveryState.NEW)
    accounts = sorted(waiting.order_by().values_list("account_id", flat=True).distinct())
    return sum(_of_an_account(each, at, limit) for each in accounts)


def _of_an_account(account: int, at: datetime, limit: int) -> int:
    rows = Delivery.objects.filter(account=account, state=DeliveryState.NEW).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:limit])
    try:
        for new in again_when_overtaken(partial(_stored, account, keys, at)):
            again_when_overtaken(partial(match_lines, new, by=OPERATOR, at=at))
    except Exception:
        log.exception("Notifications of account %s wait", account)
        raise_fault(account, "deliveries", at)
        return 0
    return len(keys)


def raise_fault(account: int, what: str, at: datetime) -> None:
    """Something of ours did not get done for this account: it is said, and tried again the next time."""
    found = BankAccount.objects.select_related("biller").get(pk=account)
    raise_alarm(account=found, kind=AlarmKind.FAULT, detail=what, at=at)


def _stored(account: int, keys: Sequence[int], at: datetime) -> list[list[BankLine]]:
    """The lines that are new, all together; where that fails, of each notification apart."""
    try:
        return [_store_together(account, keys, at)]
    except (DataError, IntegrityError, ValueError) as error:
        if len(keys) > 1:
            return [lines for key in keys for lines in _stored(account, [key], at)]
        log.error("Delivery %s cannot be worked on: %s", keys[0], type(error).__name__)
    with transaction.atomic():
        _set_aside(Delivery.objects.select_related("account__biller").get(pk=keys[0]), "error", at)
    return []


@transaction.atomic
def _store_together(account_key: int, keys: Sequence[int], at: datetime) -> list[BankLine]:
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
    return _store(account, told, good, at)


def _store(
    account: BankAccount, told: Sequence[Told], good: Sequence[Delivery], at: datetime
) -> list[BankLine]:
    new: list[BankLine] = []
    for source in sorted({each.source for each in good}):
        mine = [turn for turn, each in enumerate(good) if each.source == source]
        new += take_lines(
            account=account,
            told=[told[turn] for turn in mine],
            source=source,
            at=at,
            deliveries=[good[turn] for turn in mine],
        ).new
    Delivery.objects.filter(pk__in=[each.pk for each in good]).update(state=DeliveryState.DONE, done_at=at)
    if new:
        audit.record(
            by=OPERATOR,
            at=at,
            deed="payments.take_deliveries",
            object_kind="bank_account",
            object_id=account.uuid,
            place_id=account.biller.unit_id,
            lines=len(new),
        )
    return new


def _read(delivery: Delivery, at: datetime) -> Told | None:
    """What it tells; None where that is nothing, and the row says why."""
    try:
        told = READERS[delivery.source](delivery.body, delivery.account.number)
        if told.on > day_of(at) + timedelta(days=1):
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
        return READERS[delivery.source](delivery.body, account.number)
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
