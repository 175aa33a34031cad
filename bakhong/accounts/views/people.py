"""Who holds which role at a unit: list, invite, end, close, reopen, new link."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from bakhong.accounts import actions
from bakhong.accounts.access import StaffRequest, requires
from bakhong.accounts.actions.people import LINK_DAYS
from bakhong.accounts.forms import InviteForm
from bakhong.accounts.frame import language, page
from bakhong.accounts.models import Assignment, User
from bakhong.accounts.queries import assignments_at, has_second_factor, may_manage
from bakhong.accounts.rules.roles import ROLES, roles_at
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.places.models import Unit


@requires("accounts.view", post="accounts.invite")
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: StaffRequest, unit: Unit) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None, roles=_grantable(request, unit))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            invited = actions.invite(
                email=data["email"], role=data["role"], unit=unit, by=request.actor, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _after_link(request, unit, invited.user, invited.token)
    return _list(request, unit, form, status=422 if form.errors else 200)


@requires("accounts.manage")
@require_POST
def end(request: StaffRequest, unit: Unit, assignment: UUID) -> HttpResponse:
    found = get_object_or_404(Assignment.objects.select_related("place"), uuid=assignment)
    if not request.actor.works_for(found.place_id):
        raise Http404
    actions.end_assignment(assignment=found, by=request.actor, at=timezone.now())
    messages.success(request, _("Đã kết thúc vai trò."))
    return redirect("accounts:people", unit.uuid)


_DEEDS = {
    "disable": (actions.disable_user, _lazy("Đã khóa tài khoản.")),
    "enable": (actions.enable_user, _lazy("Đã mở lại tài khoản.")),
}


@requires("accounts.manage")
@require_POST
def change(request: StaffRequest, unit: Unit, user: UUID, deed: str) -> HttpResponse:
    found = get_object_or_404(User, uuid=user)
    if not any(
        request.actor.works_for(place) for place in found.assignments.values_list("place_id", flat=True)
    ):
        raise Http404
    if deed == "reset" and not found.phone:
        token = actions.reset_user(user=found, by=request.actor, at=timezone.now())
        return _after_link(request, unit, found, token)
    if deed not in _DEEDS:
        raise Http404
    action, sentence = _DEEDS[deed]
    action(user=found, by=request.actor, at=timezone.now())
    messages.success(request, sentence)
    return redirect("accounts:people", unit.uuid)


def _grantable(request: StaffRequest, unit: Unit) -> list[tuple[str, str]]:
    """The roles this person may give here, as choices."""
    if not request.actor.may("accounts.invite", unit.pk):
        return []
    return [
        (role.code, role.name(language(request)))
        for role in roles_at(unit.level)
        if request.actor.may(f"accounts.grant_{role.code}", unit.pk)
    ]


def _after_link(request: StaffRequest, unit: Unit, user: User, token: str) -> HttpResponse:
    """The link is shown once and kept nowhere; that is why this page answers the POST itself."""
    link = request.build_absolute_uri(reverse("accounts:accept", args=[token])) if token else ""
    return page(
        request,
        "accounts/link.html",
        unit=unit,
        active="people",
        link=link,
        person=user,
        days=LINK_DAYS,
    )


def _list(request: StaffRequest, unit: Unit, form: InviteForm, status: int) -> HttpResponse:
    today = day_of(timezone.now())
    held = sorted(assignments_at(unit, today), key=lambda each: (str(each.user), each.user_id))
    rows = [_row(request, user, list(mine)) for user, mine in groupby(held, key=lambda each: each.user)]
    return page(
        request,
        "accounts/people.html",
        unit=unit,
        active="people",
        status=status,
        form=form,
        rows=rows,
        manages=any(row["is_manageable"] for row in rows),
    )


def _row(request: StaffRequest, user: User, held: list[Assignment]) -> dict[str, Any]:
    today = day_of(timezone.now())
    is_manageable = user != request.user and may_manage(request.actor, user, today)
    return {
        "user": user,
        "roles": [
            {
                "name": ROLES[each.role].name(language(request)) if each.role in ROLES else each.role,
                "assignment": each,
                "may_end": user != request.user
                and request.actor.may("accounts.manage", each.place_id)
                and request.actor.may(f"accounts.grant_{each.role}", each.place_id),
            }
            for each in held
        ],
        "is_manageable": is_manageable,
        "is_waiting": not user.has_usable_password(),
        "has_second_factor": has_second_factor(user),
    }
