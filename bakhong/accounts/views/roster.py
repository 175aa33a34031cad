"""The roster of a unit: who counts in criteria G1 and G2, and whose certificate needs attention."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bakhong.accounts import actions
from bakhong.accounts.access import StaffRequest, requires
from bakhong.accounts.forms import CertificateForm, DayForm, OfficialForm
from bakhong.accounts.frame import page
from bakhong.accounts.models import Certificate, Official
from bakhong.accounts.queries import roster_on
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.places.models import Unit


def unit_of_official(official: UUID) -> Unit | None:
    found = Official.objects.select_related("unit").filter(uuid=official).first()
    return found.unit if found else None


def unit_of_certificate(certificate: UUID) -> Unit | None:
    found = Certificate.objects.select_related("official__unit").filter(uuid=certificate).first()
    return found.official.unit if found else None


@requires("roster.view", post="roster.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: StaffRequest, unit: Unit) -> HttpResponse:
    form = OfficialForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_official(unit=unit, by=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã thêm cán bộ."))
            return redirect("accounts:roster", unit.uuid)
    return page(
        request,
        "accounts/roster.html",
        unit=unit,
        active="roster",
        status=422 if form.errors else 200,
        form=form,
        roster=roster_on(unit, day_of(timezone.now())),
        may_manage=request.actor.may("roster.manage", unit.pk),
    )


@requires("roster.view", post="roster.manage", at=unit_of_official)
@require_http_methods(["GET", "HEAD", "POST"])
def official(request: StaffRequest, official: UUID) -> HttpResponse:
    """One official with all certificates; the POST notes a new certificate."""
    found = get_object_or_404(Official.objects.select_related("unit"), uuid=official)
    form = CertificateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_certificate(
                official=found, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi chứng thư số."))
            return redirect("accounts:official", found.uuid)
    return _official_page(request, found, form, DayForm(), 422 if form.errors else 200)


@requires("roster.manage", at=unit_of_official)
@require_POST
def end_official(request: StaffRequest, official: UUID) -> HttpResponse:
    found = get_object_or_404(Official.objects.select_related("unit"), uuid=official)
    form = DayForm(request.POST)
    if form.is_valid():
        try:
            actions.end_official(
                official=found, on=form.cleaned_data["on"], by=request.actor, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi thôi nhiệm vụ."))
            return redirect("accounts:roster", found.unit.uuid)
    return _official_page(request, found, CertificateForm(), form, 422)


@requires("roster.manage", at=unit_of_certificate)
@require_POST
def revoke(request: StaffRequest, certificate: UUID) -> HttpResponse:
    found = get_object_or_404(Certificate.objects.select_related("official"), uuid=certificate)
    now = timezone.now()
    actions.revoke_certificate(certificate=found, on=day_of(now), by=request.actor, at=now)
    messages.success(request, _("Đã ghi thu hồi chứng thư số."))
    return redirect("accounts:official", found.official.uuid)


def _official_page(
    request: StaffRequest, found: Official, form: CertificateForm, day_form: DayForm, status: int
) -> HttpResponse:
    return page(
        request,
        "accounts/official.html",
        unit=found.unit,
        active="roster",
        status=status,
        official=found,
        certificates=found.certificates.order_by("-valid_to"),
        form=form,
        day_form=day_form,
        may_manage=request.actor.may("roster.manage", found.unit_id),
    )
