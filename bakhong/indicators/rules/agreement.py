"""Do stored figures agree: with their own percentage, with each other in one report, with those of another report about one day.

Prose is checked by the reader; these rules need no text and also cover grids and data sets. They keep silent where the figures leave room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bakhong.core.numbers import format_decimal, format_int, percent_of

PLAN = "assigned_target"  # over 100 % of a plan is no mistake
TOLERANCE = {"about": Decimal(2), "at_least": Decimal(5), "more_than": Decimal(5), "less_than": Decimal(5)}


@dataclass(frozen=True, slots=True)
class Printed:
    """A stored figure as the checks see it. `key` is opaque; `group` joins figures of one unit and one time."""

    key: int
    group: object
    indicator: str
    stage: str
    population: str
    role: str
    numerator: int | None
    denominator: int | None
    percent: Decimal | None
    places: int
    qualifier: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What does not agree, in both languages; it names no culprit."""

    code: str
    severity: str
    keys: tuple[int, ...]
    expected: str
    found: str
    message: str
    message_en: str
    repairs: tuple[str, ...] = ()


def check_one(figure: Printed) -> list[Disagreement]:
    """The printed percentage and the whole of one figure.

    >>> def printed(n, d, percent, places):
    ...     return Printed(1, None, "eid_accounts", "", "adults", "value", n, d, Decimal(percent), places, "")
    >>> [found.code for found in check_one(printed(4795, 5205, "92.1", 1))]
    []
    >>> [found.code for found in check_one(printed(3273, 5311, "61.62", 2))]
    ['percent_truncated']
    >>> [(found.code, found.expected) for found in check_one(printed(2660, 3798, "70.2", 1))]
    [('percent_mismatch', '70.04')]
    """
    if figure.numerator is None or not figure.denominator or figure.role != "value":
        return []
    found = []
    if figure.numerator > figure.denominator and figure.population != PLAN:
        found.append(_exceeds(figure))
    if figure.percent is None or figure.qualifier:
        return found
    rounded = percent_of(figure.numerator, figure.denominator, figure.places)
    if rounded == figure.percent:
        return found
    truncated = percent_of(figure.numerator, figure.denominator, figure.places, truncate=True)
    if truncated == figure.percent:
        return [*found, _truncated(figure, rounded)]
    # Said a little finer than it was printed, so that 70,04 beside 70,2 shows which way it is off.
    return [
        *found,
        _mismatch(figure, percent_of(figure.numerator, figure.denominator, max(2, figure.places))),
    ]


def check_together(figures: Sequence[Printed]) -> list[Disagreement]:
    """Remainders and stages that must add up, among figures of one report about one unit and one time.

    >>> def one(key, stage, n, d=None, role="value"):
    ...     return Printed(key, "Na Hang", "dossiers_received", stage, "", role, n, d, None, 0, "")
    >>> [found.code for found in check_together([one(1, "received", 2434), one(2, "settled", 1403), one(3, "in_progress", 31)])]
    ['parts_do_not_sum']
    >>> check_together([one(1, "received", 1434), one(2, "settled", 1403), one(3, "in_progress", 31)])
    []
    >>> [found.expected for found in check_together([one(1, "", 1674, 2002), one(2, "", 355, role="remaining")])]
    ['328']
    """
    groups: dict[tuple[object, str], list[Printed]] = {}
    for figure in figures:
        groups.setdefault((figure.group, figure.indicator), []).append(figure)
    return [found for rows in groups.values() for found in (*_remainders(rows), *_stages(rows))]


def contradicts(one: Printed, other: Printed) -> bool:
    """Whether two figures of one unit, indicator, stage and time cannot both be right.

    Different denominators may count different people: figures are compared when they name one population or share a denominator.

    >>> def said(n, d, percent=None, qualifier="", population="adults"):
    ...     return Printed(1, None, "eid_accounts", "", population, "value", n, d, percent, 1, qualifier)
    >>> contradicts(said(4795, 5205), said(4800, 5205)), contradicts(said(4795, 5205), said(4795, 5205))
    (True, False)
    >>> contradicts(said(None, None, Decimal("92.1")), said(4795, 5205)), contradicts(said(None, None, Decimal(80)), said(4795, 5205))
    (False, True)
    >>> contradicts(said(4795, 5205, population=""), said(4100, 4300))
    False
    """
    if one.population != other.population and (
        one.denominator is None or one.denominator != other.denominator
    ):
        return False
    if (
        one.numerator is not None
        and other.numerator is not None
        and not one.qualifier
        and not other.qualifier
    ):
        has_wholes = one.denominator is not None and other.denominator is not None
        return one.numerator != other.numerator or (has_wholes and one.denominator != other.denominator)
    places = min(_places(one), _places(other))
    first, second = _percent(one, places), _percent(other, places)
    if first is None or second is None:
        return False
    # A truncated percentage is reported elsewhere; one step of the last decimal is no contradiction.
    room = max(
        TOLERANCE.get(one.qualifier, Decimal(0)),
        TOLERANCE.get(other.qualifier, Decimal(0)),
        Decimal(1).scaleb(-places),
    )
    return abs(first - second) > room


def contradiction(one: Printed, other: Printed, title: str) -> Disagreement:
    """`one` says otherwise than `other`, which stands in the report `title`."""
    note = note_en = ""
    if one.denominator and other.denominator and one.denominator != other.denominator:
        vi, en = (
            f"{format_int(other.denominator, lang)} – {format_int(one.denominator, lang)}"
            for lang in ("vi", "en")
        )
        note = f" Tổng số cũng khác ({vi}): có thể hai báo cáo tính trên những người khác nhau."
        note_en = f" The totals differ as well ({en}): the two reports may count different people."
    return Disagreement(
        "contradicts_earlier", "warning", (one.key, other.key), _words(other), _words(one),
        f"Cùng đơn vị, cùng chỉ tiêu, cùng thời điểm nhưng “{title}” ghi {_words(other)}, còn ở đây ghi {_words(one)}.{note}",
        f"Same unit, indicator and time, but “{title}” says {_words(other, 'en')} and this one {_words(one, 'en')}.{note_en}",
    )  # fmt: skip


