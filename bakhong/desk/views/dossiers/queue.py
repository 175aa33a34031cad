"""The dossiers that wait, nearest due first: filters as links, pages by key, one dossier found by its code or its slip."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.desk.due_words import due_mark
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.dossiers.cases import label_of
from bakhong.desk.walk_in import read_card
from bakhong.dossiers.models import Dossier, State
from bakhong.dossiers.permissions import APPROVE, VIEW
from bakhong.dossiers.queries.catalogue import step_name
from bakhong.dossiers.queries.dossiers import find
from bakhong.dossiers.queries.queue import Wish, queue, waiting_counts
from bakhong.dossiers.rules.codes import plain_tracking_code
from bakhong.dossiers.tracking import tracking_digest
from bakhong.places.models import Unit
from bakhong.procedures.queries.catalogue import offered

# What a tab shows, and of which states its count is made; "" counts nothing.
TABS: tuple[tuple[str, str], ...] = (
    ("open", ""),
    ("late", ""),
    (State.SUBMITTED, State.SUBMITTED),
    (State.RECEIVED, State.RECEIVED),
    (State.IN_PROGRESS, State.IN_PROGRESS),
    (State.SUPPLEMENT, State.SUPPLEMENT),
    (State.APPROVED, State.APPROVED),
    (State.DONE, ""),
    ("all", ""),
)
APPROVABLE = (State.RECEIVED, State.IN_PROGRESS)
_MOST_COUNTED = 1000
_TRACKING = re.compile(r"/tra-cuu/([^/?#\s]{10,40})")


@dataclass(frozen=True)
class Sought:
    """What the address asks; unknown filters are ignored."""

    show: str
    whose: str
    procedure: str
    cursor: str

    @classmethod
    def of(cls, request: StaffRequest) -> "Sought":
        asked = request.GET
        show = asked.get("show", "open")
        return cls(
            show if show in dict(TABS) else "open",
            "mine" if asked.get("whose") == "mine" else "all",
            asked.get("procedure", "")[:40].replace("\x00", ""),
            asked.get("after", "")[:200].replace("\x00", ""),
        )

    def url(self, **change: str) -> str:
        kept = {"show": self.show, "whose": self.whose, "procedure": self.procedure, "after": ""} | change
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    def carried(self) -> str:
        """What a dossier's address keeps of it, so that the next one is the next of this list."""
        return self.url() if self != Sought("open", "all", "", self.cursor) else ""

    def wish(self, actor_id: str) -> Wish:
        is_state = self.show in State.values
        return Wish(
            state=self.show if is_state else "",
            procedure=self.procedure,
            mine=actor_id if self.whose == "mine" else "",
            is_late=self.show == "late",
            is_open=self.show not in ("all", State.DONE),
            order="newest" if self.show in ("all", State.DONE) else "due",
        )


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    sought, at = Sought.of(request), now()
    found = queue(request.actor, unit, at=at, wish=sought.wish(request.actor.id), cursor=sought.cursor)
    counts = waiting_counts(request.actor, unit, at=at, most=_MOST_COUNTED)
    lang = get_language() or "vi"
    return page(
        request,
        "desk/dossiers/queue.html",
        unit=unit,
        active="queue",
        sought=sought,
        lines=[_line(each, at) for each in found.rows],
        carried=sought.carried(),
        tabs=[_tab(sought, code, counts) for code, _state in TABS],
        whose=[
            {"label": word, "url": sought.url(whose=code), "current": sought.whose == code}
            for code, word in (("all", _("Cả xã")), ("mine", _("Giao cho tôi")))
        ],
        named=[(each.code, each.short.of(lang)) for each in offered(unit, today())],
        is_filtered=sought != Sought("open", "all", "", ""),
        earlier_url=sought.url() if sought.cursor else "",
        next_url=sought.url(after=found.more) if found.more else "",
        may_batch=request.actor.may(APPROVE, unit.pk),
        any_approvable=any(each.state in APPROVABLE for each in found.rows),
        not_found=request.GET.get("lost") == "1",
    )


def _tab(sought: Sought, code: str, counts: dict[str, int]) -> dict[str, Any]:
    words = {"open": _("Đang mở"), "late": _("Quá hạn"), "all": _("Tất cả")}
    number = counts.get(code, 0)
    shown = f"{_MOST_COUNTED}+" if sum(counts.values()) >= _MOST_COUNTED and number else str(number or "")
    return {
        "url": sought.url(show=code),
        "label": words.get(code) or State(code).label,
        "current": sought.show == code,
        "count": shown if code in dict(TABS) and dict(TABS)[code] else "",
    }


def _line(each: Dossier, at: datetime) -> dict[str, Any]:
    return {
        "dossier": each,
        "code": label_of(each),
        "procedure": each.summary or each.procedure_name,
        "due": due_mark(each.state, each.due_at, each.finished_at, at),
        "state": State(each.state).label,
        "holder": each.agency or each.assigned_label or step_name(each),
        "is_approvable": each.state in APPROVABLE,
    }


@unit_page(VIEW, post=VIEW)
def search(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """A code, the QR code of a slip, or an identity card. What was typed stands in no address."""
    if request.method != "POST":
        return redirect("desk:queue", unit=unit.uuid)
    found = found_by(request, unit, request.POST.get("scan", ""))
    if len(found) == 1:
        return redirect("desk:dossier", unit=unit.uuid, dossier=found[0].uuid)
    if not found:
        return redirect(reverse("desk:queue", args=[unit.uuid]) + "?lost=1&show=all")
    return page(
        request,
        "desk/dossiers/found.html",
        unit=unit,
        active="queue",
        lines=[_line(each, now()) for each in found],
    )


def found_by(request: StaffRequest, unit: Unit, text: str) -> list[Dossier]:
    """The dossiers of this commune that a typed or scanned text means."""
    text = text.replace("\x00", "").strip()[:2000]
    tracking = _TRACKING.search(text)
    if tracking is not None:
        digest = tracking_digest(plain_tracking_code(tracking.group(1)))
        rows = Dossier.objects.for_user(request.actor).filter(village=unit, tracking_digest=digest)
        return list(rows.select_related("village"))
    card = read_card(text)
    wanted = card.national_id if card is not None and card.national_id else text
    return [each for each in find(request.actor, wanted) if each.village_id == unit.pk]
