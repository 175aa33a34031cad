"""The "Báo cáo nhanh kết quả thực hiện mô hình “3 không”" of a unit: one content, as a letter, a workbook or a CSV.

It takes its numbers from the dashboard and nowhere else, so that paper and screen say the same. An official document is Vietnamese
whatever language its writer reads the screens in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.utils import translation

from bakhong.core.numbers import format_day, format_int, format_percent
from bakhong.documents.writing.csv import csv_bytes
from bakhong.documents.writing.docx import docx_bytes
from bakhong.documents.writing.letter import Block, Grid, Heading, Items, Letter, Paragraph, Signer
from bakhong.documents.writing.xlsx import Column, Sheet, Value, workbook
from bakhong.indicators.queries.dashboards import dashboard
from bakhong.indicators.queries.shapes import Dashboard, IndicatorRow, Series, TargetRow
from bakhong.indicators.queries.shown import figure_of_row, figure_of_series
from bakhong.indicators.rules.definitions import PILLARS
from bakhong.places.models import Level, Unit
from bakhong.places.queries import contact_of
from bakhong.ui.figures import figure_text

TITLE = "Nhanh kết quả thực hiện mô hình “3 không”"
NOES = {
    "1": "Không phải khai báo thông tin nhiều lần trong thực hiện dịch vụ công",
    "2": "Không dùng tiền mặt trong một số dịch vụ thiết yếu",
    "3": "Không cần tiếp xúc trực tiếp với chính quyền",
}
COLUMNS = (
    Column("Trụ cột", width=16),
    Column("Tiêu chí", width=9),
    Column("Chỉ tiêu", width=44),
    Column("Giai đoạn", width=14),
    Column("Tính trên", width=30),
    Column("Tử số", "int"),
    Column("Mẫu số", "int"),
    Column("Tỷ lệ", "percent"),
    Column("Nguồn in", "percent"),
    Column("Ngày số liệu", width=26),
    Column("Được giao", width=16),
    Column("Đạt", width=8),
    Column("Phạm vi số liệu", width=26),
    Column("Nguồn", width=40),
)


@dataclass(frozen=True)
class QuickReport:
    """What the report says, with the dashboard it says it from."""

    unit: Unit
    on: date
    board: Dashboard
    phone: str

    @property
    def series(self) -> Iterator[tuple[IndicatorRow, Series]]:
        return ((row, series) for row in self.board.with_figures for series in row.series)

    @property
    def file_name(self) -> str:
        return f"bao-cao-nhanh-3-khong-{self.unit.code}-{self.on:%Y%m%d}"


def quick_report(unit: Unit, *, on: date, boundaries: date | None = None) -> QuickReport:
    """The report of a unit on a day. About twelve queries."""
    with translation.override("vi"):
        contact = contact_of(unit, on)
        return QuickReport(
            unit, on, dashboard(unit, on=on, boundaries=boundaries), contact.phone if contact else ""
        )


def as_docx(report: QuickReport) -> bytes:
    """An administrative document in the layout of Decree 30/2020/NĐ-CP, ready to be numbered and signed."""
    with translation.override("vi"):
        return docx_bytes(_letter(report))


def as_xlsx(report: QuickReport) -> IO[bytes]:
    """The same figures as a workbook; an open temporary file."""
    with translation.override("vi"):
        titles = (f"{report.unit.full_name}: báo cáo nhanh “3 không”", f"Đến ngày {format_day(report.on)}")
        return workbook(
            [Sheet("Chỉ tiêu", COLUMNS, list(_rows(report)), titles, is_landscape=True)], title=TITLE
        )


def as_csv(report: QuickReport) -> bytes:
    with translation.override("vi"):
        return csv_bytes([column.title for column in COLUMNS], _rows(report))


def _letter(report: QuickReport) -> Letter:
    unit = report.unit
    recipients = ["Lưu: VT."] if unit.level == Level.PROVINCE else ["UBND tỉnh (b/c)", "Lưu: VT."]
    return Letter(
        agency=("Ủy ban nhân dân", unit.full_name),
        notation="BC-UBND",
        place=unit.name,
        year=report.on.year,
        type_name="BÁO CÁO",
        subject=f"{TITLE} đến ngày {format_day(report.on)}",
        blocks=tuple(_blocks(report)),
        signer=Signer(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        recipients=recipients,
    )


def _blocks(report: QuickReport) -> Iterator[Block]:
    yield Heading("I. ĐÁNH GIÁ CHUNG")
    yield Paragraph(_summary(report))
    yield Heading("II. KẾT QUẢ THEO TỪNG “KHÔNG”")
    for number, name in NOES.items():
        lines = [
            _line(series)
            for row, series in report.series
            if row.serves == number and series.when.kind != "unknown"
        ]
        yield Heading(f"{number}. {name}", level=2)
        yield Items(lines) if lines else Paragraph("Chưa có số liệu.")
    yield Heading("III. BẢNG SỐ LIỆU")
    yield _grid(report)
    missing = [row.name for row in report.board.without_figures]
    if missing:
        yield Heading("IV. CHỈ TIÊU CHƯA CÓ SỐ LIỆU")
        yield Items(missing)
    yield Heading("V. KHÓ KHĂN, KIẾN NGHỊ" if missing else "IV. KHÓ KHĂN, KIẾN NGHỊ")
    yield Paragraph("…")


def _summary(report: QuickReport) -> str:
    board = report.board
    judged = [
        series
        for _, series in report.series
        if series.target
        and series.target.is_met is not None
        and (series.cover is None or series.cover.is_complete)
    ]
    met = sum(1 for series in judged if series.target and series.target.is_met)
    sentences = [
        f"Đến ngày {format_day(report.on)}, {report.unit.full_name} có số liệu của {len(board.with_figures)}/{len(board.rows)} "
        "chỉ tiêu theo dõi."
    ]
    if judged:
        sentences.append(f"Trong số có mức được giao, {met}/{len(judged)} kết quả đã đạt.")
    if board.findings.total:
        sentences.append(f"Còn {board.findings.total} chỗ số liệu chưa khớp đang được rà soát.")
    return " ".join(sentences)


def _line(series: Series) -> str:
    return f"{series.name.title}{_scope(series)}: {_result(series)}"


def _scope(series: Series) -> str:
    """ " – Xã Ngọc Phụng (1/4 xã cũ có số liệu)": whose figures these are, where they are not the unit's own."""
    if series.cover is None:
        return ""
    names = dict.fromkeys(row.unit.name for row in series.figures) if series.cover.kind == "former" else {}
    return f" – {', '.join(names)} ({series.cover.text})" if names else f" ({series.cover.text})"


