"""What every screen of filing passes first: may this browser open the draft, and is it still being filled in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import View, public
from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier
from bakhong.eforms.models import Draft, OperatedBy, State
from bakhong.eforms.queries.answers import open_sheet
from bakhong.places.models import Unit
from bakhong.places.queries import served_unit
from bakhong.portal.acting import may_go_on, person_seen
from bakhong.portal.filing import Filing
from bakhong.portal.holding import holds, mandate_held_under, opened
from bakhong.portal.views.pages import render_page
from bakhong.procedures.queries.catalogue import offer_of_draft
from bakhong.procedures.rules.catalogue import Procedure


class FilingView(Protocol):
    def __call__(self, request: HttpRequest, filing: Filing, *args: Any, **kwargs: Any) -> HttpResponse: ...


def actor_of(request: HttpRequest, draft: UUID, unit: Unit) -> Actor:
    """Who does it: the resident who signed in, the member of staff who may help here, else whoever holds this draft's code."""
    resident: Actor | None = getattr(request, "resident", None)
    staff = getattr(request, "actor", None)
    if resident is None and isinstance(staff, StaffActor) and staff.may("dossiers.assist", unit.pk):
        return staff
    return resident or HolderActor("draft", draft)


def procedure_of(draft: Draft) -> Procedure | None:
    """What it is filled in for, as the commune does it."""
    found = offer_of_draft(draft, day_of(timezone.now()))
    return found.procedure if found is not None else None


def read_filing(draft: Draft) -> Filing | None:
    found = offer_of_draft(draft, day_of(timezone.now()))
    return Filing(open_sheet(draft), found) if found is not None else None


def to_resume(request: HttpRequest) -> HttpResponse:
    """The same answer for a draft of others, one that is none, and one this browser has not opened for long."""
    return HttpResponseRedirect(reverse("portal:resume") + "?may=moi")


def not_held(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Whoever held it under a mandate is told why it opens no more."""
    if mandate_held_under(request, draft) is None:
        return to_resume(request)
    return _mandate_over(request, served_unit(day_of(timezone.now())))


def _mandate_over(request: HttpRequest, unit: Unit) -> HttpResponse:
    problem = _(
        "Giấy uỷ quyền để làm thay trong tờ khai này đã hết hoặc đã thôi. Người có hồ sơ tự làm tiếp, hoặc cho phép làm thay lại."
    )
    response = render_page(request, "resume", unit, problem=problem)
    response.status_code = 403
    return response


def step(*methods: str) -> Callable[[FilingView], View]:
    """A screen of an open draft: the view gets a `Filing` in place of the uuid, on a connection that sees nothing else.

    A draft that was sent already answers with its receipt, whatever screen is asked for.
    """

    def decorate(view: FilingView) -> View:
        @public
        @never_cache
        @require_http_methods(["GET", "HEAD", *methods])
        @wraps(view)
        def guarded(request: HttpRequest, draft: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
            if not holds(request, draft):
                return not_held(request, draft)
            with opened(request):
                seen = Draft.objects.filter(uuid=draft).exclude(state=State.DROPPED).first()
                if seen is None:
                    return to_resume(request)
                if seen.state == State.SUBMITTED:
                    return HttpResponseRedirect(reverse("portal:file_receipt", args=[draft]))
                # The office's form for a dossier whose code they hold: not theirs to fill in.
                if seen.operated_by == OperatedBy.OFFICER and Dossier.objects.filter(uuid=draft).exists():
                    return to_resume(request)
            with opened(request, person=person_seen(request, seen)):
                rows = Draft.objects.select_related("version__form", "village", "person")
                row = rows.defer("version__spec").get(pk=seen.pk)
                filing = read_filing(row)
                if filing is None:
                    return to_resume(request)
                if not may_go_on(request, row, filing.procedure.code):
                    return _mandate_over(request, row.village)
                return view(request, filing, *args, **kwargs)

        return guarded

    return decorate


def show(
    request: HttpRequest, template: str, filing: Filing, key: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A screen of the draft; search engines leave it alone."""
    head = filing.head(key, is_changing="sua" in request.GET)
    response = render_page(request, template, filing.draft.village, **head, **context)
    response.status_code = status
    response["X-Robots-Tag"] = "noindex"
    return response
