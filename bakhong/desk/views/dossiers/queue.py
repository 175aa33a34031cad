"""The dossiers that wait, nearest due first: filters as links, pages by key, one dossier found by its code or its slip."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.numbers import format_int
from bakhong.desk.due_words import due_mark, step_mark, turn_mark
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.dossiers.cases import label_of
from bakhong.desk.views.taking_out import taken_out
from bakhong.desk.walk_in import read_card
from bakhong.documents.queries.seals import unsealed
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.dossiers.models import Dossier, State
from bakhong.dossiers.permissions import APPROVE, VIEW
from bakhong.dossiers.queries.catalogue import step_name
from bakhong.dossiers.queries.counts import was_late
from bakhong.dossiers.queries.deadlines import RUNNING
from bakhong.dossiers.queries.dossiers import find
from bakhong.dossiers.queries.queue import (
    QueuePage,
    Wish,
    communes_of,
    of_unit,
    queue,
    waiting_counts,
)
from bakhong.dossiers.rules.codes import plain_tracking_code
from bakhong.dossiers.tracking import tracking_digest
from bakhong.places.models import Unit
from bakhong.procedures.queries.catalogue import offered

# Tabs, in their order: lists (dossiers/queries/queue.py) and states. What is ours to do comes first.
TABS: tuple[str, ...] = (
    "ours",
    "late",
    State.SUBMITTED,
    State.RECEIVED,
    State.IN_PROGRESS,
    State.APPROVED,
    State.WITHDRAWING,
    "theirs",
    "unanswered",
    State.DONE,
    "deliver",
    "ended",
    "all",
)
_COUNTED = frozenset(TABS[:9])
_ONLY_WHERE_ANY = frozenset({State.WITHDRAWING, "unanswered"})
APPROVABLE = (State.RECEIVED, State.IN_PROGRESS)
_MOST_COUNTED = 1000
MOST_TAKEN = 2000  # rows of a workbook
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
        show = asked.get("show", TABS[0])
        return cls(
            show if show in TABS else TABS[0],
            "mine" if asked.get("whose") == "mine" else "all",
            asked.get("procedure", "")[:40].replace("\x00", ""),
            asked.get("after", "")[:200].replace("\x00", ""),
        )

    def url(self, **change: str) -> str:
        kept = {"show": self.show, "whose": self.whose, "procedure": self.procedure, "after": ""} | change
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    def carried(self) -> str:
        """What a dossier's address keeps of it, so that the next one is the next of this list."""
        return self.url() if self != Sought(TABS[0], "all", "", self.cursor) else ""

    def wish(self, actor_id: str) -> Wish:
        return Wish(self.show, self.procedure, actor_id if self.whose == "mine" else "")


