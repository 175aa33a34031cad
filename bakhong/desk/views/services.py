"""Digital services: how many of a unit have each, and recording that somebody has one, or why not."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import covered_ids
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.forms.services import ServiceForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.service_lines import KINDS, audience, lines_of, reason_word, state_word
from bakhong.people import actions as deeds
from bakhong.people import looks
from bakhong.people.models import Adoption, Organisation, Person, PhoneSubscription, Subject
from bakhong.people.permissions import EDIT, VIEW
from bakhong.people.queries import roll
from bakhong.people.queries.identity import mask
from bakhong.people.queries.records import members_of, person_at
from bakhong.people.queries.service_counts import ServiceCount, service_counts
from bakhong.people.rules.services import Service, services
from bakhong.places.models import Unit
from bakhong.ui.figures import Figure


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """Per service: whom it is for, who has it, who misses it; each number opens its list."""
    counts = service_counts(request.actor, unit, today())
    return page(
        request,
        "desk/services/index.html",
        unit=unit,
        active="services",
        lines=[_counted(each, unit) for each in counts],
        is_empty=not any(each.eligible for each in counts),
    )


def _counted(count: ServiceCount, unit: Unit) -> dict[str, Any]:
    having, missing = _lists(count.service, unit)
    figure = Figure(
        numerator=count.having,
        denominator=count.eligible,
        counted=audience(count.service),
        on=today(),
        is_day_of_count=True,
        url=having,
    )
    return {"count": count, "figure": figure if count.eligible else None, "missing_url": missing}


def _lists(service: Service, unit: Unit) -> tuple[str, str]:
    """The addresses of who has it and of who misses it."""
    if service.counted == "person":
        address = reverse("desk:residents", args=[unit.uuid])
        return f"{address}?service={service.code}&has=yes", f"{address}?service={service.code}&has=no"
    address = reverse(f"desk:{service.counted}s", args=[unit.uuid])
    return address, f"{address}?missing={service.code}"


@unit_page(VIEW, post=EDIT)
def record(request: StaffRequest, unit: Unit, service: str, subject: UUID) -> HttpResponseBase:
    """What was said of one service of one subject, and the form to say more."""
    asked = _service(service)
    found = _subject(request, unit, asked, subject)
    form = ServiceForm(request.POST if request.method == "POST" else None, service=asked)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.record_adoptions(
                entries=[form.entry(asked.counted, found)],
                source=form.cleaned_data["source"],
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Đã ghi: %(service)s. Ghi nhầm thì bấm “Rút lại” ở dòng đó.") % {"service": asked.name_vi},
            )
            return redirect(_home(unit, asked.counted, found))
    if isinstance(found, Person):
        looks.note(request, found)
    (shown,) = [each for each in lines_of(found, today(), request.actor.id) if each.line.service is asked]
    return page(
        request,
        "desk/services/record.html",
        unit=unit,
        active="residents",
        status=422 if form.is_bound else 200,
        service=asked,
        subject=found,
        title=_title(found),
        shown=shown,
        facts=[_told(asked, each, shown.line.doubts) for each in shown.line.facts],
        form=form,
        home_url=_home(unit, asked.counted, found),
        may_edit=request.actor.may(EDIT, found.village_id),
    )


@unit_page(VIEW, post=EDIT)
def retract(request: StaffRequest, unit: Unit, service: str, subject: UUID, fact: UUID) -> HttpResponseBase:
    """Undo: what was recorded is taken back by a new fact."""
    asked = _service(service)
    found = _subject(request, unit, asked, subject)
    if request.method == "POST":
        facts = list(
            Adoption.objects.filter(uuid=fact, service=asked.code, retracts=None, **{asked.counted: found})
        )
        if not facts:
            raise NotFound("")
        deeds.retract_adoptions(adoptions=facts, by=request.actor, at=now())
        messages.success(request, _("Đã rút lại điều đã ghi."))
    return redirect(_home(unit, asked.counted, found))


def _service(code: str) -> Service:
    """Raises: NotFound."""
    found = services().get(code)
    if found is None:
        raise NotFound("")
    return found


def _subject(request: StaffRequest, unit: Unit, service: Service, uuid: UUID) -> Subject:
    """Raises: NotFound when it is not there, or elsewhere."""
    if service.counted == "person":
        return person_at(request.actor, unit, today(), uuid)
    rows = KINDS[service.counted].objects.for_user(request.actor)
    found: Subject | None = rows.filter(uuid=uuid).select_related("village").first()
    if found is None or found.village_id not in covered_ids([unit.pk], today()):
        raise NotFound("")
    if service.counted == "household" and not _has_members(request, unit, found):
        raise NotFound("")
    return found


def _has_members(request: StaffRequest, unit: Unit, household: Any) -> bool:
    ids = [each.pk for each in members_of(household, request.actor)]
    return roll.residents(request.actor, unit, today()).filter(pk__in=ids).exists()


def _home(unit: Unit, kind: str, subject: Subject) -> str:
    return reverse(f"desk:{kind}", args=[unit.uuid, subject.uuid]) + "#services"


def _title(subject: Subject) -> str:
    if isinstance(subject, Person):
        return subject.name
    if isinstance(subject, PhoneSubscription):
        return _("Thuê bao %(number)s") % {"number": mask(subject.number)}
    return subject.name if isinstance(subject, Organisation) else _("Hộ")


def _told(service: Service, fact: Adoption, doubts: tuple[Adoption, ...]) -> dict[str, Any]:
    return {
        "fact": fact,
        "word": state_word(service, fact.state),
        "reason": reason_word(fact.reason),
        "is_doubt": fact in doubts,
    }
