"""Members without an e-mail address: enrolling them by telephone number and printing their cards."""

from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bakhong.accounts import actions, pins
from bakhong.accounts.access import StaffRequest, requires
from bakhong.accounts.actions.people import LINK_DAYS
from bakhong.accounts.forms import PhoneMemberForm
from bakhong.accounts.frame import contact, language, page
from bakhong.accounts.models import User
from bakhong.accounts.queries import assignments_at, may_manage
from bakhong.accounts.rules.roles import COMMUNE, ROLES, VILLAGE
from bakhong.accounts.rules.tokens import in_fours
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.places.models import Unit
from bakhong.places.queries import descendants

_MOST = 40  # cards on one sheet


@requires("accounts.view", post="accounts.invite")
@never_cache  # the answer to a POST shows a code
@require_http_methods(["GET", "HEAD", "POST"])
def phones(request: StaffRequest, unit: Unit) -> HttpResponse:
    places = _places(unit)
    form = PhoneMemberForm(
        request.POST if request.method == "POST" else None,
        roles=_roles(request, places),
        places=[(str(each.uuid), each.full_name) for each in places],
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        place = next(each for each in places if str(each.uuid) == data["place"])
        try:
            assignment, card = actions.enrol_by_phone(
                name=data["name"],
                phone=data["phone"],
                role=data["role"],
                unit=place,
                by=request.actor,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if card:
                return _sheet(request, unit, [card])
            messages.success(
                request,
                _("%(name)s đã có tài khoản với số này nên không cần thẻ mới. Đã giao thêm vai trò.")
                % {"name": assignment.user},
            )
            return redirect("accounts:phones", unit.uuid)
    return _list(request, unit, form, status=422 if form.errors else 200)


@requires("accounts.manage")
@never_cache
@require_POST
def cards(request: StaffRequest, unit: Unit) -> HttpResponse:
    """New cards for the members ticked, on one sheet."""
    asked = {str(text) for text in request.POST.getlist("user")[:_MOST]}
    found = [each for each in _members(unit) if str(each.uuid) in asked]
    if len(found) != len(asked):
        raise Http404
    if not found:
        messages.error(request, _("Chưa chọn ai. Đánh dấu những người cần thẻ rồi bấm lại."))
        return redirect("accounts:phones", unit.uuid)
    return _sheet(request, unit, actions.issue_cards(users=found, by=request.actor, at=timezone.now()))


def qr(text: str, label: str) -> SafeString:
    """A QR code as SVG within the page."""
    drawn = segno.make(text, error="m", micro=False)
    # segno escapes its title; the rest of the drawing is numbers.
    return SafeString(drawn.svg_inline(border=2, title=label, omitsize=True))


def _sheet(request: StaffRequest, unit: Unit, made: list[actions.Card]) -> HttpResponse:
    """The codes are shown once and kept nowhere; that is why this page answers the POST itself."""
    shown = [
        {
            "user": card.user,
            "code": in_fours(card.code),
            "qr": qr(
                request.build_absolute_uri(pins.card_path(card.code)),
                _("Mã QR đăng nhập của %(name)s") % {"name": card.user},
            ),
        }
        for card in made
    ]
    context = {
        "unit": unit,
        "cards": shown,
        "days": LINK_DAYS,
        "entrance": request.build_absolute_uri(pins.card_path("")),
        "unit_contact": contact(unit, day_of(timezone.now())),
    }
    return render(request, "accounts/cards.html", context)


def _places(unit: Unit) -> list[Unit]:
    """Where a member can be enrolled from here: the unit and its villages."""
    if unit.level == VILLAGE:
        return [unit]
    if unit.level != COMMUNE:
        return []
    return [unit, *descendants(unit, day_of(timezone.now()), VILLAGE).order_by("sort_key")]


def _roles(request: StaffRequest, places: list[Unit]) -> list[tuple[str, str]]:
    if not places or not request.actor.may("accounts.invite", places[0].pk):
        return []
    levels = {each.level for each in places}
    return [
        (role.code, role.name(language(request)))
        for role in ROLES.values()
        if role.by_phone
        and levels & set(role.levels)
        and request.actor.may(f"accounts.grant_{role.code}", places[0].pk)
    ]


def _members(unit: Unit) -> list[User]:
    """Those who sign in by telephone number and hold a role here or below, by name."""
    held = assignments_at(unit, day_of(timezone.now()))
    found = {each.user_id: each.user for each in held if each.user.phone}
    return sorted(found.values(), key=lambda user: (user.name, user.pk))


def _list(request: StaffRequest, unit: Unit, form: PhoneMemberForm, status: int) -> HttpResponse:
    today = day_of(timezone.now())
    held = [each for each in assignments_at(unit, today) if each.user.phone]
    devices = dict(
        User.objects.filter(pk__in={each.user_id for each in held}, device__isnull=False).values_list(
            "pk", "device__failures"
        )
    )
    rows = [
        {
            "user": user,
            "roles": [
                {"name": ROLES[each.role].name(language(request)), "place": each.place}
                for each in held
                if each.user_id == user.pk
            ],
            "state": _state(user, devices.get(user.pk)),
            "is_manageable": user != request.user and may_manage(request.actor, user, today),
        }
        for user in _members(unit)
    ]
    context: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "manages": any(row["is_manageable"] for row in rows),
        "days": LINK_DAYS,
    }
    return page(request, "accounts/phones.html", unit=unit, active="phones", status=status, **context)


def _state(user: User, failures: int | None) -> str:
    if not user.is_active:
        return "closed"
    if failures is None:
        return "waiting"
    return "locked" if failures >= pins.TRIES else "working"
