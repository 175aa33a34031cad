"""What the provincial lists say, as figures that lead to the list behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.numbers import format_day
from bakhong.dossiers.queries.exchange import Counted, Judged
from bakhong.dossiers.queries.exchange_parts import Beside, month_of, procedure_of
from bakhong.places.models import Unit
from bakhong.ui.figures import Figure


@dataclass(frozen=True)
class Asked:
    """What the address asks: days (both included), which list to open, and of which procedure or month ("2026-11") only."""

    first: date
    last: date
    behind: str = ""
    procedure: str = ""
    month: str = ""
    is_apart: bool = False  # without what our own count has

    @property
    def days(self) -> str:
        return _("tiếp nhận hoặc xong từ %(first)s đến %(last)s") % {
            "first": format_day(self.first),
            "last": format_day(self.last),
        }

    def takes(self, each: Judged) -> bool:
        is_procedure = self.procedure in ("", procedure_of(each.row))
        return is_procedure and self.month in ("", month_of(each.row))

    def narrowed(self, title: str, listed: Sequence[Judged]) -> str:
        """The title with what the list is of only."""
        named = listed[0].row.procedure_name if listed and self.procedure else ""
        apart = _("không kể hồ sơ đã đếm ở đây") if self.is_apart else ""
        parts = [named or self.procedure, words_of_month(self.month), apart]
        return ", ".join([title, *(each for each in parts if each)])

    def url(self, after: int = 0) -> str:
        told = {
            "first": format_day(self.first),
            "last": format_day(self.last),
            "behind": self.behind,
            "procedure": self.procedure,
            "month": self.month,
            "apart": "1" if self.is_apart else "",
            "after": str(after or ""),
        }
        return "?" + urlencode({name: value for name, value in told.items() if value}) + "#behind"


def asked_of(request: StaffRequest, first: date, last: date) -> Asked:
    told = request.GET
    return Asked(
        first,
        last,
        told.get("behind", "")[:30],
        told.get("procedure", "")[:300],
        told.get("month", "")[:7],
        told.get("apart") == "1",
    )


def line_of(counted: Counted, of: str, code: str, asked: Asked) -> dict[str, Any]:
    """A figure (None where there is nothing to count), and the ways to what it does not count."""
    figure = Figure(
        numerator=counted.numerator,
        denominator=counted.denominator,
        counted=of,
        day_text=asked.days,
        url=replace(asked, behind=f"{code}-good").url(),
    )
    return {
        "figure": figure if counted.denominator else None,
        "bad": len(counted.bad),
        "bad_url": replace(asked, behind=f"{code}-bad").url(),
        "silent": len(counted.silent),
        "silent_url": replace(asked, behind=f"{code}-silent").url(),
    }


def line_beside(unit: Unit, found: Beside | None, first: date, last: date) -> dict[str, Any] | None:
    """As `line_of`, to stand beside our own count of the same days; its list opens on the page of the lists."""
    if found is None:
        return None
    asked = Asked(first, last, is_apart=True)
    figure = line_of(found.counted, _("hồ sơ danh sách ghi đủ ngày"), "on_time", asked)["figure"]
    page = reverse("desk:exchange_measures", args=[unit.uuid])
    return {
        "figure": replace(figure, url=page + figure.url),
        "as_of": found.as_of,
        "twice": found.twice,
    }


def words_of_month(key: str) -> str:
    """
    >>> words_of_month("2026-11")
    '11/2026'
    """
    return "/".join(reversed(key.split("-")))
