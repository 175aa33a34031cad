"""The attendance page behind the code on the wall. It keeps what is typed and looks nobody up: every entry gets the same answer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import public
from bakhong.accounts.permissions import Anonymous
from bakhong.core.errors import Refusal
from bakhong.outreach.actions.trainings import Closed, Crowded, check_in
from bakhong.outreach.models import Training
from bakhong.outreach.rules.trainings import is_open
from bakhong.people import scope
from bakhong.portal.views.pages import render_page

FIELDS = ("name", "birth_year", "phone_tail")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attend(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST keeps. A code that is none answers as any address that does not exist."""
    training = Training.objects.select_related("unit", "place").filter(token=token).first()
    if training is None:
        raise Http404
    now = timezone.now()
    if training.cancelled_at or not is_open(training.starts_at, training.ends_at, now):
        return _page(request, training, status=410, is_closed=True)
    if request.method != "POST":
        return _page(request, training)
    typed = {name: request.POST.get(name, "")[:120].strip() for name in FIELDS}
    try:
        _keep(training, typed, now)
    except Closed:
        return _page(request, training, status=410, is_closed=True)
    except Refusal as refusal:
        status = 429 if isinstance(refusal, Crowded) else 422
        return _page(request, training, status=status, problem=str(refusal), typed=typed)
    return _page(request, training, is_kept=True, typed=typed)


def _keep(training: Training, typed: dict[str, str], now: Any) -> None:
    """Writes the entry where it belongs; this connection sees no other rows, and sees these only meanwhile."""
    year = typed["birth_year"]
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise Refusal(_("Năm sinh gồm 4 chữ số, ví dụ 1962."))
    scope.open_to([training.place_id])
    try:
        check_in(
            training=training,
            name=typed["name"],
            birth_year=int(year),
            phone_tail=typed["phone_tail"],
            by=Anonymous(),
            at=now,
        )
    finally:
        scope.close()


def _page(request: HttpRequest, training: Training, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render_page(request, "attend", training.unit, training=training, **context)
    response.status_code = status
    response["X-Robots-Tag"] = "noindex"
    return response
