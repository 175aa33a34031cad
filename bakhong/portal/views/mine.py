"""A resident's own pages: what they filed, what is kept for them, what the commune knows about them, and who looked."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bakhong.accounts.access import ResidentRequest, resident_only
from bakhong.accounts.residents import claims
from bakhong.core.days import day_of
from bakhong.documents.queries.files import papers_of
from bakhong.documents.serve import file_response
from bakhong.dossiers.queries.dossiers import supplement_waited_for, timeline
from bakhong.dossiers.queries.updates import told_of
from bakhong.messaging.queries import inbox
from bakhong.people.models import Person
from bakhong.people.queries.records import looks_at
from bakhong.people.queries.residents import OPEN, corrections_of, mandates_held
from bakhong.places.models import Level, Unit
from bakhong.places.queries import ancestors, served_unit
from bakhong.portal.following import why_due
from bakhong.portal.holding import hold
from bakhong.portal.own import as_filed, begun_by, filed_by, known_lines, service_lines
from bakhong.portal.views.pages import render_page
from bakhong.portal.views.procedures import xa_of

LOOKS_SHOWN = 100


class OwnRequest(ResidentRequest):
    """What a view behind `own_page` gets: `person` is their record, on a connection that shows nobody else."""

    person: Person


def commune_above(person: Person, on: date) -> Unit:
    """The commune where somebody belongs, else the unit served here."""
    above = [person.village, *ancestors(person.village, on)]
    return next((unit for unit in above if unit.level == Level.COMMUNE), None) or served_unit(on)


def commune_of(request: ResidentRequest) -> Unit:
    """Whose telephone number stands on the page."""
    on = day_of(timezone.now())
    person: Person | None = getattr(request, "person", None)
    return commune_above(person, on) if person else served_unit(on)


def my_page(request: Any, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """One of the resident's own pages."""
    person = getattr(request, "person", None)
    response = render_page(
        request, f"mine/{template}", commune_of(request), resident=request.resident, person=person, **context
    )
    response.status_code = status
    return response


def own_page(view: Callable[..., HttpResponseBase]) -> Any:
    """A page about the resident's record; whoever has none is told what to do."""

    @resident_only
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "person", None) is None:
            return my_page(request, "no_record", status=200 if request.method in ("GET", "HEAD") else 409)
        return view(request, *args, **kwargs)

    return guarded


@resident_only
@require_safe
def home(request: ResidentRequest) -> HttpResponse:
    """What waits for them first, then every door."""
    person: Person | None = getattr(request, "person", None)
    now = timezone.now()
    filed = filed_by(person, now) if person else []
    said = claims(request)
    return my_page(
        request,
        "home",
        waiting=[each for each in filed if each.dossier.state in ("supplement", "duty")],
        open_count=sum(each.kind in ("doing", "late") for each in filed),
        begun=begun_by(person, day_of(now)) if person else [],
        corrections=[each for each in corrections_of(person) if each.request.state in OPEN] if person else [],
        held=mandates_held(said.national_id, day_of(now)) if said else [],
        letters=list(inbox(person=person.uuid)[:3]) if person else [],
        xa=xa_of(commune_of(request)),
    )


@own_page
@require_safe
def dossiers(request: OwnRequest) -> HttpResponse:
    now = timezone.now()
    return my_page(
        request,
        "dossiers",
        filed=filed_by(request.person, now),
        begun=begun_by(request.person, day_of(now)),
    )


@own_page
@require_POST
def go_on(request: OwnRequest, draft: UUID) -> HttpResponse:
    """Go on with a draft of one's own: this browser holds it from now on, as if its code had been typed."""
    found = next(
        (each for each in begun_by(request.person, day_of(timezone.now())) if each.draft.uuid == draft), None
    )
    if found is None:
        raise Http404
    hold(request, draft)
    return (
        redirect("portal:file_page", draft, found.draft.page)
        if found.draft.page
        else redirect("portal:file_code", draft)
    )


@own_page
@require_safe
def dossier(request: OwnRequest, dossier: UUID) -> HttpResponse:
    """One dossier: where it stands, what happened, the files of it that are theirs."""
    now = timezone.now()
    found = next((each for each in filed_by(request.person, now) if each.dossier.uuid == dossier), None)
    if found is None:
        raise Http404
    return my_page(
        request,
        "dossier",
        filed=as_filed(found.dossier, now),
        history=timeline(found.dossier, for_resident=True),
        asked=supplement_waited_for(found.dossier),
        updates=told_of(found.dossier),
        why=why_due(found.dossier),
        files=papers_of(request.person.uuid).filter(owner=dossier),
        letters=inbox(holders=[dossier]),
    )


@own_page
@require_POST
def open_dossier(request: OwnRequest, dossier: UUID) -> HttpResponse:
    """To the page where a holder answers, withdraws and fetches: this browser holds the dossier from now on."""
    found = next(
        (each for each in filed_by(request.person, timezone.now()) if each.dossier.uuid == dossier), None
    )
    if found is None:
        raise Http404
    hold(request, dossier)
    is_for_application = request.POST.get("den") == "don"
    return redirect("portal:application" if is_for_application else "portal:file_receipt", dossier)


@own_page
@require_safe
def documents(request: OwnRequest) -> HttpResponse:
    return my_page(request, "documents", files=papers_of(request.person.uuid))


@own_page
@require_safe
def document(request: OwnRequest, file: UUID) -> HttpResponse:
    found = papers_of(request.person.uuid).filter(uuid=file).first()
    if found is None:
        raise Http404
    return file_response(found)


@own_page
@require_safe
def known(request: OwnRequest) -> HttpResponse:
    on = day_of(timezone.now())
    return my_page(
        request,
        "known",
        lines=known_lines(request.person, on),
        services=service_lines(request.person, on),
        on=on,
    )


@own_page
@require_safe
def looks(request: OwnRequest) -> HttpResponse:
    """Who of the staff saw their record, when and why; the page goes on where the last one ended."""
    found = looks_at(request.person)
    before = request.GET.get("truoc", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: LOOKS_SHOWN + 1])
    return my_page(
        request,
        "looks",
        looks=rows[:LOOKS_SHOWN],
        next_before=rows[LOOKS_SHOWN - 1].pk if len(rows) > LOOKS_SHOWN else None,
    )
