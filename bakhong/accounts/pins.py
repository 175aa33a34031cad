"""Signing in by telephone number and PIN, on the phone that opened the card.

A cookie names the phone; its PIN works nowhere else. So a guess from any other phone is hopeless, whatever it guesses, and slows nobody
down but its own network; on the phone itself wrong guesses wait longer and longer, and after `TRIES` of them in a row the PIN is dead until
a new card is printed. A stranger, somebody else's phone and a wrong PIN get the same answer after the same work.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db.models import F
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bakhong.accounts import throttle
from bakhong.accounts.actions import note_wrong_pin
from bakhong.accounts.models import PhoneDevice, User
from bakhong.accounts.permissions import Anonymous
from bakhong.accounts.rules.phones import mobile, pin_digits
from bakhong.core.errors import Refusal

COOKIE = "phone"
TRIES = 10
_KEPT = timedelta(days=400)  # browsers keep no cookie longer
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_BOUND = "phone"  # in the session: the digest of the phone it was opened on


class Wrong(Refusal):
    """Number and PIN do not open this phone."""


class Locked(Refusal):
    """The PIN was wrong too often; only a new card helps."""


def name_on(request: HttpRequest) -> str:
    """The name this phone was given; "" where it has none. Two members may share one phone."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt="accounts.phone", max_age=_KEPT))
    except signing.BadSignature:
        return ""


def digest_of(request: HttpRequest) -> str:
    """What is kept of the phone's name; "" where it has none."""
    name = name_on(request)
    return digest_for(name) if name else ""


def new_name() -> str:
    """A random name for a phone."""
    return secrets.token_urlsafe(32)


def digest_for(name: str) -> str:
    return salted_hmac("accounts.phone", name, algorithm="sha256").hexdigest()


def name_phone(response: HttpResponseBase, name: str) -> None:
    """Give the phone its name, kept for as long as browsers keep anything."""
    response.set_cookie(
        COOKIE,
        signing.dumps(name, salt="accounts.phone"),
        max_age=_KEPT,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def card_path(code: str) -> str:
    """Where the QR code of a card leads; without a code, where it can be typed."""
    return f"{settings.ENTRANCES['/to/']}{code}/" if code else str(settings.ENTRANCES["/to/"])


def number_on(request: HttpRequest) -> str:
    """The number of the one member whose PIN works on this phone; "" for none or several."""
    digest = digest_of(request)
    found = list(User.objects.filter(device__digest=digest, is_active=True)[:2]) if digest else []
    return str(found[0].phone) if len(found) == 1 else ""


def sign_in(request: HttpRequest, *, phone: str, pin: str, at: datetime) -> User:
    """Open a session on this phone.

    Raises: Wrong, Locked, throttle.TooMany.
    """
    user = User.objects.select_related("device").filter(phone=mobile(phone) or "", is_active=True).first()
    device = getattr(user, "device", None)
    digest = digest_of(request)
    is_own = device is not None and constant_time_compare(device.digest, digest)
    source = f"{mobile(phone)}\n{digest}" if is_own else throttle.client_address(request)
    counter = throttle.claim_pin(source, request=request, at=at)
    if user is None or not is_own:
        make_password(pin_digits(pin))  # as much work as looking at a real PIN
        raise Wrong(_("Số điện thoại hoặc mã PIN không đúng, hoặc thẻ đã được đổi."))
    left = _spend_try(user)
    if left is None:
        raise Locked(_("Mã PIN đã bị khóa vì sai %(n)d lần.") % {"n": TRIES})
    if not user.check_password(pin_digits(pin)):
        _refused(user, left, at)
    throttle.uncount(counter, at)
    PhoneDevice.objects.filter(user=user).update(failures=0)
    open_session(request, user, digest)
    return user


def open_session(request: HttpRequest, user: User, digest: str) -> None:
    """Sign this member in on the phone whose cookie has this digest."""
    login(request, user, backend=_BACKEND)
    request.session[_BOUND] = digest
    request.session.set_expiry(settings.PIN_SESSION_AGE)


def is_elsewhere(request: HttpRequest) -> bool:
    """True for a session of a PIN that is not on the phone it was opened on."""
    bound = str(request.session.get(_BOUND, ""))
    return not bound or not constant_time_compare(bound, digest_of(request))


def keep_form(request: HttpRequest) -> None:
    """The page being made is a long form: going back to it after the signal was lost must find it as it was left.

    Only on the phone of a PIN, which is nobody else's; elsewhere nothing of a signed-in page is kept.
    """
    request.keeps_form = not request.user.is_anonymous and bool(request.user.phone)  # type: ignore[attr-defined]


def keeps_form(request: HttpRequest) -> bool:
    return bool(getattr(request, "keeps_form", False))


def _spend_try(user: User) -> int | None:
    """Count a try before the PIN is looked at; how many are left then, None when there was none left."""
    spent = PhoneDevice.objects.filter(user=user, failures__lt=TRIES).update(failures=F("failures") + 1)
    if not spent:
        return None
    return TRIES - PhoneDevice.objects.get(user=user).failures


def _refused(user: User, left: int, at: datetime) -> None:
    note_wrong_pin(user=user, is_last=not left, by=Anonymous(), at=at)
    if not left:
        raise Locked(_("Mã PIN đã bị khóa vì sai %(n)d lần.") % {"n": TRIES})
    told = ngettext("Mã PIN không đúng. Còn %(n)d lần thử.", "Mã PIN không đúng. Còn %(n)d lần thử.", left)
    raise Wrong(told % {"n": left})
