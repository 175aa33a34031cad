"""“Không khai lại” and “Không phải đến”, measured on every dossier: each number with what it counts, the days, and the list behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.errors import NotFound
from bakhong.core.numbers import format_day
from bakhong.desk.frame import BadQuestion, now, page, today, unit_page
from bakhong.desk.listed import line_beside
from bakhong.desk.views.dossiers.cases import label_of
from bakhong.desk.views.dossiers.queue import MOST_TAKEN, dossier_workbook, mark_of
from bakhong.desk.views.taking_out import taken_out
from bakhong.dossiers.models import Dossier, OperatedBy
from bakhong.dossiers.permissions import VIEW
from bakhong.dossiers.queries.counts import (
    ProcedureCount,
    asked_twice,
    by_operator,
    in_person,
    not_found,
    of_commune,
    on_time,
    once_only,
    reappointed,
    taken_in,
)
from bakhong.dossiers.queries.exchange_parts import beside
from bakhong.dossiers.queries.queue import communes_of, newest, of_unit
from bakhong.eforms.queries.once_only import Offending, by_form, offending_questions
from bakhong.places.models import Level, Unit
from bakhong.procedures.rules.office import office
from bakhong.ui.figures import Figure

SHOWN = 200
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Asked:
    """What the address asks: days (both included), and which list to open."""

    first: date
    last: date
    behind: str
    question: str
    cursor: str = ""

    @property
    def days(self) -> str:
        return _("nộp hoặc xong từ %(first)s đến %(last)s") % {
            "first": format_day(self.first),
            "last": format_day(self.last),
        }

    @property
    def list_url(self) -> str:
        return self.url(self.behind, self.question)

    def url(self, behind: str, question: str = "", after: str = "") -> str:
        told = {
            "first": format_day(self.first),
            "last": format_day(self.last),
            "behind": behind,
            "question": question,
            "after": after,
        }
        return "?" + urlencode({name: value for name, value in told.items() if value}) + "#behind"


@unit_page(VIEW, post=VIEW)
def measures(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """GET: the numbers, with one list behind. POST: that list as a workbook."""
    if unit.level != Level.COMMUNE:
        raise NotFound("")
    asked = _asked(request)
    units, period = list(communes_of(unit, today())), (asked.first, asked.last)
    offending = offending_questions(units, period)
    come, punctual, twice, again = (
        count(units, period) for count in (in_person, on_time, asked_twice, reappointed)
    )
    prompt = taken_in(units, period, at=now())
    procedures = once_only(units, period)
    whole = of_commune(procedures)
    titles = {each.form: each.title for each in by_form(units, period)}
    lists: dict[str, Any] = {
        "came": come.against,
        "finished": come.rows,
        "late": punctual.against,
        "twice": twice.against,
        "again": again.against,
        "untaken": prompt.against,
        "online": prompt.rows,
    }
    title, rows = _title(asked, offending), _behind(request, unit, asked, lists, offending)
    if request.method == "POST":
        return _download(request, unit, asked, title, rows)
    found = newest(rows, asked.cursor) if rows is not None else None
    return page(
        request,
        "desk/dossiers/measures.html",
        unit=unit,
        active="dossier_measures",
        asked=asked,
        whole=whole,
        whole_rate=_asked_once(whole, asked),
        by_procedure=[(each, _asked_once(each, asked)) for each in procedures],
        offending=[
            (each, titles.get(each.form, each.form), asked.url("question", f"{each.form}/{each.place}"))
            for each in offending
        ],
        not_coming=_figure(come, _("hồ sơ đã có kết quả"), asked, asked.url("finished")),
        came_url=asked.url("came"),
        came=come.denominator - come.numerator,
        listed=line_beside(unit, beside([unit.pk], period, punctual.rows), asked.first, asked.last),
        punctual=_figure(punctual, _("hồ sơ đã kết thúc"), asked, asked.url("late")),
        twice=_figure(twice, _("hồ sơ bị trả lại"), asked, asked.url("twice")),
        reappointed=_figure(again, _("hồ sơ đã kết thúc"), asked, asked.url("again")),
        prompt=_figure(prompt, _("hồ sơ nộp trực tuyến"), asked, asked.url("online")),
        prompt_bad=prompt.denominator - prompt.numerator,
        prompt_url=asked.url("untaken"),
        prompt_label=_("Tiếp nhận trong %(limit)s") % {"limit": office().receive.in_words()},
        is_prompt_verified=office().is_receive_verified,
        operators=[(OperatedBy(code).label, number) for code, number in by_operator(units, period).items()],
        not_found=list(not_found(units, period)[:SHOWN]),
        behind=[
            {"dossier": each, "code": label_of(each), "mark": mark_of(each, now())}
            for each in (found.rows if found else ())
        ],
        behind_title=title if found else "",
        next_url=asked.url(asked.behind, asked.question, found.more) if found and found.more else "",
    )


def _asked(request: StaffRequest) -> Asked:
    """This month so far, where nothing is asked. Raises: BadQuestion for days that cannot be."""
    first, last = _day(request, "first") or today().replace(day=1), _day(request, "last") or today()
    if not first <= last <= first + LONGEST:
        raise BadQuestion(_("Ngày cuối phải sau ngày đầu, và không quá một năm."))
    told = request.GET
    cursor = told.get("after", "")[:200]
    return Asked(first, last, told.get("behind", "")[:20], told.get("question", "")[:150], cursor)


def _day(request: StaffRequest, name: str) -> date | None:
    text = request.GET.get(name, "").strip()
    day = parse_day(text)
    if text and (day is None or not 2000 <= day.year < 2100):
        raise BadQuestion(_("Ngày không đọc được. Gõ ngày/tháng/năm, ví dụ 06/05/2025."))
    return day


def _asked_once(each: ProcedureCount, asked: Asked) -> Figure | None:
    return _figure(each.count, _("mục đã biết"), asked, "#cau-hoi" if each.count.re_asked else "")


def _figure(count: Any, counted: str, asked: Asked, url: str) -> Figure | None:
    """None (“chưa có số liệu”) where there is nothing to count."""
    if not count.denominator:
        return None
    return Figure(
        numerator=count.numerator,
        denominator=count.denominator,
        counted=counted,
        day_text=asked.days,
        url=url,
    )


def _behind(
    request: StaffRequest, unit: Unit, asked: Asked, lists: dict[str, Any], offending: Sequence[Offending]
) -> "QuerySet[Dossier] | None":
    """The list that is asked for, as far as the actor may see it; None where there is no such list."""
    rows: QuerySet[Dossier] | None = lists.get(asked.behind)
    if asked.behind == "question":
        rows = Dossier.objects.filter(uuid__in=_drafts(asked, offending))
    seen = Dossier.objects.for_user(request.actor).filter(of_unit(unit, today()))
    return seen.filter(pk__in=rows.values("pk")).select_related("village") if rows is not None else None


def _download(
    request: StaffRequest, unit: Unit, asked: Asked, title: str, rows: "QuerySet[Dossier] | None"
) -> HttpResponseBase:
    if rows is None:
        raise NotFound("")
    titles = [f"{title}, {unit.full_name}", asked.days]
    book = dossier_workbook(titles, newest(rows, size=MOST_TAKEN), now())
    name = f"{title.replace(':', '')} - {unit.full_name} - {asked.last:%Y-%m-%d}.xlsx"
    what = f"dossier_measures.{asked.behind}"
    return taken_out(request, unit, book, what=what, name=name, first=asked.first, last=asked.last)


def _drafts(asked: Asked, offending: Sequence[Offending]) -> tuple[UUID, ...]:
    return next((each.drafts for each in offending if f"{each.form}/{each.place}" == asked.question), ())


def _title(asked: Asked, offending: Sequence[Offending]) -> str:
    if asked.behind == "question":
        label = next((each.label for each in offending if f"{each.form}/{each.place}" == asked.question), "")
        return _("Hồ sơ đã hỏi lại: %(label)s") % {"label": label} if label else ""
    return {
        "came": _("Hồ sơ mà người dân phải đến"),
        "finished": _("Hồ sơ đã có kết quả"),
        "late": _("Hồ sơ xong sau hẹn"),
        "twice": _("Hồ sơ bị trả lại hơn một lần"),
        "again": _("Hồ sơ đã hẹn lại"),
        "untaken": _("Hồ sơ nộp trực tuyến tiếp nhận chậm, hoặc chưa tiếp nhận"),
        "online": _("Hồ sơ nộp trực tuyến"),
    }.get(asked.behind, "")
