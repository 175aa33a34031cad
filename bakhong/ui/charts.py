"""Charts as inline SVG, drawn on the server. Bars and small lines only; never a pie, a gauge or a third axis.

Every text goes through `format_html`, so a village may be called `<b>` without harm; only numbers and our own
colours are put in directly, since a dashboard draws thousands of them. Widths are SVG
attributes, because the site's content policy allows no style attributes. A chart stands beside a table that
says the same in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from bakhong.core.numbers import format_day, format_percent
from bakhong.ui.figures import FigureLike, language, shown_percent
from bakhong.ui.tokens import GHOST, GREEN, INK, LINE, MUTED, PAPER, TRACK

HUNDRED = Decimal(100)
NOTHING = SafeString("")
# A white edge, so that the word is read where a line runs behind it.
BOLD = ' font-weight="700" stroke="#ffffff" stroke-width="3" paint-order="stroke"'


@dataclass(frozen=True, kw_only=True)
class BarRow:
    """One unit in a list of bars. `target` and `before` (last period) are percents."""

    label: str
    figure: FigureLike | None
    url: str = ""
    target: Decimal | None = None
    before: Decimal | None = None
    flag: SafeString = NOTHING  # a finding, made by marks.finding_flag

    @property
    def percent(self) -> Decimal | None:
        return shown_percent(self.figure) if self.figure is not None else None


@dataclass(frozen=True)
class Point:
    """One period of a trend; `percent` is None where that period has no figure."""

    on: date
    percent: Decimal | None


def worst_first(rows: Iterable[BarRow], *, is_lower_better: bool = False) -> list[BarRow]:
    """Rows in the order they need attention; those without a figure last, since nobody knows theirs."""
    known = [row for row in rows if row.percent is not None]
    unknown = [row for row in rows if row.percent is None]
    known.sort(key=lambda row: row.percent or Decimal(0), reverse=is_lower_better)
    return known + unknown


def scale_of(rows: Iterable[BarRow]) -> Decimal:
    """The percent at the right end of the bars: 100, or the largest value where a plan was overfulfilled."""
    values = [value for row in rows for value in (row.percent, row.target, row.before) if value is not None]
    return max([HUNDRED, *values])


def bar(
    percent: Decimal | None,
    *,
    label: str,
    target: Decimal | None = None,
    before: Decimal | None = None,
    scale: Decimal = HUNDRED,
) -> SafeString:
    """A horizontal bar as wide as its place, the target as a tick, the last period as a thin ghost below."""
    if percent is None:
        return format_html('<span class="bk-muted">{}</span>', gettext("chưa có số liệu"))
    parts = [
        _rect(_share(scale, scale), 3, 14, TRACK),
        _rect(_share(percent, scale), 3, 14, GREEN),
        _rect(_share(before, scale), 19, 4, GHOST) if before is not None else NOTHING,
        _tick(_share(target, scale)) if target is not None else NOTHING,
    ]
    return format_html(
        '<svg class="bk-chart" role="img" width="100%" height="24"><title>{}</title>{}</svg>',
        _bar_words(percent, label, target, before),
        _joined(parts),
    )


def trend(
    points: Sequence[Point],
    *,
    title: str,
    target: Decimal | None = None,
    top: Decimal = HUNDRED,
    width: int = 240,
    height: int = 96,
) -> SafeString:
    """A small line over time, 0 to `top` percent, drawn at true distances in days.

    A period without a figure breaks the line and leaves a hollow mark; one single figure is a dot.
    Small multiples must be given the same `top`.
    """
    known = [point for point in points if point.percent is not None]
    if not known:
        return format_html('<p class="bk-muted">{}</p>', gettext("chưa có số liệu"))
    frame = _Frame(points[0].on, points[-1].on, top, width, height)
    return format_html(
        '<svg class="bk-chart" role="img" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
        "<title>{title}</title><desc>{words}</desc>{ground}{target}{lines}{marks}{ends}</svg>",
        w=width,
        h=height,
        title=title,
        words=_trend_words(points),
        ground=_line(0, frame.bottom, width, frame.bottom, LINE),
        target=_target_line(frame, target),
        lines=_joined(_run(frame, run) for run in _runs(points)),
        marks=_joined(_mark(frame, point) for point in points),
        ends=_ends(frame, points, known[-1]),
    )


def spark(
    points: Sequence[Point], *, title: str, target: Decimal | None = None, width: int = 200, height: int = 56
) -> SafeString:
    """The course at a glance, 0 to 100 percent: a line, its last point with the value, the target dashed. Its table stands beside.

    One string, for pages that show dozens.
    """
    known = [(point.on, point.percent) for point in points if point.percent is not None]
    if not known:
        return NOTHING
    frame = _Frame(known[0][0], known[-1][0], HUNDRED, width, height)
    at = [(frame.x(on), min(frame.bottom, max(4.0, frame.y(percent)))) for on, percent in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
    x, y = at[-1]
    value = format_percent(known[-1][1], language())
    dashed = ""
    if target is not None:
        level = f"{max(4.0, frame.y(target)):.1f}"
        dashed = (
            f'<line x1="0" y1="{level}" x2="{width}" y2="{level}" stroke="{INK}" stroke-dasharray="4 3"/>'
        )
    # Numbers and constants only, but for the title.
    return SafeString(
        f'<svg class="bk-chart" role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<title>{escape(title)}</title><line x1="0" y1="{frame.bottom}" x2="{width}" y2="{frame.bottom}" stroke="{LINE}"/>'
        f'{dashed}<polyline points="{line}" fill="none" stroke="{GREEN}" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{GREEN}"/>'
        f'<text x="{width}" y="{height - 4}" text-anchor="end" font-size="13" fill="{INK}">{value}</text></svg>'
    )


@dataclass(frozen=True)
class _Frame:
    """Turns days and percents into coordinates."""

    first: date
    last: date
    top: Decimal
    width: int
    height: int

    @property
    def bottom(self) -> int:
        return self.height - 20

    def x(self, day: date) -> float:
        span = (self.last - self.first).days
        share = (day - self.first).days / span if span else 0.5
        return 8 + share * (self.width - 16)

    def y(self, percent: Decimal) -> float:
        share = float(percent / self.top) if self.top else 0.0
        return self.bottom - share * (self.bottom - 20)


def _share(value: Decimal, scale: Decimal) -> Decimal:
    """How much of the full width a value takes, in percent, never below 0."""
    return max(Decimal(0), value * 100 / scale).quantize(Decimal("0.01"))


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return SafeString("".join(parts))


def _rect(width: Decimal, top: int, height: int, colour: str) -> SafeString:
    return SafeString(f'<rect y="{top}" width="{width}%" height="{height}" fill="{colour}"/>')


def _tick(at: Decimal) -> SafeString:
    # White beside black, so that the tick is seen on the bar and on the paper.
    place = f'x1="{min(at, Decimal("99.5"))}%" x2="{min(at, Decimal("99.5"))}%" y1="0" y2="20"'
    return SafeString(
        f'<line {place} stroke="{PAPER}" stroke-width="6"/><line {place} stroke="{INK}" stroke-width="3"/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str = "") -> SafeString:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return SafeString(
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{dashed}/>'
    )


def _target_line(frame: _Frame, target: Decimal | None) -> SafeString:
    if target is None:
        return NOTHING
    y = frame.y(target)
    return _line(0, y, frame.width, y, INK, "4 3")


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """The points cut where a figure is missing."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point.percent is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if len(run) > 1]


