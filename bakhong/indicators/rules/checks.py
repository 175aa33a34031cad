"""The checks of single figures and of wholes with their parts. A finding is only made where no plausible reading fits."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from bakhong.indicators.rules import arithmetic, messages
from bakhong.indicators.rules.definitions import Registry
from bakhong.indicators.rules.drafts import Draft
from bakhong.indicators.rules.nouns import compatible
from bakhong.indicators.rules.numbers import Number
from bakhong.indicators.rules.relations import Group, is_remaining, sizes
from bakhong.indicators.rules.repairs import closest, of_percent, of_remainder


@dataclass(slots=True)
class RepairDraft:
    draft: Draft
    field: str
    printed: Decimal
    fits: Decimal
    kind: str


@dataclass(slots=True)
class FindingDraft:
    code: str
    drafts: list[Draft]
    expected: Decimal | None
    found: Decimal | None
    message: tuple[str, str]
    repairs: list[RepairDraft] = field(default_factory=list)


_PLAN = re.compile(r"kế hoạch|chỉ tiêu|giao|vượt|mục tiêu|so với")
WINDOW = 24  # how many figures back a check looks: reports are told in one breath


def check_percents(low: str, drafts: Iterable[Draft]) -> list[FindingDraft]:
    """Every fraction with a percent, and every fraction larger than one."""
    out: list[FindingDraft] = []
    earlier: list[Draft] = []
    for one in drafts:
        if one.kind != "percent" and one.n is not None and one.d:
            out += _percent(one, earlier)
            out += _exceeds_itself(low, one)
        if one.kind == "fraction":
            earlier = [*earlier[-WINDOW:], one]
    return out


def _percent(one: Draft, earlier: list[Draft]) -> list[FindingDraft]:
    n, d = one.n, one.d
    if one.percent is None or n is None or not d or one.percent_to is not None:
        return []
    printed, places = one.percent.value, one.percent.places
    told = one.percent_qualifier or (one.qualifier if one.percent_qualifier is None else None)
    verdict = arithmetic.judge(n, d, printed, places, told)
    if verdict == arithmetic.FITS or _fits_together(one, earlier, printed, places, told):
        return []
    if verdict == arithmetic.TRUNCATED:
        rounded = arithmetic.rounded(n, d, places)
        message = messages.percent_truncated(n, d, rounded, printed, places)
        return [FindingDraft("percent_truncated", [one], rounded, printed, message)]
    exact = arithmetic.rounded(n, d, max(2, places))
    message = messages.percent_mismatch(n, d, exact, printed, places)
    return [
        FindingDraft(
            "percent_mismatch",
            [one],
            exact,
            printed,
            message,
            [RepairDraft(one, *slip) for slip in of_percent(n, d, printed, places)],
        )
    ]


def _fits_together(one: Draft, earlier: list[Draft], printed: Decimal, places: int, told: str | None) -> bool:
    """ "nam 600/750, nữ 700/800, đạt 83,87%": the percent is of both."""
    same = [
        other for other in earlier if other.sentence == one.sentence and other.percent is None and other.d
    ][-4:]
    for count in range(1, len(same) + 1):
        chosen = [*same[-count:], one]
        n, d = sum(other.n or 0 for other in chosen), sum(other.d or 0 for other in chosen)
        if arithmetic.judge(n, d, printed, places, told) == arithmetic.FITS:
            return True
    return False


def _exceeds_itself(low: str, one: Draft) -> list[FindingDraft]:
    """n/d with n > d, unless it is of a plan or says itself that it is over 100%."""
    n, d = one.n, one.d
    if one.kind != "fraction" or n is None or not d or n <= d or one.role == "target" or one.plan:
        return []
    if one.percent is not None and one.percent.value > 100:
        return []
    if _PLAN.search(low[max(0, one.start - 120) : one.start]) or _PLAN.search(low[one.end : one.end + 60]):
        return []
    repairs = []
    for name, printed, found in (
        ("numerator", n, closest(n, lambda number: 0 < number <= d and _keeps(number, d, one))),
        ("denominator", d, closest(d, lambda number: number >= n and _keeps(n, number, one))),
    ):
        if found and found[0] in ("transposition", "digit"):
            repairs.append(RepairDraft(one, name, Decimal(printed), Decimal(found[1]), found[0]))
    return [
        FindingDraft("part_exceeds_whole", [one], Decimal(d), Decimal(n), messages.exceeds(n, d), repairs)
    ]


def _keeps(n: int, d: int, one: Draft) -> bool:
    if one.percent is None:
        return True
    return (
        arithmetic.judge(n, d, one.percent.value, one.percent.places, one.percent_qualifier)
        == arithmetic.FITS
    )


def check_shares(group: Group, links: list[tuple[Draft, list[Draft]]]) -> None:
    """Gives a count with a percent the whole it is a share of, where the text or the arithmetic says which."""
    counts = [one for one in group.items if one.kind != "percent"]
    first_parts = {id(parts[0]): whole for whole, parts in links}
    for at, one in enumerate(counts):
        if one.kind != "count" or one.percent is None or one.n is None or one.plan:
            continue
        places, told = one.percent.places, one.percent_qualifier or one.qualifier
        bases = [
            (other, number)
            for other in reversed(counts[max(0, at - WINDOW) : at])
            for number in (other.numerator, other.denominator)
            if number
        ]
        chosen: tuple[Draft, Number] | None = None
        for other, number in bases:
            value = number.whole
            if (
                value
                and value >= one.n
                and arithmetic.judge(one.n, value, one.percent.value, places, told) == arithmetic.FITS
            ):
                chosen = other, number
                break
        first = first_parts.get(id(one))
        if (
            chosen is None
            and first is not None
            and first.kind == "count"
            and first.numerator is not None
            and (first.n or 0) >= one.n
            and at
            and counts[at - 1] is first  # nothing in between that the share could be of
            and compatible(first.family, one.family)
        ):
            chosen = first, first.numerator
        if chosen:
            one.denominator = chosen[1]
            if one.population_text is None and chosen[0].n == one.d and not chosen[0].plan:
                one.population, one.population_text = chosen[0].population, chosen[0].population_text
            one.used = chosen[0].used = True


def check_of_which(low: str, links: list[tuple[Draft, list[Draft]]], near: list[Draft]) -> list[FindingDraft]:
    """ "trong đó": a part larger than its whole, and totals that add a part to its own whole."""
    out: list[FindingDraft] = []
    for whole, parts in links:
        size = max(sizes(whole), default=0)
        for part in parts:
            n = part.n
            if n is None or not compatible(part.family, whole.family):
                continue
            if part.family is None and whole.family is None and part.indicator is None:
                continue
            whole.used = part.used = True
            if n > size and not (part.approximate or whole.approximate) and part is parts[0]:
                repairs = _exceed_repairs(whole, part, size, n)
                out.append(
                    FindingDraft(
                        "part_exceeds_whole",
                        [whole, part],
                        Decimal(size),
                        Decimal(n),
                        messages.exceeds(n, size),
                        repairs,
                    )
                )
            elif whole.n is not None and n < whole.n:
                out += _added(low, whole, part, near, [other for other in parts if other is not part])
    return out


def _exceed_repairs(whole: Draft, part: Draft, size: int, n: int) -> list[RepairDraft]:
    out = []
    if (found := closest(n, lambda number: 0 < number <= size)) and found[0] == "transposition":
        out.append(RepairDraft(part, "numerator", Decimal(n), Decimal(found[1]), found[0]))
    if (found := closest(size, lambda number: number >= n)) and found[0] == "transposition":
        out.append(RepairDraft(whole, "numerator", Decimal(size), Decimal(found[1]), found[0]))
    return out


def _added(low: str, whole: Draft, part: Draft, near: list[Draft], others: list[Draft]) -> list[FindingDraft]:
    n, size = part.n or 0, whole.n or 0
    if n < 10 or whole.approximate or part.approximate:
        return []
    for total in near:
        if (
            total is whole
            or total is part
            or total.n != size + n
            or total in others
            or not compatible(total.family, whole.family)
        ):
            continue
        message = messages.added(total.n, size, n)
        total.used = True
        return [
            FindingDraft(
                "part_added_to_whole", [total, whole, part], Decimal(size), Decimal(total.n), message
            )
        ]
    return []


def check_remainders(low: str, group: Group, previous: list[Draft]) -> list[FindingDraft]:
    """ "còn lại N": what the fraction or the whole before it leaves."""
    out: list[FindingDraft] = []
    for at, one in enumerate(group.items):
        if one.tied or not is_remaining(low, one) or one.role == "target":
            continue
        one.role = "remaining"
        before = [other for other in group.items[max(0, at - WINDOW) : at] if not other.tied] or previous
        before = [other for other in before if other.role in ("value", "remaining")][-8:]
        if one.kind == "percent":
            out += _percent_remainder(one, before)
        else:
            out += _count_remainder(low, one, [other for other in before if other.kind != "percent"])
    return out


def _percent_remainder(one: Draft, before: list[Draft]) -> list[FindingDraft]:
    percents = [other for other in before if other.percent is not None]
    if (
        one.percent is None
        or len(percents) != 1
        or one.approximate
        or percents[0].percent_qualifier
        or percents[0].sentence != one.sentence
    ):
        return []
    base = percents[0].percent
    if base is None or base.value >= 100 or percents[0].plan:
        return []
    left = 100 - base.value
    slack = Decimal(1).scaleb(-min(base.places, one.percent.places))
    if abs(left - one.percent.value) <= slack:
        return []
    message = messages.percent_remainder(base.value, left, one.percent.value)
    return [FindingDraft("remainder_mismatch", [percents[0], one], left, one.percent.value, message)]


def _count_remainder(low: str, one: Draft, before: list[Draft]) -> list[FindingDraft]:
    n = one.n
    same = [
        other for other in before if compatible(other.family, one.family) and other.family != "organisation"
    ]
    if one.family == "organisation":
        same = [other for other in before if other.family == "organisation"]
    if n is None or not same:
        return []
    fraction = next((other for other in reversed(same) if other.kind == "fraction"), None)
    if fraction and fraction.n is not None and fraction.d:
        whole, part, sources = fraction.d, fraction.n, [fraction]
        between = [other for other in same[same.index(fraction) + 1 :] if other.n is not None]
    elif len(same) >= 2:
        first = max(same, key=lambda other: other.n or 0)
        rest = [
            other
            for other in same
            if other is not first and other.n is not None and other.start > first.start
        ]
        if not rest or first.n is None:
            return []
        whole, part, sources, between = first.n, rest[0].n or 0, [first, rest[0]], rest[1:]
    else:
        return []
    if one.indicator is None:
        one.indicator, one.population = sources[-1].indicator, one.population or sources[-1].population
    expected = whole - part
    one.used = True
    for source in sources:
        source.used = True
    if n == expected or one.approximate or any(source.qualifier for source in sources):
        return []
    if _explained(whole, same, n) or between or expected < 0 or not _explicit(low, sources, one):
        return []
    message = messages.remainder(whole, part, expected, n)
    repairs = _remainder_repairs(sources, one, whole, part, n)
    return [
        FindingDraft("remainder_mismatch", [*sources, one], Decimal(expected), Decimal(n), message, repairs)
    ]


def _explained(whole: int, same: list[Draft], n: int) -> bool:
    """Whether any of the counts before, taken off any whole before, leaves the remainder."""
    numbers = [other.n for other in same if other.n is not None][:8]
    wholes = {whole, *(other.d for other in same if other.d), *numbers}
    sums = {
        sum(chosen) for count in range(1, min(4, len(numbers)) + 1) for chosen in combinations(numbers, count)
    }
    return any(base - n in sums for base in wholes)


def _explicit(low: str, sources: list[Draft], one: Draft) -> bool:
    """A remainder of a fraction is explicit; one of a whole and a part must be told in one breath."""
    if len(sources) == 1:
        return one.start - sources[0].end < 400
    return (
        one.start - sources[0].start < 300
        and re.search(r"tổng|toàn|trong đó|trong số|đã|có", low[max(0, sources[0].start - 60) : one.start])
        is not None
    )


def _remainder_repairs(sources: list[Draft], one: Draft, whole: int, part: int, n: int) -> list[RepairDraft]:
    places = {
        "remainder": (one, "numerator"),
        "numerator": (sources[-1], "numerator"),
        "denominator": (sources[0], "denominator" if len(sources) == 1 else "numerator"),
    }
    return [
        RepairDraft(*places[slip.field], slip.printed, slip.fits, slip.kind)
        for slip in of_remainder(whole, part, n)
    ]


def check_denominators(low: str, drafts: Iterable[Draft], registry: Registry) -> list[FindingDraft]:
    """Shares of people of one unit with different denominators, none of which says whom it counts.

    Silent where any of them says whom, where the days differ, and where the unit is not known to be the same.
    """
    by_unit: dict[tuple[str | None, str | None], list[Draft]] = {}
    for one in drafts:
        if one.kind != "fraction" or not one.d or one.indicator is None or one.role != "value" or one.plan:
            continue
        definition = registry.get(one.indicator)
        general = definition.counted == "person" and definition.population.key != "beneficiaries"
        if not general or one.population_text or one.family not in ("person", None):
            continue
        if one.noun not in (
            None,
            "người",
            "người dân",
            "công dân",
            "tài khoản",
            "tk",
            "nhân khẩu",
            "dân",
            "nhân dân",
            "chữ ký số",
            "chữ ký",
        ):
            continue
        by_unit.setdefault((one.unit_name, one.period.as_of if one.period else None), []).append(one)
    out = []
    for (unit, _day), found in by_unit.items():
        values = list(dict.fromkeys(one.d for one in found if one.d))
        if len(values) < 2 or len({one.indicator for one in found}) < 2:
            continue
        message = messages.denominators(values, unit)
        out.append(FindingDraft("denominators_differ", found, None, None, message))
    return out
