"""Reports come in, are read, and their figures are confirmed one by one."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.queries import labels_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.text import nfc, squeeze
from bakhong.desk.forms.reading import MISPRINTED, ReviewForm, SourceForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.marked import blocks, pieces
from bakhong.desk.review import Review, progress_of, read_report, read_text
from bakhong.desk.review_items import Item, Progress
from bakhong.documents.reading import Extract, SignatureStatus, extract
from bakhong.indicators.actions import add_report, confirm_figures
from bakhong.indicators.actions.entries import FigureEntry, clean
from bakhong.indicators.actions.reviewing import confirm_mended, set_aside, take_up
from bakhong.indicators.models import Figure, Finding, Medium, Report
from bakhong.places.models import Unit

PER_PAGE = 20
MOST_BYTES = 20 * 1024 * 1024
MOST_HEAD = 12  # lines looked through for a title
# Source: Decree 30/2020/NĐ-CP, the head of an administrative document.
_LETTERHEAD = re.compile(
    r"(?i)\W*(ubnd|ủy ban|uỷ ban|hđnd|đảng ủy|ban chỉ đạo|cộng h[oò]|độc lập|số\s*[:.\d]|[\w\s]{2,30}, ngày\b|\W*$)"
)


@dataclass(frozen=True)
class Outcome:
    """What became of one file: the report it was kept as, or why it was not."""

    name: str
    report: Report | None = None
    progress: Progress | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()


@unit_page("figures.view", post="figures.enter")
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Paste or upload; POST reads each file by itself and shows what became of it. Below: the reports so far."""
    if request.method != "POST":
        return _index(request, unit, SourceForm.blank())
    form = SourceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _index(request, unit, form, status=422)
    outcomes = _take_in(request, unit, form.cleaned_data)
    if len(outcomes) == 1 and (only := outcomes[0]).report is not None:
        for note in only.notes:
            messages.info(request, note)
        return redirect("desk:report", unit=unit.uuid, report=only.report.uuid)
    if not any(each.report for each in outcomes):
        for each in outcomes:
            form.add_error(
                "uploads" if form.cleaned_data["uploads"] else "text", f"{each.name}: {each.problem}"
            )
        return _index(request, unit, form, status=422)
    return page(request, "desk/reading/outcomes.html", unit=unit, active="read", outcomes=outcomes)


def _index(request: StaffRequest, unit: Unit, form: SourceForm, status: int = 200) -> HttpResponse:
    found = Report.objects.filter(unit=unit).order_by("-entered_at", "-id")
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    reports = list(shown)
    open_findings = dict(
        Finding.objects.open().filter(report__in=reports).values_list("report_id").annotate(count=Count("id"))
    )
    progress = progress_of(reports, open_findings)
    names = labels_of({report.entered_by for report in reports})
    return page(
        request,
        "desk/reading/index.html",
        unit=unit,
        active="read",
        status=status,
        form=form,
        may_enter=request.actor.may("figures.enter", unit.pk),
        shown=shown,
        lines=[(each, progress[each.pk], names.get(each.entered_by, "")) for each in reports],
    )


def _take_in(request: StaffRequest, unit: Unit, data: dict[str, Any]) -> list[Outcome]:
    """Each source by itself: one that cannot be read does not stop the others."""
    outcomes = [_take_file(request, unit, data, index, file) for index, file in enumerate(data["uploads"])]
    if data["text"].strip():
        outcomes.append(_take_text(request, unit, data))
    return outcomes


def _take_text(request: StaffRequest, unit: Unit, data: dict[str, Any]) -> Outcome:
    text = data["text"].replace("\r\n", "\n").replace("\r", "\n")
    name = _("Văn bản dán vào")
    try:
        # The same text pasted twice in one form, or a form sent twice, is one report.
        key = uuid5(data["client_key"], "text/" + hashlib.sha256(text.encode()).hexdigest())
        report = _keep(request, unit, data, text=text, medium=Medium.TEXT, key=key, title=_first_line(text))
    except Refusal as refusal:
        return Outcome(name, problem=str(refusal))
    return _kept(name, report, ())


def _take_file(request: StaffRequest, unit: Unit, data: dict[str, Any], index: int, file: Any) -> Outcome:
    name = str(file.name)[-120:]
    try:
        source = extract(file, filename=name, limit=MOST_BYTES)
        digest = hashlib.sha256(source.text.encode()).hexdigest()
        report = _keep(
            request,
            unit,
            data,
            text=source.text,
            medium=Medium.FILE,
            key=uuid5(data["client_key"], f"{index}/{digest}"),
            title=name,
            file_name=name,
            signature=_signature(source.signature),
        )
    except Refusal as refusal:
        return Outcome(name, problem=str(refusal))
    return _kept(name, report, _notes(source))


