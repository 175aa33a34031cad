"""An e-identity to try with, where there is no internet: choose to be one of a few invented residents.

Its address is there only where the demo is (config/urls.py), and it offers only numbers that begin with 099, which no province has: on a
machine where somebody has loaded a real list beside the demo, nobody real can be chosen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import public
from bakhong.accounts.adapters.e_identity import Confirmed
from bakhong.accounts.residents import Claims
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.people.queries.identity import national_id_of
from bakhong.places.queries import served_unit
from bakhong.portal.views.mine_sign_in import wanted_address, welcome
from bakhong.portal.views.pages import render_page

ISSUER = "demo:e-identity"
INVENTED = "099"
_SHOWN, _VILLAGES, _LOOKED_AT = 4, 8, 40
_ADULT = timedelta(days=366 * 25)


@dataclass(frozen=True)
class Trial:
    """Somebody to be. `about`: what is special about them, in words."""

    code: str
    said: Claims
    about: str


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def e_identity(request: HttpRequest) -> HttpResponseBase:
    if not settings.DEMO:
        raise Http404
    offered = trials()
    if request.method != "POST":
        return _page(request, offered)
    chosen = next((each for each in offered if each.code == request.POST.get("who")), None)
    if chosen is None:
        return _page(request, offered, problem=_("Chọn một người trong danh sách."), status=422)
    welcome(request, Confirmed(ISSUER, chosen.code, chosen.said))
    return redirect(wanted_address(request.POST.get("next", "")))


def trials() -> list[Trial]:
    """A few grown-ups of the invented roll, of different villages, one with nobody in the roll, and one of level 1."""
    with scope.seeing(OPERATOR):
        found = _some_of_the_roll()
    return [
        *found,
        Trial(
            "newcomer",
            Claims("099095999999", "Người Mới Đến (mẫu)", "1995-01-01", "", "", 2),
            _("chưa có trong danh sách của xã"),
        ),
        Trial(
            "level-1",
            Claims("099090999998", "Mức Một (mẫu)", "1990-01-01", "", "", 1),
            _("định danh mức 1: xã chưa cho xem dữ liệu"),
        ),
    ]


def _some_of_the_roll() -> list[Trial]:
    """The first of each village."""
    grown_up = (timezone.now() - _ADULT).year
    rows = (
        Person.objects.filter(is_known=True, merged_into=None, national_id__isnull=False, presence="present")
        .filter(birth_year__lte=grown_up, birth_year__gte=grown_up - 45, birth_day__isnull=False)
        .select_related("village")
        .order_by("pk")
    )
    villages = rows.order_by("village_id").values_list("village_id", flat=True).distinct()
    found = [_first_invented(rows.filter(village=village)[:_LOOKED_AT]) for village in villages[:_VILLAGES]]
    return [each for each in found if each is not None][:_SHOWN]


def _first_invented(rows: Iterable[Person]) -> Trial | None:
    told = ((person, national_id_of(person)) for person in rows)
    return next(
        (
            Trial(str(person.uuid), said_of(person, number), person.village.full_name)
            for person, number in told
            if number.startswith(INVENTED)
        ),
        None,
    )


def said_of(person: Person, number: str) -> Claims:
    birth = f"{person.birth_year}-{person.birth_month:02d}-{person.birth_day:02d}"
    return Claims(number, person.name, birth, person.sex, person.address, 2)


def _page(
    request: HttpRequest, offered: list[Trial], *, problem: str = "", status: int = 200
) -> HttpResponse:
    unit = served_unit(day_of(timezone.now()))
    wanted = (request.POST if request.method == "POST" else request.GET).get("next", "")
    response = render_page(request, "mine/trial", unit, offered=offered, problem=problem, wanted=wanted)
    response.status_code = status
    return response
