"""“Rà soát số liệu”: what does not agree, at a unit and below it, and the answers people give."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import covered_ids
from bakhong.accounts.queries import labels_of
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, NotFound, Refusal
from bakhong.core.numbers import format_day
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.marked import Mark, Piece, pieces
from bakhong.documents.writing.xlsx import Column, Sheet, Value, workbook
from bakhong.indicators.actions import answer_finding, withdraw_answer
from bakhong.indicators.models import AnswerKind, Finding
from bakhong.indicators.queries import finding_lists as queries
from bakhong.indicators.queries.history_shapes import FindingRow
from bakhong.indicators.queries.shapes import FigureRow
from bakhong.places.models import Unit

PER_PAGE = 30
MOST_EXPORTED = 20_000
STATES = ((queries.OPEN, gettext_lazy("Cần trả lời")), (queries.ANSWERED, gettext_lazy("Đã trả lời")))
SEVERITIES = (("error", gettext_lazy("Lỗi")), ("warning", gettext_lazy("Cần xem")))
CODES = {
    "percent_mismatch": gettext_lazy("Tỷ lệ không khớp hai số"),
    "percent_truncated": gettext_lazy("Tỷ lệ bị cắt bớt, không làm tròn"),
    "remainder_mismatch": gettext_lazy("Số còn lại không khớp"),
    "parts_do_not_sum": gettext_lazy("Các phần không cộng thành tổng"),
    "part_added_to_whole": gettext_lazy("Một phần được cộng hai lần"),
    "part_exceeds_whole": gettext_lazy("Phần lớn hơn tổng"),
    "denominators_differ": gettext_lazy("Tổng số khác nhau, không nói tính trên ai"),
    "contradicts_earlier": gettext_lazy("Khác với báo cáo khác"),
}
# A figure that was mended closes its finding by itself, so "corrected" is a link and not an answer.
KINDS = (
    (AnswerKind.AS_PRINTED, gettext_lazy("Nguồn in đúng như vậy, giữ nguyên")),
    (AnswerKind.EXPLAINED, gettext_lazy("Có lý do (ghi ở dưới)")),
    (AnswerKind.FALSE_ALARM, gettext_lazy("Cảnh báo không đúng")),
)


@dataclass(frozen=True)
class Place:
    """A figure of a finding in its source."""

    figure: FigureRow
    pieces: tuple[Piece, ...]
    url: str
    may_correct: bool


@dataclass(frozen=True)
class Line:
    row: FindingRow
    kind: str
    places: tuple[Place, ...]
    may_answer: bool
    who: str
    problem: str = ""
    typed_kind: str = ""
    typed_text: str = ""


@unit_page("figures.view")
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?state=open|answered&severity=&code=`: errors first, then those that wait longest."""
    return _index(request, unit)


@unit_page("figures.view", post="figures.view")
def answer(request: StaffRequest, unit: Unit, finding: UUID) -> HttpResponseBase:
    """POST `deed=answer` with `kind` and `text`, or `deed=undo`; the action knows who may. GET leads to the finding in its list."""
    below = covered_ids([unit.pk], today())
    found = Finding.objects.select_related("unit").filter(uuid=finding, unit_id__in=below).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        answered = found.answers.filter(withdrawn_at=None).exists()
        state = queries.ANSWERED if answered else queries.OPEN
        return redirect(_address(unit, state=state, code=found.code) + f"#finding-{found.uuid}")
    try:
        _do(request, found)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return _index(request, unit, status=status, problem=(found.uuid, str(refusal)))
    return redirect(_address(unit, **_asked(request)))


def _do(request: StaffRequest, finding: Finding) -> None:
    """Raises: Refusal; Http404 for a deed that is none."""
    deed, by, at = request.POST.get("deed", ""), request.actor, now()
    if deed == "undo":
        withdraw_answer(finding=finding, by=by, at=at)
        messages.success(request, _("Đã mở lại: chỗ này lại cần trả lời."))
        return
    if deed != "answer":
        raise Http404
    kind = request.POST.get("kind", "")
    if kind not in {code for code, _word in KINDS}:
        raise Refusal(_("Hãy chọn một cách trả lời."))
    answer_finding(finding=finding, kind=kind, text=request.POST.get("text", ""), by=by, at=at)
    messages.success(request, _("Đã ghi câu trả lời. Xem lại hoặc rút lại ở thẻ “Đã trả lời”."))


def _asked(request: StaffRequest) -> dict[str, str]:
    """The filters of the address; unknown ones are as if not given."""
    state = request.GET.get("state", "")
    severity, code = request.GET.get("severity", ""), request.GET.get("code", "")
    return {
        "state": state if state in dict(STATES) else queries.OPEN,
        "severity": severity if severity in dict(SEVERITIES) else "",
        "code": code if code in CODES else "",
    }


def _address(unit: Unit, name: str = "desk:findings", **asked: str) -> str:
    kept = {key: value for key, value in asked.items() if value and (key, value) != ("state", queries.OPEN)}
    address = reverse(name, args=[unit.uuid])
    return f"{address}?{urlencode(kept)}" if kept else address