def _run(frame: _Frame, run: Sequence[Point]) -> SafeString:
    places = " ".join(f"{frame.x(p.on):.1f},{frame.y(p.percent):.1f}" for p in run if p.percent is not None)
    return SafeString(f'<polyline points="{places}" fill="none" stroke="{GREEN}" stroke-width="2"/>')


def _mark(frame: _Frame, point: Point) -> SafeString:
    if point.percent is None:
        return _circle(frame.x(point.on), frame.bottom, PAPER, MUTED)
    return _circle(frame.x(point.on), frame.y(point.percent), GREEN, GREEN)


def _circle(x: float, y: float, fill: str, stroke: str) -> SafeString:
    return SafeString(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{fill}" stroke="{stroke}"/>')


def _ends(frame: _Frame, points: Sequence[Point], last: Point) -> SafeString:
    """The last value beside its point, the first and the last day below."""
    assert last.percent is not None
    words = [_text(0, frame.height - 4, "start", format_day(points[0].on))]
    if len(points) > 1:
        words.append(_text(frame.width, frame.height - 4, "end", format_day(points[-1].on)))
    above = frame.y(last.percent) - 8
    side = "end" if frame.x(last.on) > frame.width / 2 else "start"
    x = frame.width if side == "end" else frame.x(last.on)
    words.append(_text(x, max(above, 11), side, format_percent(last.percent, language()), is_bold=True))
    return _joined(words)


def _text(x: float, y: float, anchor: str, words: str, *, is_bold: bool = False) -> SafeString:
    weight = SafeString(BOLD) if is_bold else NOTHING
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="13" fill="{}"{}>{}</text>',
        f"{x:.1f}",
        f"{y:.1f}",
        anchor,
        INK,
        weight,
        words,
    )


def _bar_words(percent: Decimal, label: str, target: Decimal | None, before: Decimal | None) -> str:
    words = [f"{label}: {format_percent(percent, language())}"]
    if target is not None:
        words.append(gettext("chỉ tiêu %(percent)s") % {"percent": format_percent(target, language())})
    if before is not None:
        words.append(gettext("kỳ trước %(percent)s") % {"percent": format_percent(before, language())})
    return "; ".join(words)


def _trend_words(points: Sequence[Point]) -> str:
    """Where it starts, where it ends, and what is missing; the table beside says the rest."""
    told = [point for point in points if point in (points[0], points[-1]) or point.percent is None]
    lang = language()
    return "; ".join(f"{format_day(point.on)}: {point_text(point, lang)}" for point in told)


def point_text(point: Point, lang: str) -> str:
    """
    >>> point_text(Point(date(2025, 5, 6), Decimal("92.1")), "vi")
    '92,1%'
    """
    return gettext("chưa có số liệu") if point.percent is None else format_percent(point.percent, lang)
