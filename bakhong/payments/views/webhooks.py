"""Where brokers tell us of movements of an account. The sender proves itself, the notification is kept, the work is done later."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bakhong.accounts.access import public
from bakhong.core.tasks import enqueue_once
from bakhong.payments import scope
from bakhong.payments.actions.alarms import raise_alarm
from bakhong.payments.actions.deliveries import accept_delivery
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


@public
@csrf_exempt
@require_POST
def webhook(request: HttpRequest, source: str, account: UUID) -> JsonResponse:
    """200 for what is kept (also once more), 401 for whoever cannot prove to be the broker, 404 where no account listens to it."""
    asked = BankAccount.objects.filter(uuid=account, feed=source, closed_on=None)
    found = asked.first() if source in _IDS else None
    if found is None:
        return _answer(404)
    now = timezone.now()
    try:
        body = request.read(LARGEST_BODY + 1)
    except UnreadablePostError:
        return _answer(400)
    scope.open_to([found.biller_id])
    try:
        return _take(request, found, source, body, now)
    finally:
        scope.close()


def _take(
    request: HttpRequest, account: BankAccount, source: str, body: bytes, now: datetime
) -> JsonResponse:
    if len(body) > LARGEST_BODY:
        return _answer(413)
    if not _is_genuine(request, account, source, body, now):
        _alarm(account, AlarmKind.FORGED, source, now)
        return _answer(401)
    try:
        text = text_of(body)
    except BadDelivery as bad:
        _alarm(account, AlarmKind.UNREADABLE, bad.code, now)
        return _answer(400)
    accept_delivery(account=account, source=source, external_id=_id_of(source, text), body=text, at=now)
    enqueue_once("payments.take_deliveries")
    return _answer(200)


def _is_genuine(request: HttpRequest, account: BankAccount, source: str, body: bytes, now: datetime) -> bool:
    key, _token = keys_of(account)
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
    if raise_alarm(account=account, kind=kind, detail=detail, at=now):
        enqueue_once("payments.take_deliveries")  # tells the accountant


def _answer(status: int) -> JsonResponse:
    return JsonResponse({"success": status == 200}, status=status)
