"""A report under review: every figure the reader finds in it, what is known of each, what is stored of it, what storing it would mean."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.desk.marked import Mark
from bakhong.desk.nearby import Places
from bakhong.desk.review_items import FIGURE_ROLES, TARGET, Item, Progress, doubts_of
from bakhong.indicators.actions.entries import FigureEntry, TargetEntry, figure_fields, target_fields
from bakhong.indicators.models import Figure, Report, Role, SetAside, Target
from bakhong.indicators.queries import report_detail
from bakhong.indicators.queries.history_shapes import FindingRow, HistoryRow, ReportDetail, TargetEntryRow
from bakhong.indicators.rules.normalise import ReportTooLong
from bakhong.indicators.rules.numbers import TooManyNumbers
from bakhong.indicators.rules.reader import read
from bakhong.indicators.rules.reading import Figure as Read
from bakhong.indicators.rules.reading import Reading
from bakhong.places.models import Unit

_AROUND = 160  # characters of the text shown around a figure


def read_report(report: Report) -> Reading:
    """As the checks of stored figures read it, so that both find the same.

    Raises: ReportTooLong, TooManyNumbers.
    """
    return read_text(report.text, report.reported_on or report.published_on, report.unit.full_name)


@lru_cache(maxsize=16)
def read_text(text: str, on: date | None, unit_name: str) -> Reading:
    """Raises: ReportTooLong, TooManyNumbers."""
    return read(text, on=on, unit_name=unit_name)


class Review:
    """The page of one report, for one person on one day. Raises what reading raises."""

    def __init__(self, report: Report, actor: Actor, today: date) -> None:
        self.report, self.actor, self.today = report, actor, today
        self.reading = read_report(report)
        self.places = Places(report.unit, today)
        self.detail: ReportDetail = report_detail(report)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        named = _named(self.reading.figures, self.report)
        stored, targets = self._stored(named), self._targets()
        asides = set(
            SetAside.objects.filter(report=self.report, withdrawn_at=None).values_list("key", flat=True)
        )
        findings = _by_figure(self.detail.findings)
        doubts = doubts_of(self.reading)
        out = []
        for figure, (place, key) in zip(self.reading.figures, named, strict=True):
            unit, entry, why_not = self._entry(figure, key)
            row = stored.get(figure.id)
            out.append(
                Item(
                    number=figure.id,
                    place=place,
                    key=key,
                    read=figure,
                    unit=unit,
                    entry=entry,
                    why_not=why_not,
                    doubts=doubts.get(figure.id, ()),
                    stored=row,
                    target=targets.get(key),
                    findings=findings.get(row.figure.uuid, ()) if row else (),
                    is_aside=key in asides,
                )
            )
        return tuple(out)

    @cached_property
    def others(self) -> tuple[HistoryRow, ...]:
        """Current figures of the report that the reader does not find in the text."""
        shown_ones = {item.stored.figure.uuid for item in self.items if item.stored}
        return tuple(
            row for row in self.detail.figures if row.state == "current" and row.figure.uuid not in shown_ones
        )

    @property
    def clean(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_clean)

    @property
    def progress(self) -> Progress:
        return Progress(
            found=len(self.items),
            confirmed=sum(item.state == "done" for item in self.items),
            left_out=sum(item.state in ("aside", "retracted") for item in self.items),
            open_findings=sum(finding.is_open for finding in self.detail.findings),
        )

    @property
    def marks(self) -> list[Mark]:
        return [
            Mark(item.read.start, item.read.end, (item.number,), item.mark_kind)
            for item in self.items
            if item.read.start is not None and item.read.end is not None
        ]

    def item_at(self, place: str) -> Item | None:
        return next((item for item in self.items if item.place == place), None)

    def item(self, number: int) -> Item | None:
        return next((item for item in self.items if item.number == number), None)

    def next_open(self, after: int = 0) -> Item | None:
        """The next figure that waits for a decision, from the beginning again where none follows."""
        waiting = [item for item in self.items if item.state == "open"]
        return next((item for item in waiting if item.number > after), waiting[0] if waiting else None)

    def around(self, item: Item) -> tuple[int, int]:
        """The stretch of text in which a figure is shown by itself, cut between words."""
        start, end = item.read.start or 0, item.read.end or 0
        left = max(0, start - _AROUND)
        right = min(len(self.report.text), end + _AROUND // 2)
        text = self.report.text
        while 0 < left < start and not text[left - 1].isspace():
            left += 1
        while end < right < len(text) and not text[right].isspace():
            right -= 1
        return left, right

    def day_of(self, figure: Read) -> date:
        return figure.counted_to or self.report.reported_on or self.report.published_on or self.today

    def _entry(self, figure: Read, key: UUID) -> tuple[Unit | None, FigureEntry | TargetEntry | None, str]:
        unit = (
            self.places.find(figure.unit_name, self.day_of(figure)) if figure.unit_name else self.report.unit
        )
        if unit is None:
            return None, None, _("Chưa nhận ra “%(name)s” là đơn vị nào.") % {"name": figure.unit_name}
        if figure.role not in FIGURE_ROLES and figure.role != TARGET:
            return unit, None, _("Đây là mức tăng, giảm chứ không phải kết quả.")
        if figure.indicator is None:
            return unit, None, _("Văn bản chưa nói rõ đây là chỉ tiêu nào.")
        if figure.percent_to is not None:
            return unit, None, _("Nguồn ghi một khoảng, hãy chọn một số hoặc bỏ qua.")
        if not self.actor.may("figures.confirm", unit.pk):
            return unit, None, _("%(unit)s nằm ngoài phạm vi bạn được xác nhận.") % {"unit": unit.full_name}
        if figure.role == TARGET and figure.counted_to is None:
            return unit, None, _("Chưa rõ chỉ tiêu này phải đạt vào ngày nào.")
        entry = self.entry_of(figure, unit, key)
        why_not = self.refusal_of(entry)
        return unit, None if why_not else entry, why_not

    def entry_of(self, figure: Read, unit: Unit, key: UUID) -> FigureEntry | TargetEntry:
        """What confirming the figure as it was read stores."""
        shared: dict[str, Any] = {
            "indicator": figure.indicator or "",
            "percent": figure.percent,
            "stage": figure.stage or "",
            "population": figure.population or "",
            "population_text": (figure.population_text or "")[:200],
            "unit": unit,
            "start": figure.start,
            "end": figure.end,
            "key": key,
        }
        if figure.role == TARGET:
            value = figure.numerator if figure.percent is None else None
            return TargetEntry(by_date=figure.counted_to or self.today, value=value, **shared)
        return FigureEntry(
            numerator=figure.numerator,
            denominator=figure.denominator,
            percent_places=figure.percent_places,
            role=figure.role if figure.role in FIGURE_ROLES else Role.VALUE.value,
            qualifier=figure.qualifier or "",
            counted_from=figure.counted_from,
            counted_to=figure.counted_to,
            **shared,
        )

    def refusal_of(self, entry: FigureEntry | TargetEntry) -> str:
        """Why the entry could not be stored, "" when it could."""
        try:
            if isinstance(entry, FigureEntry):
                figure_fields(entry, self.report, self.today)
            else:
                target_fields(entry, self.report, entry.unit or self.report.unit, self.today)
        except Refusal as refusal:
            return str(refusal)
        return ""

    def _stored(self, named: Sequence[tuple[str, UUID]]) -> dict[int, HistoryRow]:
        """Number of a figure → the newest fact stored of it: by its key, else by place and numbers."""
        rows = {row.figure.uuid: row for row in self.detail.figures}
        facts = list(
            Figure.objects.filter(report=self.report)
            .order_by("id")
            .values("uuid", "client_key", "start", "end", "numerator", "denominator", "percent", "indicator")
        )
        by_key = {fact["client_key"]: fact["uuid"] for fact in facts}
        corrections = {row.corrected_by for row in rows.values() if row.corrected_by}
        free = [fact for fact in facts if fact["uuid"] not in corrections]
        out: dict[int, HistoryRow] = {}
        taken: set[UUID] = set()
        for figure, (_place, key) in zip(self.reading.figures, named, strict=True):
            if key in by_key:
                taken.add(by_key[key])
                out[figure.id] = _newest(rows, by_key[key])
        for figure in self.reading.figures:
            if figure.id in out:
                continue
            here = [fact for fact in free if fact["uuid"] not in taken and _is_of(fact, figure)]
            here.sort(key=lambda fact: fact["indicator"] != figure.indicator)
            if here:
                taken.add(here[0]["uuid"])
                out[figure.id] = _newest(rows, here[0]["uuid"])
        return out

    def _targets(self) -> dict[UUID, TargetEntryRow]:
        rows = {row.uuid: row for row in self.detail.targets}
        known = Target.objects.filter(report=self.report).values_list("client_key", "uuid")
        return {key: rows[uuid] for key, uuid in known if uuid in rows}


def client_key(report: Report, place: str) -> UUID:
    """One figure of one report, however often it is sent."""
    return uuid5(report.uuid, f"figure/{place}")


def progress_of(reports: Iterable[Report], open_findings: Mapping[int, int]) -> dict[int, Progress | None]:
    """id of a report → how far it is; None where its text cannot be read any more. Three queries, and one reading each."""
    reports = list(reports)
    ids = [report.pk for report in reports]
    current = _count(Figure.objects.current().filter(report_id__in=ids).values_list("report_id", flat=True))
    targets = _count(Target.objects.filter(report_id__in=ids).values_list("report_id", flat=True))
    asides = _count(
        SetAside.objects.filter(report_id__in=ids, withdrawn_at=None).values_list("report_id", flat=True)
    )
    out: dict[int, Progress | None] = {}
    for report in reports:
        confirmed = current.get(report.pk, 0) + targets.get(report.pk, 0)
        try:
            found = len(read_report(report).figures) if report.text else confirmed
        except (ReportTooLong, TooManyNumbers):
            out[report.pk] = None
            continue
        out[report.pk] = Progress(
            max(found, confirmed), confirmed, asides.get(report.pk, 0), open_findings.get(report.pk, 0)
        )
    return out


def _count(ids: Iterable[int | None]) -> dict[int | None, int]:
    out: dict[int | None, int] = {}
    for pk in ids:
        out[pk] = out.get(pk, 0) + 1
    return out


def _named(figures: Sequence[Read], report: Report) -> list[tuple[str, UUID]]:
    """(place, key) of every figure: where it stands, and which of several there."""
    seen: dict[tuple[int | None, int | None], int] = {}
    out = []
    for figure in figures:
        where = (figure.start, figure.end)
        nth = seen[where] = seen.get(where, -1) + 1
        place = f"{figure.start}-{figure.end}-{nth}"
        out.append((place, client_key(report, place)))
    return out


def _newest(rows: Mapping[UUID, HistoryRow], uuid: UUID) -> HistoryRow:
    row = rows[uuid]
    while row.corrected_by is not None and row.corrected_by in rows:
        row = rows[row.corrected_by]
    return row


def _is_of(fact: Mapping[str, Any], figure: Read) -> bool:
    if None in (fact["start"], fact["end"], figure.start, figure.end):
        return False
    overlaps = fact["start"] < figure.end and figure.start < fact["end"]
    return overlaps and (fact["numerator"], fact["denominator"], fact["percent"]) == (
        figure.numerator,
        figure.denominator,
        figure.percent,
    )


def _by_figure(findings: Iterable[FindingRow]) -> dict[UUID, tuple[FindingRow, ...]]:
    out: dict[UUID, tuple[FindingRow, ...]] = {}
    for finding in findings:
        for figure in finding.figures:
            out[figure.uuid] = (*out.get(figure.uuid, ()), finding)
    return out
