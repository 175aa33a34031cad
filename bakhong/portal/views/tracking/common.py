"""What a deed on a dossier passes first: this browser holds it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import View, public
from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.dossiers.models import Dossier, State
from bakhong.dossiers.queries.tracking import told
from bakhong.dossiers.tracking import tracking_code_of
from bakhong.portal.holding import holds, mandate_held_under, opened
from bakhong.portal.views.tracking.looking import show

DossierView = Callable[..., HttpResponse]  # (request, dossier), and what more the address names


def follower(request: HttpRequest, dossier: Dossier) -> Actor:
    """The resident who signed in, where it is theirs; else whoever holds the code."""
    resident = getattr(request, "resident", None)
    is_theirs = resident is not None and dossier.filed_by == resident.id
    return resident if is_theirs and resident is not None else HolderActor("dossier", dossier.uuid)


def page_of(request: HttpRequest, dossier: Dossier) -> str:
    """The address of the dossier's own page; an agent's is the page of the mandate, for the other has the code in it."""
    mandate = mandate_held_under(request, dossier.uuid)
    if mandate is not None:
        return reverse("portal:mine_principal", args=[mandate])
    return reverse("portal:tracked", args=[tracking_code_of(dossier)])


def own(*methods: str) -> Callable[[DossierView], View]:
    """A page of a dossier this browser holds: anything else asks for the slip's code. A refusal stands on the dossier's own page."""

    def decorate(view: DossierView) -> View:
        @public
        @never_cache
        @require_http_methods(list(methods))
        @wraps(view)
        def guarded(request: HttpRequest, dossier: UUID, **kwargs: Any) -> HttpResponse:
            if not holds(request, dossier):
                return HttpResponseRedirect(reverse("portal:track"))
            with opened(request):
                row = (
                    Dossier.objects.select_related("village", "person", "draft__version")
                    .filter(uuid=dossier)
                    .first()
                )
                if row is None or row.state == State.DRAFT:
                    return HttpResponseRedirect(reverse("portal:track"))
                try:
                    return view(request, row, **kwargs)
                except Refusal as refusal:
                    now = told(
                        Dossier.objects.select_related("village", "person").get(pk=row.pk), at=timezone.now()
                    )
                    return show(request, now, is_open=True, status=refusal.status, problem=str(refusal))

        return guarded

    return decorate
