"""What can be done at the commune, in plain words: what to bring and what not, what it costs, how long it takes, where it is filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bakhong.accounts.access import public
from bakhong.core.days import day_of
from bakhong.core.text import name_key, squeeze
from bakhong.places.models import Level, Unit
from bakhong.places.queries import is_within, served_unit
from bakhong.portal.views.mine_sign_in import way_in
from bakhong.portal.views.pages import render_page
from bakhong.procedures.queries.calendar import calendar_for
from bakhong.procedures.queries.catalogue import Offer, offer, offered, price
from bakhong.procedures.rules.catalogue import Paper, Procedure
from bakhong.procedures.rules.deadlines import due
from bakhong.procedures.rules.words import Words


@dataclass(frozen=True)
class Papers:
    """What to bring, what the State holds already, and what is needed only sometimes."""

    bring: Sequence[Paper]
    held: Sequence[Paper]


def chosen_unit(request: HttpRequest, on: date) -> Unit:
    """The commune asked for with `?xa=`, else the unit this installation serves. Raises: Http404."""
    served = served_unit(on)
    asked = request.GET.get("xa") or request.POST.get("xa") or ""
    if not asked:
        return served
    try:
        unit: Unit = Unit.objects.get(uuid=UUID(asked), level=Level.COMMUNE, valid_to=None)
    except (ValueError, Unit.DoesNotExist):
        raise Http404 from None
    if not (unit == served or is_within(unit.pk, served.pk, on)):
        raise Http404
    return unit


def find(procedures: Sequence[Procedure], text: str) -> list[Procedure]:
    """Those in whose names, short names or codes every typed word stands, accents or not."""
    words = name_key(text).split()
    return [each for each in procedures if all(word in _searched(each) for word in words)]


def _searched(procedure: Procedure) -> str:
    said = (procedure.name, procedure.short, procedure.sector)
    return name_key(
        " ".join(
            [each.of(lang) for each in said for lang in ("vi", "en")] + [*procedure.words, procedure.code]
        )
    )


def procedure_here(code: str, unit: Unit, on: date) -> Procedure:
    """Raises: Http404, for a code that is none or that this commune does not offer."""
    return offer_here(code, unit, on).procedure


def offer_here(code: str, unit: Unit, on: date) -> Offer:
    found = offer(unit, code, on)
    if found is None:
        raise Http404
    return found


def papers_of(procedure: Procedure) -> Papers:
    return Papers(
        [paper for paper in procedure.papers if not paper.held_by],
        [paper for paper in procedure.papers if paper.held_by],
    )


def promised(procedure: Procedure, unit: Unit, at: datetime) -> datetime:
    """When the result would be there, were it filed now."""
    first = day_of(at)
    calendar = calendar_for(unit, first, first + timedelta(days=120))
    return due(at, procedure.limit, calendar, ()).due_at


@public
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    on = day_of(timezone.now())
    unit = chosen_unit(request, on)
    text = squeeze(request.GET.get("tim", "").replace("\x00", " "))[:60]
    found = find(offered(unit, on), text)
    sectors: dict[Words, list[Procedure]] = {}
    for each in found:
        sectors.setdefault(each.sector, []).append(each)
    return render_page(
        request, "procedures", unit, text=text, count=len(found), sectors=sectors, xa=xa_of(unit)
    )


@public
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    on = day_of(now)
    unit = chosen_unit(request, on)
    found = offer_here(code, unit, on)
    row = found.procedure
    return render_page(
        request,
        "procedure",
        unit,
        procedure=row,
        papers=papers_of(row),
        price=price(found),
        promised=promised(row, unit, now) if row.is_checked("limit") else None,
        unsure={what for what in ("limit", "papers") if not row.is_checked(what)},
        today=on,
        xa=xa_of(unit),
        needs_commune=unit.level != Level.COMMUNE,
        way_in=way_in(request),
        is_for_others=getattr(request, "resident", None) is not None and "citizen" not in row.applicants,
    )


def xa_of(unit: Unit) -> str:
    """What addresses carry on where the commune was chosen; "" where there is only one."""
    return (
        str(unit.uuid) if unit.level == Level.COMMUNE and unit != served_unit(day_of(timezone.now())) else ""
    )
