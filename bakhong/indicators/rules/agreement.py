"""Do stored figures agree: with their own percentage, with each other in one report, with those of another report about one day.

Prose is checked by the reader; these rules need no text and also cover grids and data sets. They keep silent where the figures leave room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bakhong.core.numbers import format_decimal, format_int, percent_of
from bakhong.indicators.rules import arithmetic, messages
from bakhong.indicators.rules.reading import SEVERITY, Repair
from bakhong.indicators.rules.repairs import of_percent, of_remainder, of_sum

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
    found = [_exceeds(figure)] if _is_over(figure) else []
    if figure.percent is None:
        return found
    told = figure.qualifier or None
    verdict = arithmetic.judge(figure.numerator, figure.denominator, figure.percent, figure.places, told)
    if verdict == arithmetic.FITS:
        return found
    disagreement = _truncated if verdict == arithmetic.TRUNCATED else _mismatch
    return [*found, disagreement(figure, figure.numerator, figure.denominator, figure.percent)]


def _is_over(figure: Printed) -> bool:
    """More than the whole, unless it is of a plan, or does not say of what and says itself that it is over 100 %."""
    if figure.population == PLAN or (figure.numerator or 0) <= (figure.denominator or 0):
        return False
    return bool(figure.population) or figure.percent is None or figure.percent <= 100


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
    slips = of_remainder(whole.denominator, whole.numerator, rest.numerator)
    keys = {"remainder": rest.key}
    return [
        _found(
            "remainder_mismatch",
            (whole.key, rest.key),
            left,
            rest.numerator,
            messages.remainder(whole.denominator, whole.numerator, left, rest.numerator),
            [Repair(keys.get(slip.field, whole.key), *slip) for slip in slips],
        )
    ]


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
    numbers = [settled.numerator or 0, waiting.numerator or 0]
    slips = of_sum(numbers, received.numerator or 0)
    return [
        _found(
            "parts_do_not_sum",
            (received.key, settled.key, waiting.key),
            total,
            received.numerator or 0,
            messages.parts(numbers, total, received.numerator or 0),
            [Repair((received if at is None else trio[1 + at][0]).key, *slip) for at, slip in slips],
        )
    ]


def _exceeds(figure: Printed) -> Disagreement:
    n, d = figure.numerator or 0, figure.denominator or 0
    return _found("part_exceeds_whole", (figure.key,), d, n, messages.exceeds(n, d))


def _mismatch(figure: Printed, n: int, d: int, percent: Decimal) -> Disagreement:
    # Said a little finer than it was printed, so that 70,04 beside 70,2 shows which way it is off.
    exact = arithmetic.rounded(n, d, max(2, figure.places))
    sentences = messages.percent_mismatch(n, d, exact, percent, figure.places)
    repairs = [Repair(figure.key, *slip) for slip in of_percent(n, d, percent, figure.places)]
    return _found("percent_mismatch", (figure.key,), exact, percent, sentences, repairs)


def _truncated(figure: Printed, n: int, d: int, percent: Decimal) -> Disagreement:
    right = arithmetic.rounded(n, d, figure.places)
    sentences = messages.percent_truncated(n, d, right, percent, figure.places)
    return _found("percent_truncated", (figure.key,), right, percent, sentences)


def _found(
    code: str,
    keys: tuple[int, ...],
    expected: Decimal | int,
    found: Decimal | int,
    sentences: tuple[str, str],
    repairs: Sequence[Repair] = (),
) -> Disagreement:
    vi, en = (
        sentence + messages.repair_sentence(repairs, lang)
        for sentence, lang in zip(sentences, ("vi", "en"), strict=True)
    )
    return Disagreement(
        code, SEVERITY[code], keys, str(expected), str(found), vi, en, tuple(map(in_words, repairs))
    )


def in_words(repair: Repair) -> str:
    """
    >>> in_words(Repair(1, "numerator", Decimal(1674), Decimal(1647), "transposition"))
    '1.674 → 1.647'
    """
    return f"{format_decimal(repair.printed)} → {format_decimal(repair.fits)}"


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
