"""Where brokers tell us of movements of an account. The sender proves itself, the notification is kept, the work is done later."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bakhong.accounts.access import public
from bakhong.core.days import day_of
from bakhong.core.tasks import enqueue_once
from bakhong.payments import scope
from bakhong.payments.actions.alarms import raise_alarm
from bakhong.payments.actions.deliveries import AccountChanged, accept_delivery
from bakhong.payments.adapters.registry import keys_of
from bakhong.payments.models import AlarmKind, BankAccount, Feed
from bakhong.payments.rules.webhooks import (
    LARGEST_BODY,
    BadDelivery,
    is_from_payos,
    is_from_sepay,
    parsed,
    payos_id,
    sepay_id,
    text_of,
)

_IDS = {Feed.SEPAY.value: sepay_id, Feed.PAYOS.value: payos_id}


# Accounts whose sender was believed, as they were then. Only proved senders fill it, and `accept_delivery` stores nothing for an account
# that has changed, in the same statement: what is remembered here can be old, never wrong.
_KNOWN: dict[UUID, tuple[BankAccount, str]] = {}
_MOST_KNOWN = 1000


@public
@csrf_exempt
@require_POST
def webhook(request: HttpRequest, source: str, account: UUID) -> JsonResponse:
    """200 for what is kept (also once more), 401 for whoever cannot prove to be the broker, 404 where no account listens to it."""
    now = timezone.now()
    try:
        body = request.read(LARGEST_BODY + 1)
    except UnreadablePostError:
        return _answer(400)
    known, key = _KNOWN.get(account, (None, ""))
    if (
        known is not None
        and known.closed_on is None
        and known.feed == source
        and _is_kept(request, known, key, body, now)
    ):
        return _answer(200)
    asked = BankAccount.objects.listening(day_of(now)).filter(uuid=account, feed=source)
    found = asked.first() if source in _IDS else None
    if found is None:
        return _answer(404)
    if len(body) > LARGEST_BODY:
        return _answer(413)
    key, _token = keys_of(found)
    if not _is_kept(request, found, key, body, now):
        return _refused(request, found, key, body, now)
    _remember(found, key)
    return _answer(200)


def _is_kept(request: HttpRequest, account: BankAccount, key: str, body: bytes, now: datetime) -> bool:
    """Whether the sender proved itself with this key, which is the account's still, and the notification is on the disk."""
    if len(body) > LARGEST_BODY or not _is_genuine(request, account.feed, key, body, now):
        return False
    try:
        text = text_of(body)
        name = _id_of(account.feed, text)
        accept_delivery(account=account, source=account.feed, external_id=name, body=text, at=now)
    except (BadDelivery, AccountChanged):
        return False
    enqueue_once("payments.take_deliveries")
    return True


def _refused(
    request: HttpRequest, account: BankAccount, key: str, body: bytes, now: datetime
) -> JsonResponse:
    """Why, and the accountant is told of it."""
    if not _is_genuine(request, account.feed, key, body, now):
        _alarm(account, AlarmKind.FORGED, account.feed, now)
        return _answer(401)
    try:
        text_of(body)
    except BadDelivery as bad:
        _alarm(account, AlarmKind.UNREADABLE, bad.code, now)
        return _answer(400)
    return _answer(404)  # it was changed between two statements; the broker comes again


def _remember(account: BankAccount, key: str) -> None:
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[account.uuid] = (account, key)


def _is_genuine(request: HttpRequest, source: str, key: str, body: bytes, now: datetime) -> bool:
    if source == Feed.PAYOS.value:
        try:
            return is_from_payos(text_of(body), key)
        except BadDelivery:
            return False
    return is_from_sepay(
        body,
        key,
        authorization=request.headers.get("Authorization", ""),
        signature=request.headers.get("X-SePay-Signature", ""),
        timestamp=request.headers.get("X-SePay-Timestamp", ""),
        now=now.timestamp(),
    )


def _id_of(source: str, text: str) -> str:
    """The broker's id; of what cannot be read, its digest, so that it is kept and somebody looks at it."""
    try:
        return _IDS[source](parsed(text))
    except BadDelivery:
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _alarm(account: BankAccount, kind: AlarmKind, detail: str, now: datetime) -> None:
    with scope.seeing([account.biller_id]):
        is_first = raise_alarm(account=account, kind=kind, detail=detail, at=now)
    if is_first:
        enqueue_once("payments.take_deliveries")  # tells the accountant


def _answer(status: int) -> JsonResponse:
    return JsonResponse({"success": status == 200}, status=status)