@unit_page(VIEW, post=VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """GET: the list. POST: the same list as a workbook."""
    sought, at = Sought.of(request), now()
    wish = sought.wish(request.actor.id)
    if request.method == "POST":
        return _download(request, unit, wish, at)
    found = queue(request.actor, unit, at=at, wish=wish, cursor=sought.cursor)
    counts = waiting_counts(request.actor, unit, at=at, mine=wish.mine, most=_MOST_COUNTED)
    lang = get_language() or "vi"
    return page(
        request,
        "desk/dossiers/queue.html",
        unit=unit,
        active="queue",
        sought=sought,
        lines=[_line(each, at) for each in found.rows],
        unsealed=unsealed(request.actor, unit),
        carried=sought.carried(),
        tabs=[
            _tab(sought, code, counts)
            for code in TABS
            if code not in _ONLY_WHERE_ANY or code in counts or code == sought.show
        ],
        whose=[
            {"label": word, "url": sought.url(whose=code), "current": sought.whose == code}
            for code, word in (("all", _("Cả xã")), ("mine", _("Giao cho tôi")))
        ],
        named=[(each.code, each.short.of(lang)) for each in offered(unit, today())],
        is_filtered=sought != Sought(TABS[0], "all", "", ""),
        earlier_url=sought.url() if sought.cursor else "",
        next_url=sought.url(after=found.more) if found.more else "",
        may_batch=request.actor.may(APPROVE, unit.pk),
        any_approvable=any(each.state in APPROVABLE for each in found.rows),
        not_found=request.GET.get("lost") == "1",
    )


def _word(code: str) -> str:
    words = {
        "ours": _("Việc của xã"),
        "late": _("Quá hạn"),
        "theirs": _("Chờ người dân"),
        "unanswered": _("Hết hạn bổ sung"),
        "deliver": _("Cần gửi, mang kết quả"),
        "ended": _("Không giải quyết"),
        "all": _("Tất cả"),
    }
    return words.get(code) or str(State(code).label)


def _tab(sought: Sought, code: str, counts: dict[str, int]) -> dict[str, Any]:
    number = counts.get(code, 0) if code in _COUNTED else 0
    return {
        "url": sought.url(show=code),
        "label": _word(code),
        "current": sought.show == code,
        "count": f"{_MOST_COUNTED}+" if number >= _MOST_COUNTED else str(number or ""),
    }


def _line(each: Dossier, at: datetime) -> dict[str, Any]:
    return {
        "dossier": each,
        "code": label_of(each),
        "procedure": each.summary or each.procedure_name,
        "due": mark_of(each, at),
        "state": State(each.state).label,
        "holder": each.agency or each.assigned_label or step_name(each),
        "step": step_of(each, at),
        "is_approvable": each.state in APPROVABLE,
    }


def step_of(each: Dossier, at: datetime) -> tuple[str, str]:
    """How the time of the step stands where it is; words "" while nobody of ours works on it."""
    return step_mark(each.step_due_at, each.due_at, at) if each.state in RUNNING else ("none", "")


def mark_of(each: Dossier, at: datetime) -> tuple[str, str]:
    """How the time of a dossier stands, whoever's turn it is."""
    if each.act_by is not None and each.state in (State.SUBMITTED, State.SUPPLEMENT):
        return turn_mark(each.state, each.act_by, at)
    is_reappointed = each.apologised_at is not None
    return due_mark(
        each.state,
        each.due_at,
        each.finished_at,
        at,
        supplements=each.supplement_count,
        is_reappointed=is_reappointed,
        was_late=is_reappointed and each.is_finished and was_late(each),
    )


def _download(request: StaffRequest, unit: Unit, wish: Wish, at: datetime) -> FileResponse:
    found = queue(request.actor, unit, at=at, wish=wish, size=MOST_TAKEN)
    titles = [f"{_word(wish.show)}, {unit.full_name}"]
    day, name = day_of(at), f"{_word(wish.show)} - {unit.full_name} - {at.astimezone(VIET_NAM):%Y-%m-%d}.xlsx"
    book = dossier_workbook(titles, found, at)
    return taken_out(request, unit, book, what="dossier_queue", name=name, first=day, last=day)


def dossier_workbook(titles: list[str], found: QueuePage, at: datetime) -> IO[bytes]:
    """Dossiers with how each stands at that moment; the last title line says so where there were more."""
    columns = [
        Column(_("Mã hồ sơ")),
        Column(_("Người nộp"), width=28),
        Column(_("Thủ tục"), width=40),
        Column(_("Ngày nộp"), "day"),
        Column(_("Hạn trả")),
        Column(_("Thời hạn")),
        Column(_("Tình hình")),
        Column(_("Đang ở"), width=28),
    ]
    moment = _("Lúc %(moment)s") % {"moment": f"{at.astimezone(VIET_NAM):%H:%M %d/%m/%Y}"}
    cut = _("Chỉ có %(count)s hồ sơ đầu danh sách.") % {"count": format_int(MOST_TAKEN)}
    said = [*titles, moment, *([cut] if found.more else [])]
    return workbook([Sheet("Ho so", columns, [_cells(each, at) for each in found.rows], said)])


def _cells(each: Dossier, at: datetime) -> tuple[Any, ...]:
    line = _line(each, at)
    due = f"{each.due_at.astimezone(VIET_NAM):%H:%M %d/%m/%Y}" if each.due_at is not None else ""
    return (
        line["code"],
        each.applicant_name,
        line["procedure"],
        day_of(each.submitted_at),
        due,
        line["due"][1],
        str(line["state"]),
        line["holder"] or "",
    )


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
        rows = Dossier.objects.for_user(request.actor).filter(of_unit(unit, today()), tracking_digest=digest)
        return list(rows.select_related("village"))
    card = read_card(text)
    wanted = card.national_id if card is not None and card.national_id else text
    here = communes_of(unit, today())
    return [each for each in find(request.actor, wanted) if each.village_id in here]