def _keep(
    request: StaffRequest, unit: Unit, data: dict[str, Any], *, text: str, key: UUID, title: str, **more: Any
) -> Report:
    """Reads first: what the reader refuses is not kept.

    Raises: Refusal.
    """
    read_text(nfc(text), data["reported_on"] or data["published_on"], unit.full_name)
    alone = len(data["uploads"]) + bool(data["text"].strip()) == 1
    return add_report(
        unit=unit,
        title=(data["title"].strip() if alone else "") or title,
        client_key=key,
        text=text,
        source=data["source"],
        reported_on=data["reported_on"],
        published_on=data["published_on"],
        by=request.actor,
        at=now(),
        **more,
    )


def _kept(name: str, report: Report, notes: tuple[str, ...]) -> Outcome:
    progress = Progress(len(read_report(report).figures), 0, 0, len(read_report(report).findings))
    return Outcome(name, report, progress, notes=notes)


def _notes(source: Extract) -> tuple[str, ...]:
    signature = [source.signature.sentence] if source.signature else []
    return (*signature, *source.warnings)


def _signature(status: SignatureStatus | None) -> dict[str, Any] | None:
    if status is None:
        return None
    return {
        "intact": status.intact,
        "trusted": status.is_trusted,
        "whole_file": status.whole_file,
        "signers": list(status.signers),
    }


def _first_line(text: str) -> str:
    """A title for a text that has none: its first line that is no letterhead, cut between words."""
    lines = [squeeze(line) for line in text.split("\n") if line.strip()]
    told = [line for line in lines[:MOST_HEAD] if not _LETTERHEAD.match(line)] or lines
    title = told[0] if told else ""
    # "BÁO CÁO NHANH" alone says little: what it is about stands in the line below.
    if len(told) > 1 and len(title) < 30 and title.lower().startswith("báo cáo"):
        title = f"{title.capitalize()}: {told[1]}"
    return title if len(title) <= 120 else title[:120].rsplit(" ", 1)[0] + " …"


# --- one report ------------------------------------------------------------------------------------------------------


def report_or_404(uuid: UUID, unit: Unit) -> Report:
    found = Report.objects.select_related("unit").filter(uuid=uuid, unit=unit).first()
    if found is None:
        raise Http404
    return found


@unit_page("figures.view", post="figures.confirm")
def report(request: StaffRequest, unit: Unit, report: UUID) -> HttpResponseBase:
    """The text with its figures beside it. `?f=3` opens a figure, `&fill=0-1` with the second number that would fit its first finding."""
    found = report_or_404(report, unit)
    review = Review(found, request.actor, today())
    if request.method != "POST":
        item = _asked_item(request, review)
        return _report_page(request, unit, review, item)
    deed = request.POST.get("deed", "")
    if deed == "confirm_clean":
        return _confirm_clean(request, unit, review)
    posted = review.item_at(request.POST.get("place", ""))
    if posted is None:
        raise Refusal(_("Số liệu này không có trong báo cáo. Hãy mở lại trang báo cáo."))
    if deed == "confirm":
        return _confirm(request, unit, review, posted)
    if deed == "leave_out":
        set_aside(report=found, key=posted.key, by=request.actor, at=now())
        messages.success(request, _("Đã bỏ qua số liệu %(number)s.") % {"number": posted.number})
    elif deed == "take_up":
        take_up(report=found, key=posted.key, by=request.actor, at=now())
        return _to(unit, review, posted.number)
    else:
        raise Http404
    return _onward(request, unit, review, posted)


def _asked_item(request: StaffRequest, review: Review) -> Item | None:
    """The figure the address names by number, or by the stored figure it became; else the first that waits, else none."""
    if stored := request.GET.get("figure", ""):
        return next(
            (item for item in review.items if item.stored and str(item.stored.figure.uuid) == stored), None
        )
    wanted = request.GET.get("f", "")
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 7:
        return review.item(int(wanted)) or review.next_open()
    return review.next_open()


def _filled(request: StaffRequest, item: Item) -> dict[str, str]:
    """The number a link of a finding asks to fill in; nothing when it names none."""
    doubt, _dash, fill = request.GET.get("fill", "").partition("-")
    try:
        chosen = item.doubts[int(doubt[:3])].fills[int(fill[:3])]
    except (ValueError, IndexError):
        return {}
    return {chosen.field: chosen.value} if chosen.number == item.number else {}