def _remainders(rows: Sequence[Printed]) -> list[Disagreement]:
    wholes = [
        row
        for row in rows
        if row.role == "value" and row.numerator is not None and row.denominator is not None
    ]
    rests = [row for row in rows if row.role == "remaining" and row.numerator is not None]
    if len(wholes) != 1 or len(rests) != 1:
        return []  # which belongs to which is not ours to guess
    whole, rest = wholes[0], rests[0]
    assert whole.numerator is not None
    assert whole.denominator is not None
    assert rest.numerator is not None
    left = whole.denominator - whole.numerator
    if left == rest.numerator or rest.qualifier or whole.qualifier:
        return []
    fits = whole.denominator - rest.numerator
    sums = f"{format_int(whole.denominator)} − {format_int(whole.numerator)} = {format_int(left)}"
    rest_vi, rest_en = format_int(rest.numerator), format_int(rest.numerator, "en")
    repair_vi = f"{format_int(fits)} thay vì {format_int(whole.numerator)} thì khớp."
    repair_en = f"{format_int(fits, 'en')} instead of {format_int(whole.numerator, 'en')} would fit."
    return [
        Disagreement(
            "remainder_mismatch", "error", (whole.key, rest.key), str(left), str(rest.numerator),
            f"Số còn lại ghi {rest_vi}, nhưng {sums}. {repair_vi}",
            f"The remainder says {rest_en}, but {sums}. {repair_en}",
            (f"{fits}/{whole.denominator}", str(left)),
        )
    ]  # fmt: skip


def _stages(rows: Sequence[Printed]) -> list[Disagreement]:
    """Dossiers received = settled + in progress, where each is printed once as a number."""
    by_stage: dict[str, list[Printed]] = {}
    for row in rows:
        if (
            row.role == "value"
            and row.numerator is not None
            and row.denominator is None
            and not row.qualifier
        ):
            by_stage.setdefault(row.stage, []).append(row)
    trio = [by_stage.get(stage, []) for stage in ("received", "settled", "in_progress")]
    if any(len(each) != 1 for each in trio):
        return []
    received, settled, waiting = (each[0] for each in trio)
    total = (settled.numerator or 0) + (waiting.numerator or 0)
    if total == received.numerator:
        return []
    sums = (
        f"{format_int(settled.numerator or 0)} + {format_int(waiting.numerator or 0)} = {format_int(total)}"
    )
    return [
        Disagreement(
            "parts_do_not_sum", "error", (received.key, settled.key, waiting.key), str(received.numerator), str(total),
            f"Đã giải quyết và đang giải quyết cộng lại là {sums}, nhưng tổng số tiếp nhận ghi {format_int(received.numerator or 0)}.",
            f"Settled and in progress add up to {sums}, but {format_int(received.numerator or 0, 'en')} were received.",
        )
    ]  # fmt: skip


def _exceeds(figure: Printed) -> Disagreement:
    n, d = figure.numerator or 0, figure.denominator or 0
    return Disagreement(
        "part_exceeds_whole", "error", (figure.key,), str(d), str(n),
        f"Số đạt được ({format_int(n)}) lớn hơn tổng số ({format_int(d)}).",
        f"The part ({format_int(n, 'en')}) is larger than its whole ({format_int(d, 'en')}).",
    )  # fmt: skip


def _mismatch(figure: Printed, expected: Decimal | None) -> Disagreement:
    n, d, printed = figure.numerator or 0, figure.denominator or 1, figure.percent or Decimal(0)
    right = expected if expected is not None else Decimal(0)
    share_en = f"{format_int(n, 'en')}/{format_int(d, 'en')} is {format_decimal(right, 'en')}%"
    return Disagreement(
        "percent_mismatch", "error", (figure.key,), format_decimal(right, "en"), format_decimal(printed, "en"),
        f"{format_int(n)}/{format_int(d)} là {format_decimal(right)}%, nhưng báo cáo ghi {format_decimal(printed)}%.",
        f"{share_en}, but the report says {format_decimal(printed, 'en')}%.",
    )  # fmt: skip


def _truncated(figure: Printed, expected: Decimal | None) -> Disagreement:
    right, printed = expected or Decimal(0), figure.percent or Decimal(0)
    return Disagreement(
        "percent_truncated", "warning", (figure.key,), format_decimal(right, "en"), format_decimal(printed, "en"),
        f"{format_decimal(printed)}% là số bị cắt bớt; làm tròn đúng là {format_decimal(right)}%.",
        f"{format_decimal(printed, 'en')}% was cut off; rounded it is {format_decimal(right, 'en')}%.",
    )  # fmt: skip


def _places(figure: Printed) -> int:
    return 4 if figure.numerator is not None and figure.denominator else figure.places


def _percent(figure: Printed, places: int) -> Decimal | None:
    if figure.numerator is not None and figure.denominator:
        return percent_of(figure.numerator, figure.denominator, places)
    return figure.percent


def _words(figure: Printed, lang: str = "vi") -> str:
    if figure.numerator is None:
        return f"{format_decimal(figure.percent or Decimal(0), lang)}%"
    whole = f"/{format_int(figure.denominator, lang)}" if figure.denominator is not None else ""
    return format_int(figure.numerator, lang) + whole
