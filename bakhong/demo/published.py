"""The figures the press printed, as reports with figures and targets; then the checks run, so that the real findings appear."""

import csv
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from bakhong.core.actor import Actor
from bakhong.indicators.actions import FigureEntry, TargetEntry, add_report, confirm_figures
from bakhong.indicators.models import Finding, Medium, Report, Role
from bakhong.indicators.rules.reader import read
from bakhong.indicators.rules.reading import Reading
from bakhong.places.actions import create_village
from bakhong.places.models import Level, Unit
from bakhong.places.queries import unit_on
from bakhong.places.queries.finding import resolve_name

DATA = Path(__file__).resolve().parent / "data"
ON = date(2025, 6, 30)  # all figures are about the units of before the reorganisation
LONG_AGO = date(2020, 1, 1)  # for a village whose first day nobody says
_KEYS = uuid5(NAMESPACE_URL, "https://ba-khong.invalid/demo/published")
TARGETS_BY = date(2024, 12, 31)
PILOT = "5 đơn vị thí điểm"

POPULATIONS = {
    "adults": "adults",
    "documents except secret ones": "work_documents",
    "dossiers": "dossiers_received",
    "dossiers received": "dossiers_received",
    "dossiers received of that kind": "dossiers_received_of_kind",
    "4 surveyed units": "surveyed_units",
    "leaders, cadres and officials": "officials",
    "outgoing documents": "outgoing_documents",
    "residents": "residents",
    "residents aged 15 or over": "aged_15_up",
    "residents aged over 15": "aged_15_up",
    "residents and enterprises": "people_and_enterprises",
    "residents of the legal age": "legal_age",
    "residents present who use a smartphone": "present_with_smartphone",
    "smartphone subscriptions": "smartphone_subscriptions",
    "target given by the district": "assigned_target",
}


@dataclass(frozen=True)
class Source:
    """One report: the code of the unit it is about, its title, and where its figures were printed."""

    unit: str
    title: str
    source: str


SOURCES = {
    "seed-000": Source(
        "15472", "Bài viết về xã Định Hưng (Yên Định)", "Trang thông tin huyện Yên Định, khoảng 10/2023"
    ),
    "seed-001": Source(
        "15655",
        "Bài viết về xã Ngọc Phụng và huyện Thường Xuân",
        "Báo Thanh Hoá, 06/05/2025; https://www.vietnam.vn/en/tien-ich-mo-hinh-3-khong-o-thuong-xuan",
    ),
    "seed-002": Source(
        "02371", "Bài viết về xã Bình Nhân (Chiêm Hóa) và huyện Na Hang", "Báo Tuyên Quang, khoảng năm 2023"
    ),
    "seed-003": Source("38", "Bài viết về năm đơn vị thí điểm của tỉnh Thanh Hoá", "Báo Thanh Hoá, năm 2023"),
    "seed-004": Source(
        "15655",
        "Bài viết về chỉ tiêu năm 2024 của xã Ngọc Phụng",
        "Trang thông tin xã Ngọc Phụng, 23/08/2024",
    ),
    "tv-quang-luu": Source(
        "16543",
        "Phóng sự truyền hình về xã Quảng Lưu (Quảng Xương)",
        "https://truyenhinhthanhhoa.vn/chuyen-doi-so-o-thanh-hoa-voi-mo-hinh-3-khong-180231015173849373.htm",
    ),
}


@dataclass(frozen=True)
class Loaded:
    """Totals after loading, whether this run stored them or an earlier one."""

    reports: int
    figures: int
    targets: int
    findings: int


Row = Mapping[str, str]


@transaction.atomic
def load_published(*, by: Actor, at: datetime) -> Loaded:
    """Store every row of the file through the actions; a second run stores nothing more."""
    rows = read_rows()
    figures = targets = 0
    reports = []
    for name, source in SOURCES.items():
        report = _report(name, source, [row for row in rows if row["source"] == name], by, at)
        reading = read(report.text, on=report.published_on)
        entries = [entry for row in rows if row["source"] == name for entry in _entries(row, reading, by, at)]
        confirmed = confirm_figures(report=report, entries=entries, by=by, at=at)
        figures, targets = figures + len(confirmed.figures), targets + len(confirmed.targets)
        reports.append(report.pk)
    return Loaded(len(reports), figures, targets, Finding.objects.open().filter(report__in=reports).count())