def _report_page(
    request: StaffRequest,
    unit: Unit,
    review: Review,
    item: Item | None,
    *,
    form: ReviewForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_confirm = request.actor.may("figures.confirm", unit.pk) and not review.detail.is_locked
    if form is None and item is not None and item.state == "open" and may_confirm:
        form = ReviewForm.of(item, review.places, _filled(request, item))
    text = review.report.text
    signature = review.report.signature
    return page(
        request,
        "desk/reading/report.html",
        unit=unit,
        active="read",
        status=status,
        review=review,
        report=review.report,
        progress=review.progress,
        clean=review.clean if may_confirm else (),
        item=item,
        form=form,
        excerpt=pieces(
            text, *review.around(item), [mark for mark in review.marks if mark.numbers == (item.number,)]
        )
        if item
        else (),
        blocks=blocks(text, review.marks),
        before=review.item(item.number - 1) if item else None,
        after=review.item(item.number + 1) if item else None,
        may_confirm=may_confirm,
        signature=SignatureStatus(signature["intact"], signature["whole_file"], signature["signers"]).sentence
        if signature
        else "",
        entered_by=labels_of({review.report.entered_by}).get(review.report.entered_by, ""),
    )


def _confirm(request: StaffRequest, unit: Unit, review: Review, item: Item) -> HttpResponseBase:
    extra = [item.unit] if item.unit else []
    form = ReviewForm(request.POST, places=review.places, extra=extra)
    if not form.is_valid() or not form.check_difference(item):
        return _report_page(request, unit, review, item, form=form, status=422)
    try:
        _store(request, review, item, form)
    except (Conflict, NotAllowed) as refusal:
        form.add_error(None, str(refusal))
        return _report_page(request, unit, review, item, form=form, status=refusal.status)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _report_page(request, unit, review, item, form=form, status=422)
    messages.success(request, _("Đã xác nhận số liệu %(number)s.") % {"number": item.number})
    return _onward(request, unit, review, item)


def _store(request: StaffRequest, review: Review, item: Item, form: ReviewForm) -> None:
    """Raises: Refusal."""
    if item.state == "retracted":
        raise Conflict(_("Số liệu này đã bị rút. Hãy mở số liệu đó để khôi phục thay vì xác nhận lại."))
    read_one = item.read
    is_same_population = form.cleaned_data["population"] == (read_one.population or "")
    entry = form.entry(
        start=read_one.start,
        end=read_one.end,
        key=item.key,
        population_text=(read_one.population_text or "")[:200] if is_same_population else "",
    )
    by, at = request.actor, now()
    if isinstance(entry, FigureEntry) and form.differs_from(item):
        if form.cleaned_data["difference"] == MISPRINTED:
            printed = replace(
                entry,
                numerator=read_one.numerator,
                denominator=read_one.denominator,
                percent=read_one.percent,
                percent_places=read_one.percent_places,
            )
            mended = replace(entry, key=form.cleaned_data["key"])
            confirm_mended(
                report=review.report,
                printed=printed,
                mended=mended,
                reason=form.cleaned_data["reason"],
                by=by,
                at=at,
            )
            return
        entry = replace(entry, note=_("Máy đọc là: %(text)s") % {"text": read_one.text[:200]})
    kept = confirm_figures(report=review.report, entries=[entry], by=by, at=at)
    if isinstance(entry, FigureEntry) and kept.figures and not _is_what_was_sent(kept.figures[0], entry):
        raise Conflict(
            _(
                "Số liệu này vừa được người khác xác nhận với nội dung khác. Hãy tải lại trang để xem bản đang lưu."
            )
        )


def _is_what_was_sent(figure: Figure, entry: FigureEntry) -> bool:
    """Days that were left out are filled in from the report when the figure is stored."""
    same = ("indicator", "numerator", "denominator", "percent", "stage", "population", "role", "qualifier")
    days = ((entry.counted_from, figure.counted_from), (entry.counted_to, figure.counted_to))
    return (
        all(getattr(figure, name) == getattr(entry, name) for name in same)
        and (entry.unit is None or entry.unit.pk == figure.unit_id)
        and clean(entry.scope, 120) == figure.scope
        and all(sent is None or sent == kept for sent, kept in days)
    )


def _confirm_clean(request: StaffRequest, unit: Unit, review: Review) -> HttpResponseBase:
    entries: Sequence[Any] = [item.entry for item in review.clean]
    if not entries:
        messages.info(request, _("Không còn số liệu nào chờ xác nhận mà không có cảnh báo."))
        return redirect("desk:report", unit=unit.uuid, report=review.report.uuid)
    confirm_figures(report=review.report, entries=entries, by=request.actor, at=now())
    messages.success(
        request,
        ngettext("Đã xác nhận %(count)s số liệu.", "Đã xác nhận %(count)s số liệu.", len(entries))
        % {"count": len(entries)},
    )
    return _onward(request, unit, review, None)


def _onward(request: StaffRequest, unit: Unit, review: Review, item: Item | None) -> HttpResponseBase:
    """To the next figure that waits for a decision; to the top of the report when none does."""
    fresh = Review(review.report, request.actor, today())
    following = fresh.next_open(item.number if item else 0)
    if following is None:
        return redirect("desk:report", unit=unit.uuid, report=review.report.uuid)
    return _to(unit, review, following.number)


def _to(unit: Unit, review: Review, number: int) -> HttpResponseBase:
    address = reverse("desk:report", args=[unit.uuid, review.report.uuid])
    return redirect(f"{address}?f={number}#f")