def _index(
    request: StaffRequest, unit: Unit, *, status: int = 200, problem: tuple[UUID, str] | None = None
) -> HttpResponse:
    asked = _asked(request)
    below = covered_ids([unit.pk], today())
    found = queries.findings_of(below, asked["state"], asked["severity"], asked["code"])
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    tallies = {state: queries.tally_of(below, state) for state, _word in STATES}
    tally = tallies[asked["state"]]
    checked_at = None if shown.object_list else queries.last_checked_at(below)
    return page(
        request,
        "desk/findings/index.html",
        unit=unit,
        active="findings",
        status=status,
        asked=asked,
        shown=shown,
        lines=_lines(request, queries.rows_of(list(shown)), problem),
        states=[(state, word, tallies[state].total, _address(unit, state=state)) for state, word in STATES],
        filters=_filters(unit, asked, tally),
        has_filter=bool(asked["severity"] or asked["code"]),
        all_url=_address(unit, state=asked["state"]),
        tally=tally,
        kinds=KINDS,
        query=urlencode({key: value for key, value in asked.items() if value}),
        checked_at=checked_at,
        may_export=request.actor.may("reports.export", unit.pk),
        export_url=_address(unit, "desk:findings_xlsx", **asked),
    )


def _filters(unit: Unit, asked: dict[str, str], tally: queries.Tally) -> list[dict[str, Any]]:
    """Links that leave out all but one severity or code; each says how many."""
    state = asked["state"]
    severities = [
        {
            "label": word,
            "count": tally.by_severity.get(key, 0),
            "url": _address(unit, state=state, severity=key),
            "current": asked["severity"] == key,
            "icon": "error" if key == "error" else "late",
        }
        for key, word in SEVERITIES
        if tally.by_severity.get(key)
    ]
    codes = [
        {
            "label": CODES.get(code, code),
            "count": count,
            "url": _address(unit, state=state, code=code),
            "current": asked["code"] == code,
            "icon": "",
        }
        for code, count in tally.by_code.items()
    ]
    return severities + codes if len(severities + codes) > 2 else []


def _lines(
    request: StaffRequest, rows: tuple[FindingRow, ...], problem: tuple[UUID, str] | None
) -> list[Line]:
    contexts = queries.contexts_of([figure.uuid for row in rows for figure in row.figures])
    units = queries.report_units({figure.report_uuid for row in rows for figure in row.figures})
    names = labels_of({row.answer.by for row in rows if row.answer})
    lines = []
    for row in rows:
        is_wrong = problem is not None and problem[0] == row.uuid
        lines.append(
            Line(
                row=row,
                kind=str(CODES.get(row.code, row.code)),
                places=tuple(_place(request, figure, row, contexts, units) for figure in row.figures),
                may_answer=request.actor.may("figures.answer_finding", row.unit.id),
                who=names.get(row.answer.by, "") if row.answer else "",
                problem=problem[1] if problem and is_wrong else "",
                typed_kind=request.POST.get("kind", "") if is_wrong else "",
                typed_text=request.POST.get("text", "")[:2000] if is_wrong else "",
            )
        )
    return lines


def _place(
    request: StaffRequest,
    figure: FigureRow,
    row: FindingRow,
    contexts: dict[UUID, queries.Context],
    units: dict[UUID, tuple[int, UUID]],
) -> Place:
    context = contexts.get(figure.uuid)
    url = ""
    where = units.get(figure.report_uuid)
    if where and request.actor.may("figures.view", where[0]):
        url = reverse("desk:report", args=[where[1], figure.report_uuid]) + f"?figure={figure.uuid}#f"
    shown: tuple[Piece, ...] = ()
    if context:
        kind = "error" if row.severity == "error" else "warning"
        mark = Mark(context.start, context.end, (), kind)
        shown = pieces(context.text, 0, len(context.text), [mark])
    may_correct = row.is_open and request.actor.may("figures.confirm", figure.unit.id)
    return Place(figure, shown, url, may_correct)


@unit_page("reports.export")
def xlsx(request: StaffRequest, unit: Unit) -> FileResponse:
    """The list as it is filtered, without its pages."""
    asked = _asked(request)
    below = covered_ids([unit.pk], today())
    found = queries.findings_of(below, asked["state"], asked["severity"], asked["code"])[:MOST_EXPORTED]
    rows = queries.rows_of(list(found))
    columns = [
        Column(_("Mức độ"), width=12),
        Column(_("Loại"), width=24),
        Column(_("Đơn vị"), width=26),
        Column(_("Chỉ tiêu"), width=40),
        Column(_("Chỗ không khớp"), width=60),
        Column(_("Việc nên làm"), width=50),
        Column(_("Báo cáo"), width=40),
        Column(_("Phát hiện ngày"), "day"),
        Column(_("Trả lời"), width=40),
    ]
    titles = [
        _("Rà soát số liệu: %(unit)s") % {"unit": unit.full_name},
        str(dict(STATES)[asked["state"]]),
        _("Lập ngày %(day)s") % {"day": format_day(today())},
    ]
    sheet = Sheet(
        _("Rà soát số liệu"), columns, [_cells(row) for row in rows], titles=titles, is_landscape=True
    )
    name = f"ra-soat-{unit.code}-{today():%Y%m%d}.xlsx"
    return FileResponse(workbook([sheet], title=titles[0]), as_attachment=True, filename=name)


def _cells(row: FindingRow) -> list[Value]:
    answer = f"{row.answer.kind_name}. {row.answer.text}" if row.answer else ""
    indicators = dict.fromkeys(figure.rule_name.indicator for figure in row.figures)
    return [
        str(dict(SEVERITIES)[row.severity]),
        str(CODES.get(row.code, row.code)),
        row.unit.name,
        "; ".join(indicators),
        row.message,
        row.advice,
        row.report_title,
        day_of(row.found_at),
        answer,
    ]
