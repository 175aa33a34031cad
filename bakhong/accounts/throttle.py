"""Slowing down guesses: by account and address together, and per account whatever the address.

An attempt is counted before the secret is looked at, so that two workers cannot both let a guess through, and uncounted when it was right.
Where the device (a signed cookie) or else the address is one from which this user has signed in before, it has a counter of its own:
guesses made elsewhere never slow its owner down. All other attempts on one account share one counter. An address alone is never locked:
a whole commune stands behind one.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bakhong.accounts.models import Familiar, SpentCode, Throttle, User
from bakhong.accounts.rules.delays import delay_after
from bakhong.core.errors import Refusal

DEVICE_COOKIE = "device"
SOURCE_TRIES = 200  # wrong codes an hour from one address: a whole commune may stand behind one
_REMEMBERED = timedelta(days=180)
_FORGET_FAILURES = timedelta(days=1)
_FORGET_CODES = timedelta(minutes=10)


class TooMany(Refusal):
    """Guessed too often: says how long to wait."""

    status = 429

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        wait = (
            ngettext("%(n)d giây", "%(n)d giây", seconds) % {"n": seconds}
            if seconds < 120
            else ngettext("%(n)d phút", "%(n)d phút", minutes) % {"n": minutes}
        )
        super().__init__(_("Đã thử sai nhiều lần. Hãy đợi %(wait)s rồi thử lại.") % {"wait": wait})


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks: the peer's, or what the nearest BAKHONG_PROXIES proxies say it was."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted: int = settings.TRUSTED_PROXIES
    return hops[-trusted] if 0 < trusted <= len(hops) else peer


def claim(*, email: str, request: HttpRequest, at: datetime) -> str:
    """Count an attempt to sign in as `email`; returns its counter's key.

    Raises: TooMany, when the last failures ask for a longer wait.
    """
    return _claim(_key(email, _source(email, request)), request, at)


def claim_pin(source: str, *, request: HttpRequest, at: datetime) -> str:
    """Count an attempt with a PIN; `source` is the account with its own phone, or the network of whoever has another phone.

    Raises: TooMany.
    """
    return _claim(_hash("pin", source), request, at)


def claim_code(source: str, *, at: datetime, tries: int = 10, window: timedelta = timedelta(hours=1)) -> str:
    """Count an attempt with a code somebody holds (of a draft, a dossier); `uncount` when it was right. `source` says what is counted:
    the code itself, or where the attempt comes from. So many wrong ones within the window from the first, then one waits for its end.

    Raises: TooMany.
    """
    key = _hash("code-tries", source)
    with transaction.atomic():
        Throttle.objects.bulk_create(
            [Throttle(key=key, blocked_until=at, tried_at=at)], ignore_conflicts=True
        )
        row = Throttle.objects.select_for_update().get(key=key)
        if at - row.tried_at >= window:
            row.tried_at, row.failures = at, 0
        if row.failures >= tries:
            raise TooMany(max(1, round((row.tried_at + window - at).total_seconds())))
        row.failures += 1
        row.save()
    return key


def _claim(key: str, request: HttpRequest, at: datetime) -> str:
    with transaction.atomic():
        Throttle.objects.bulk_create(
            [Throttle(key=key, blocked_until=at, tried_at=at)], ignore_conflicts=True
        )
        row = Throttle.objects.select_for_update().get(key=key)
        if row.blocked_until > at:
            request.is_throttled = True  # type: ignore[attr-defined]
            raise TooMany(max(1, round((row.blocked_until - at).total_seconds())))
        row.failures = 1 if at - row.tried_at > _FORGET_FAILURES else row.failures + 1
        row.blocked_until = at + delay_after(row.failures)
        row.tried_at = at
        row.save()
    return key


def uncount(key: str, at: datetime) -> None:
    """The attempt was right, though signing in may not be over: take its count back."""
    with transaction.atomic():
        row = Throttle.objects.select_for_update().filter(key=key).first()
        if row is not None:
            row.failures = max(0, row.failures - 1)
            row.blocked_until = at
            row.save()


def succeed(*, user: User, request: HttpRequest, at: datetime) -> None:
    """Signed in: forget this source's failures and know it from now on. `remember_device` hands the cookie out."""
    Throttle.objects.filter(key=_key(user.login, _source(user.login, request))).delete()
    device = read_device(request) or secrets.token_urlsafe(16)
    request.new_device = device  # type: ignore[attr-defined]
    for source in (_hash("device", device), _hash("address", client_address(request))):
        Familiar.objects.update_or_create(user=user, source=source, defaults={"seen_at": at})


def remember_device(request: HttpRequest, response: HttpResponseBase) -> None:
    device = getattr(request, "new_device", "")
    if device:
        response.set_cookie(
            DEVICE_COOKIE,
            signing.dumps(device, salt="accounts.device"),
            max_age=_REMEMBERED,
            path="/accounts/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def read_device(request: HttpRequest) -> str:
    """The device's own random name, "" where it has no cookie of ours."""
    try:
        return str(
            signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt="accounts.device", max_age=_REMEMBERED)
        )
    except signing.BadSignature:
        return ""


def spend_code(user: User, code: str, at: datetime) -> bool:
    """True the first time; False when this code was accepted moments ago. The unique key decides, not the look."""
    SpentCode.objects.filter(spent_at__lt=at - _FORGET_CODES).delete()
    digest = _hash("code", code)
    _row, is_new = SpentCode.objects.get_or_create(user=user, digest=digest, defaults={"spent_at": at})
    return is_new


def purge(at: datetime) -> None:
    """Drop what is too old to matter. A counter made for an address that does not exist goes here too."""
    Throttle.objects.filter(tried_at__lt=at - _FORGET_FAILURES).delete()
    Familiar.objects.filter(seen_at__lt=at - _REMEMBERED).delete()
    SpentCode.objects.filter(spent_at__lt=at - _FORGET_CODES).delete()


def _source(email: str, request: HttpRequest) -> str:
    """The device where it is familiar to this user, else the address where that is, else "" (anywhere else)."""
    device = read_device(request)
    candidates = [_hash("device", device)] if device else []
    candidates.append(_hash("address", client_address(request)))
    known = set(
        Familiar.objects.filter(user__email=email.strip().lower(), source__in=candidates).values_list(
            "source", flat=True
        )
    )
    return next((source for source in candidates if source in known), "")


def _key(email: str, source: str) -> str:
    return _hash("account", f"{email.strip().lower()}\n{source}")


def _hash(purpose: str, value: str) -> str:
    return salted_hmac(f"accounts.{purpose}", value, algorithm="sha256").hexdigest()
