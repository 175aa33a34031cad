"""What every request passes: who is asking, whether the view may be opened at all, and that reading does not write."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from bakhong.accounts import pins, residents, throttle
from bakhong.accounts.access import entrance_of, to_residents_sign_in
from bakhong.accounts.models import User
from bakhong.accounts.permissions import Anonymous, StaffActor
from bakhong.accounts.policies import policy_for
from bakhong.accounts.queries import has_second_factor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.places.remembering import reading_the_map_once
from bakhong.ui.errors import error_page

log = logging.getLogger(__name__)

Next = Callable[[HttpRequest], HttpResponseBase]

# What somebody may still open who has to enrol a second factor first.
_WHILE_ENROLLING = frozenset(
    {"mfa_activate_totp", "account_logout", "account_reauthenticate", "set_language", "healthz", "readyz"}
)
# What a PIN does not open: a passphrase and a second factor are for those who sign in by e-mail.
_BY_EMAIL = ("account_change_password", "account_reauthenticate", "mfa_")
_SAFE = ("GET", "HEAD", "OPTIONS")


class AccessMiddleware:
    """Sets `request.actor` and `request.resident`, ends stale sessions, refuses views without a policy, sends approvers to enrol."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            # Nobody to ask about: no query, and the answer may be cached.
            request.actor, request.resident = Anonymous(), None  # type: ignore[attr-defined]
            return _finish(request, self.get_response(request))
        now = timezone.now()
        if request.user.is_authenticated and _is_stale(request, now.timestamp()):
            logout(request)
            messages.info(request, _("Phiên làm việc đã hết hạn. Hãy đăng nhập lại."))
        request.resident = None  # type: ignore[attr-defined]
        if isinstance(request.user, User):
            request.actor = StaffActor(request.user, day_of(now))  # type: ignore[attr-defined]
        else:
            request.resident = residents.resident_of(request, now)  # type: ignore[attr-defined]
            request.actor = request.resident or Anonymous()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if getattr(request, "resident", None) is not None:
            # On a computer that others use, the Back button must not bring a resident's pages back.
            patch_cache_control(response, private=True, no_store=True)
        if request.user.is_authenticated:
            # The next person at this PC must not see it with the Back button; on one's own phone Back must keep what was typed.
            kept = pins.keeps_form(request)
            patch_cache_control(
                response, private=True, **({"no_cache": True} if kept else {"no_store": True})
            )
        return _finish(request, response)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        assert request.resolver_match is not None
        policy = policy_for(request.resolver_match)
        if policy is None:
            log.error("Refused: %s declares no policy", request.resolver_match.view_name)
            raise Http404
        if policy.kind == "public":
            return None
        if policy.kind == "resident":
            return None if request.resident else to_residents_sign_in(request)  # type: ignore[attr-defined]
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path(), entrance_of(request.path))
        if request.user.phone and request.resolver_match.view_name.startswith(_BY_EMAIL):
            raise Http404
        if request.resolver_match.view_name in _WHILE_ENROLLING:
            return None
        actor: StaffActor = request.actor  # type: ignore[attr-defined]
        if actor.needs_second_factor() and not has_second_factor(request.user):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An action's "no" becomes a page with its sentence."""
        if not isinstance(exception, Refusal):
            return None
        # Written as for a page that does not exist: the sentence of a 404 would tell the two apart.
        return error_page(request, exception.status, "" if exception.status == 404 else str(exception))


class ReadOnlyMiddleware:
    """GET never writes: the database refuses it. The session is stored afterwards, by its own middleware.

    Stands last, so that nothing but the view runs inside the transaction.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with reading_the_map_once(), ExitStack() as stack:
            request.read_only = stack  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        assert request.resolver_match is not None
        policy = policy_for(request.resolver_match)
        if (
            request.method in _SAFE
            and policy is not None
            and policy.reads_database
            and not policy.writes_on_get
        ):
            stack: ExitStack = request.read_only  # type: ignore[attr-defined]
            stack.enter_context(_read_only())
        return None


@contextmanager
def _read_only() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


def _finish(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    throttle.remember_device(request, response)
    if getattr(request, "is_throttled", False) and response.status_code == 200:
        response.status_code = 429
    return response


def _is_stale(request: HttpRequest, now: float) -> bool:
    """Idle for too long, or too old altogether. Notes the visit, at most once a minute."""
    session = request.session
    started, seen = session.get("started_at"), session.get("seen_at")
    if started is None or seen is None:
        session["started_at"] = session["seen_at"] = now
        return False
    is_pin = bool(getattr(request.user, "phone", None))
    idle: timedelta = settings.PIN_SESSION_IDLE if is_pin else settings.SESSION_IDLE
    longest: int = settings.PIN_SESSION_AGE if is_pin else settings.SESSION_COOKIE_AGE
    if now - seen > idle.total_seconds() or now - started > longest:
        return True
    if is_pin and pins.is_elsewhere(request):
        return True
    if now - seen > 60:
        session["seen_at"] = now
    return False