def read_rows() -> list[Row]:
    with (DATA / "published-figures.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def key(name: str) -> UUID:
    """The client's key of a report ("seed-000") or an entry ("row/1")."""
    return uuid5(_KEYS, name)


def _report(name: str, source: Source, rows: list[Row], by: Actor, at: datetime) -> Report:
    published = {_day(row["published_on"]) for row in rows}
    return add_report(
        unit=_unit(source.unit),
        title=source.title,
        medium=Medium.DATASET,
        client_key=key(name),
        text=(DATA / "reports" / f"{name}.txt").read_text(encoding="utf-8"),
        source=source.source,
        published_on=published.pop() if len(published) == 1 else None,
        by=by,
        at=at,
    )


def _entries(row: Row, reading: Reading, by: Actor, at: datetime) -> Iterator[FigureEntry | TargetEntry]:
    unit, scope = _place(row, by, at)
    name = f"row/{row['id']}"
    indicator = row["indicator"]
    if indicator.startswith("target:"):
        start, end = _span(reading, "target", row, row["percent"])
        yield TargetEntry(
            indicator.removeprefix("target:"),
            TARGETS_BY,
            percent=Decimal(row["percent"]),
            population=POPULATIONS[row["population"]],
            decision="Chỉ tiêu năm 2024 của xã",
            unit=unit,
            start=start,
            end=end,
            key=key(name),
        )
        return
    role = Role.REMAINING if indicator == "eid_accounts_remaining" else Role.VALUE
    yield _figure(row, unit, scope, role, row["percent"], reading, key(name))
    if row["percent_before"]:
        yield _figure(row, unit, scope, Role.BEFORE, row["percent_before"], reading, key(f"{name}/before"))


def _figure(
    row: Row, unit: Unit, scope: str, role: Role, percent: str, reading: Reading, own_key: UUID
) -> FigureEntry:
    start, end = _span(reading, role.value, row, percent)
    counted_from, counted_to = _counted(row["as_of"])
    return FigureEntry(
        indicator="eid_accounts" if role == Role.REMAINING else row["indicator"],
        numerator=_number(row["numerator"]),
        denominator=_number(row["denominator"]),
        percent=Decimal(percent) if percent else None,
        stage=row["stage"],
        population=POPULATIONS.get(row["population"], ""),
        role=role,
        qualifier=row["qualifier"],
        scope=scope,
        unit=unit,
        counted_from=counted_from,
        counted_to=counted_to,
        published_on=_day(row["published_on"]),
        start=start,
        end=end,
        key=own_key,
    )


def _span(reading: Reading, role: str, row: Row, percent: str) -> tuple[int | None, int | None]:
    """Where the report says these numbers. The n-th row with the same numbers is the n-th place, counted by indicator first."""
    wanted = (_number(row["numerator"]), _number(row["denominator"]), Decimal(percent) if percent else None)
    here = [
        figure
        for figure in reading.figures
        if figure.role == role and (figure.numerator, figure.denominator, figure.percent) == wanted
    ]
    code = row["indicator"].removeprefix("target:").removesuffix("_remaining")
    found = next((figure for figure in here if figure.indicator == code), here[0] if here else None)
    return (found.start, found.end) if found else (None, None)


def _place(row: Row, by: Actor, at: datetime) -> tuple[Unit, str]:
    """The unit, and which part of it the figure is about."""
    if not row["unit_code"]:
        return _unit("38"), PILOT
    unit = _unit(row["unit_code"])
    if row["unit_name"].startswith("Thôn "):
        return _village(unit, row["unit_name"].removeprefix("Thôn ").split(" (")[0], by, at), ""
    return unit, ""


def _village(commune: Unit, name: str, by: Actor, at: datetime) -> Unit:
    found = resolve_name(f"thôn {name}", on=ON, within=commune, level=Level.VILLAGE)
    return found or create_village(commune=commune, kind="thon", name=name, valid_from=LONG_AGO, by=by, at=at)


def _unit(code: str) -> Unit:
    unit = unit_on(code, ON)
    if unit is None:
        raise LookupError(f"no unit carried the code {code} on {ON}: the reference data is not loaded")
    return unit


def _counted(text: str) -> tuple[date | None, date | None]:
    """A day, a month or a year as the days it spans.

    >>> [day.isoformat() for text in ("2024", "2023-10", "2023-07-14") for day in _counted(text) if day]
    ['2024-01-01', '2024-12-31', '2023-10-01', '2023-10-31', '2023-07-14', '2023-07-14']
    >>> _counted("")
    (None, None)
    """
    if not text:
        return None, None
    numbers = [int(part) for part in text.split("-")]
    if len(numbers) == 3:
        return date(*numbers), date(*numbers)
    first, last = (numbers[1], numbers[1]) if len(numbers) == 2 else (1, 12)
    return date(numbers[0], first, 1), date(numbers[0], last, monthrange(numbers[0], last)[1])


def _number(text: str) -> int | None:
    return int(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
