"""Residents sign in with an e-identity, or are shown the way without an account; leaving takes everything along."""

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bakhong.accounts import residents
from bakhong.accounts.access import public
from bakhong.accounts.actions import welcome_resident
from bakhong.accounts.adapters.e_identity import Confirmed, EIdentity, SignInFailed, e_identity
from bakhong.core.days import day_of
from bakhong.people.queries.residents import person_of
from bakhong.places.queries import served_unit
from bakhong.portal.holding import keep_begun
from bakhong.portal.views.pages import render_page

_PENDING = "portal.sign_in"
_PATIENCE = timedelta(minutes=10)
_HOME = "portal:mine"
_LONGEST = 500  # signs of an address to go back to: it lies in the session of somebody who has not signed in
# Pages a sign-in may lead back to; the desk has a door of its own.
_PARTS = ("/toi/", "/nop/", "/thu-tuc/", "/tra-cuu/")


@public
@never_cache
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    if getattr(request, "resident", None) is not None:
        return redirect(wanted_address(request.GET.get("next", "")))
    return _page(request, wanted=request.GET.get("next", ""))


@public
@never_cache
@require_POST
def set_out(request: HttpRequest) -> HttpResponse:
    """To the provider. A page that leads on, not a redirect: the policy of our pages lets forms lead nowhere else."""
    provider = e_identity()
    if provider is None:
        return redirect(settings.RESIDENTS_LOGIN_URL)
    wanted = _kept_address(request.POST.get("next", ""))
    try:
        asked = provider.begin(_return_address(request))
    except SignInFailed as failed:
        return _page(request, wanted=wanted, problem=str(failed), status=failed.status)
    request.session[_PENDING] = {
        "state": asked.state,
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "next": wanted,
        "until": (timezone.now() + _PATIENCE).timestamp(),
    }
    return _rendered(request, "mine/on_the_way", address=asked.address, provider=provider)


@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponseBase:
    """The provider sends the browser here, once: what was kept for this question is forgotten before anything is looked at.

    Public, and stores who came (accounts/policies.py).
    """
    kept = request.session.pop(_PENDING, None)
    provider = e_identity()
    now = timezone.now()
    if provider is None:
        return redirect(settings.RESIDENTS_LOGIN_URL)
    if not _is_answer(request, kept, now.timestamp()):
        problem = _("Lần đăng nhập này đã cũ hoặc không bắt đầu từ trang này. Hãy bấm đăng nhập lại.")
        return _page(request, problem=problem, status=422)
    assert kept is not None
    if "code" not in request.GET:
        problem = _("Bạn đã dừng việc đăng nhập. Chưa có gì thay đổi.")
        return _page(request, wanted=kept["next"], problem=problem, status=422)
    try:
        confirmed = _confirmed(request, provider, kept)
    except SignInFailed as failed:
        return _page(request, wanted=kept["next"], problem=str(failed), status=failed.status)
    welcome(request, confirmed)
    return redirect(wanted_address(kept["next"]))


@public
@never_cache
@require_http_methods(["POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Nothing of the visit is left in this browser, codes and drafts included."""
    provider = e_identity() if getattr(request, "resident", None) is not None else None
    residents.end(request)
    rotate_token(request)
    leave = provider.leave(request.build_absolute_uri("/")) if provider else ""
    return _rendered(request, "mine/signed_out", leave=leave, provider=provider)


def welcome(request: HttpRequest, confirmed: Confirmed) -> None:
    """The visit begins. At level 2 the number leads to their record in the roll; a level 1 account was never seen in person."""
    said, now = confirmed.said, timezone.now()
    person = (
        person_of(said.national_id, name=said.full_name, birth=said.birth)
        if said.level >= 2 and said.national_id
        else None
    )
    resident = welcome_resident(
        issuer=confirmed.issuer,
        subject=confirmed.subject,
        level=said.level,
        person=person.uuid if person else None,
        at=now,
    )
    residents.start(request, resident, said, now)
    keep_begun(request)


def _confirmed(request: HttpRequest, provider: EIdentity, kept: dict[str, Any]) -> Confirmed:
    return provider.finish(
        code=request.GET["code"],
        iss=request.GET.get("iss", ""),
        redirect_uri=_return_address(request),
        nonce=kept["nonce"],
        verifier=kept["verifier"],
    )


def _is_answer(request: HttpRequest, kept: Any, now: float) -> bool:
    """Whether this browser asked, lately, and this is the answer to that question."""
    return (
        isinstance(kept, dict)
        and now <= kept["until"]
        and secrets.compare_digest(request.GET.get("state", "").encode(), kept["state"].encode())
    )


def _return_address(request: HttpRequest) -> str:
    """As it was registered with the provider: behind proxies, what the site is called outside."""
    path = reverse("portal:mine_come_back")
    return settings.ORIGIN + path if settings.CSRF_TRUSTED_ORIGINS else request.build_absolute_uri(path)


def wanted_address(address: str) -> str:
    """Where to go after signing in: the page that was asked for, if it is one of ours."""
    is_ours = (
        len(address) <= _LONGEST
        and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
        and address.startswith(_PARTS)
    )
    return address if is_ours and not address.startswith(settings.RESIDENTS_LOGIN_URL) else reverse(_HOME)


def _kept_address(wanted: str) -> str:
    """What may be kept of an address anybody could have typed; "" for nothing of ours."""
    return wanted if wanted_address(wanted) == wanted else ""


def _page(request: HttpRequest, *, wanted: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    return _rendered(
        request,
        "mine/sign_in",
        status=status,
        provider=e_identity(),
        trial=_trial_address(),
        wanted=_kept_address(wanted),
        problem=problem,
    )


def way_in(request: HttpRequest) -> str:
    """Where whoever has not signed in may, to come back to this page afterwards; "" where there is nothing to sign in with."""
    if getattr(request, "resident", None) is not None or not (e_identity() or _trial_address()):
        return ""
    return reverse("portal:mine_sign_in") + "?" + urlencode({"next": request.get_full_path()})


def _trial_address() -> str:
    """Where the demo lets one be an invented resident; "" anywhere else, where that address does not exist."""
    try:
        return reverse("demo:e_identity") if settings.DEMO else ""
    except NoReverseMatch:
        return ""


def _rendered(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render_page(request, template, served_unit(day_of(timezone.now())), **context)
    response.status_code = status
    return response
