"""Default deny: every view says who may open it.

    @public                                       anybody
    @signed_in                                    any member of staff
    @at_work                                      staff with any role at the unit named by the URL; the view gets the Unit
    @resident_only                                a resident who has signed in with an e-identity
    @requires("figures.view")                     staff who hold it at the unit named by the URL (`<uuid:unit>`); the view gets the Unit
    @requires("roster.view", post="roster.manage")    the same, and another permission for sending the page
    @requires("periods.approve", at=period_unit)  the unit is found from the URL's arguments: `period_unit(**kwargs) -> Unit | None`
    @requires("accounts.invite", anywhere=True)   staff who hold it at any place

Where a unit is named, a place at which somebody holds no role answers exactly like one that does not exist (404); where they hold a
role that lacks the permission, they are told so (403). A view without one of these is refused by
the middleware; views of other people's code are listed in `accounts.policies`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import ResidentActor
from bakhong.accounts.rules.roles import is_known
from bakhong.core.errors import NotAllowed
from bakhong.places.models import Unit


class StaffRequest(HttpRequest):
    """What a view behind `signed_in` or `requires` gets."""

    user: User
    actor: StaffActor


class ResidentRequest(HttpRequest):
    """What a view behind `resident_only` gets."""

    actor: ResidentActor
    resident: ResidentActor


class View(Protocol):
    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


@dataclass(frozen=True)
class Policy:
    """Who may open a view.

    `writes_on_get`: other people's code that stores something on GET (a code marked as shown).
    `reads_database` is False where the view must answer without one.
    """

    kind: str  # "public", "signed_in", "at_work", "resident" or "requires"
    permission: str = ""
    anywhere: bool = False
    writes_on_get: bool = False
    reads_database: bool = True


PUBLIC = Policy("public")
SIGNED_IN = Policy("signed_in")
AT_WORK = Policy("at_work")
RESIDENT = Policy("resident")

UnitFinder = Callable[..., Unit | None]


def public(view: View) -> View:
    return _declare(view, PUBLIC)


def signed_in(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    return _declare(guarded, SIGNED_IN)


def at_work(view: View) -> View:
    """What is nobody's in particular at a place of work, or the reader's own: whatever role they hold there opens it."""

    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs | {"unit": _workplace(request, kwargs["unit"])})

    return _declare(guarded, AT_WORK)


def resident_only(view: View) -> View:
    """Their own things: PeopleMiddleware opens the connection to this one resident, and to nobody else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "resident", None) is None:
            return to_residents_sign_in(request)
        return view(request, *args, **kwargs)

    return _declare(guarded, RESIDENT)


def to_residents_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Where residents sign in; afterwards they are led back to what they wanted to read."""
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return (
        redirect_to_login(wanted, settings.RESIDENTS_LOGIN_URL)
        if wanted
        else redirect(settings.RESIDENTS_LOGIN_URL)
    )


def requires(
    permission: str, *, post: str | None = None, at: UnitFinder | None = None, anywhere: bool = False
) -> Callable[[View], View]:
    """Let in whoever holds `permission` (`post`, where given, for anything but reading) at the unit.

    Without `at`, the URL names the unit as `<uuid:unit>` and the view gets the Unit in its place. With `at`, the view's arguments stay
    as they are.
    """
    assert is_known(permission), permission
    assert post is None or is_known(post), post
    assert not (at and anywhere)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            needed = post if post and request.method not in ("GET", "HEAD") else permission
            if anywhere:
                unit = None
            elif at:
                unit = at(**kwargs)
                if unit is None or not request.actor.works_for(unit.id):
                    raise Http404
            else:
                unit = _workplace(request, kwargs["unit"])
            if not request.actor.may(needed, unit.id if unit else None):
                raise NotAllowed(_("Vai trò của bạn không được làm việc này ở đây."))
            if not at and not anywhere:
                kwargs["unit"] = unit
            return view(request, *args, **kwargs)

        return _declare(guarded, Policy("requires", permission, anywhere=anywhere))

    return decorate


def _workplace(request: StaffRequest, uuid: UUID) -> Unit:
    unit: Unit | None = Unit.objects.filter(uuid=uuid).first()
    if unit is None or not request.actor.works_for(unit.id):
        raise Http404
    return unit


def declared_policy(view: Any) -> Policy | None:
    """The policy a view declares itself; None when it declares none."""
    policy: Policy | None = getattr(view, "access_policy", None)
    return policy


def _declare(view: View, policy: Policy) -> View:
    view.access_policy = policy  # type: ignore[attr-defined]
    return view


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    entrance = entrance_of(request.path)
    home = "/desk/" if entrance == settings.LOGIN_URL else entrance
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else home
    return redirect_to_login(wanted, entrance)


def entrance_of(path: str) -> str:
    """The sign-in page of the part of the site that an address belongs to."""
    parts: dict[str, str] = settings.ENTRANCES
    return next((entrance for part, entrance in parts.items() if path.startswith(part)), settings.LOGIN_URL)