def _result(series: Series) -> str:
    """The value; where former units printed only percentages, which cannot be summed, each of theirs."""
    if series.value.percent is None and series.value.numerator is None:
        return "; ".join(f"{row.unit.name} {figure_text(figure_of_row(row))}" for row in series.figures)
    return figure_text(figure_of_series(series))


def _grid(report: QuickReport) -> Grid:
    rows = [
        (
            str(number),
            f"{row.criterion} {series.name.title}{_scope(series)}".strip(),
            _result(series),
            _target(series.target),
        )
        for number, (row, series) in enumerate(report.series, start=1)
    ]
    return Grid(
        header=("STT", "Chỉ tiêu", "Kết quả", "Được giao"),
        rows=rows or [("", "Chưa có số liệu", "", "")],
        caption="Kết quả các chỉ tiêu",
        widths=(1, 6, 7, 3),
        aligns=("center", "left", "left", "center"),
        note="Mỗi tỷ lệ ghi kèm tử số, mẫu số, đối tượng tính và ngày.",
    )


def _target(target: TargetRow | None) -> str:
    if target is None:
        return ""
    amount = (
        format_percent(target.percent)
        if target.percent is not None
        else format_int(target.value)
        if target.value is not None
        else ""
    )
    return f"{amount} đến {format_day(target.by_date)}" if target.by_date else amount


def _rows(report: QuickReport) -> Iterator[Sequence[Value]]:
    """One row a result; where former units printed only percentages, one of each."""
    for row, series in report.series:
        cover = series.cover.text if series.cover else ""
        results = [(series.value, series.when.text, cover, series.figures)]
        if series.value.percent is None and series.value.numerator is None:
            results = [(each.value, each.when.text, each.unit.name, (each,)) for each in series.figures]
        for value, when, scope, figures in results:
            sources = dict.fromkeys(_source(each.report_title, each.report_source) for each in figures)
            yield (
                PILLARS[row.pillar][0],
                row.criterion,
                row.name,
                series.name.stage,
                series.name.population,
                value.numerator,
                value.denominator,
                value.percent,
                value.printed,
                when,
                _target(series.target),
                _met(series.target),
                scope,
                "; ".join(sources),
            )


def _met(target: TargetRow | None) -> str:
    if target is None or target.is_met is None:
        return ""
    return "đạt" if target.is_met else "chưa"


def _source(title: str, source: str) -> str:
    return f"{title} ({source})" if source else title
