"""What a dossier costs, line by line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bakhong.core.numbers import format_money
from bakhong.eforms.rules.logic import evaluate
from bakhong.procedures.rules.catalogue import Band, Exemption, Fee, Procedure

ZeroFee = Literal["", "online", "all"]
MOST_PAGES, MOST_COPIES = 2000, 500


@dataclass(frozen=True)
class Line:
    """`amount` is negative where it takes something off."""

    vi: str
    amount: int


@dataclass(frozen=True)
class Due:
    """In đồng. `exemption`: the code that applied, "zero_fee" for a resolution, "" for none."""

    amount: int
    lines: tuple[Line, ...]
    exemption: str = ""

    def as_json(self) -> list[dict[str, Any]]:
        return [{"words": each.vi, "amount": each.amount} for each in self.lines]


def fee(
    procedure: Procedure,
    *,
    pages: int = 1,
    copies: int = 1,
    exemptions: Collection[str] = (),
    zero_fee: ZeroFee = "",
    channel: str = "direct",
    amount: int | None = None,
) -> Due:
    """The fee of one dossier. `pages` is of one copy; `exemptions`: codes that apply, the best for the resident counts;
    `zero_fee`: the unit's resolution; `amount`: the unit's own fee in place of a fixed one.

    >>> from datetime import date
    >>> from bakhong.procedures.rules.catalogue import procedure
    >>> copies = procedure("2.000815", date(2026, 11, 22))
    >>> fee(copies, pages=5, copies=2).amount, fee(copies, pages=500).amount, fee(copies, pages=5, exemptions=["rural_loan"]).amount
    (14000, 200000, 0)

    Raises: ValueError for pages or copies out of range, or an exemption the procedure does not know.
    """
    if not 1 <= pages <= MOST_PAGES or not 1 <= copies <= MOST_COPIES:
        raise ValueError("pages or copies out of range")
    unknown = set(exemptions) - {each.code for each in procedure.fee.exemptions}
    if unknown:
        raise ValueError(f"unknown exemptions: {sorted(unknown)}")
    lines = _charged(procedure.fee, pages, copies, channel, amount)
    whole = sum(line.amount for line in lines)
    if whole and (zero_fee == "all" or (zero_fee == "online" and channel == "online")):
        return Due(0, (*lines, Line("Không thu theo nghị quyết của địa phương", -whole)), "zero_fee")
    best = min(
        (each for each in procedure.fee.exemptions if each.code in exemptions),
        key=lambda each: each.share,
        default=None,
    )
    if best is None or not whole:
        return Due(whole, lines)
    return _with(lines, whole, best)


def exemptions_of(
    procedure: Procedure, answers: Mapping[str, Any], holds: Collection[str] = ()
) -> tuple[Exemption, ...]:
    """The exemptions that the answers of the form speak for, or whose codes are in `holds` (shown at the desk)."""
    return tuple(
        each
        for each in procedure.fee.exemptions
        if each.code in holds or (each.when is not None and evaluate(each.when, answers))
    )


def _with(lines: tuple[Line, ...], whole: int, exemption: Exemption) -> Due:
    left = whole * exemption.share // 100
    return Due(left, (*lines, Line(f"Miễn, giảm: {exemption.vi}", left - whole)), exemption.code)


def _charged(fee: Fee, pages: int, copies: int, channel: str, amount: int | None) -> tuple[Line, ...]:
    if fee.kind == "none":
        return (Line("Không thu phí", 0),)
    if fee.kind == "per_page":
        one = one_copy(fee.bands, pages, fee.most)
        return (Line(f"{fee.name}: {copies} bản × {pages} trang, {format_money(one)} một bản", copies * one),)
    each = fee.amount if amount is None else amount
    if channel == "online" and fee.online_amount is not None and amount is None:
        each = fee.online_amount
    if fee.kind == "per_copy":
        return (Line(f"{fee.name}: {copies} bản × {format_money(each)}", copies * each),)
    return (Line(str(fee.name), each),)


def one_copy(bands: Collection[Band], pages: int, most: int | None) -> int:
    """
    >>> one_copy([Band(2000, to=2), Band(1000)], 3, None)
    5000
    """
    total, before = 0, 0
    for band in bands:
        end = pages if band.to is None else min(pages, band.to)
        total += max(0, end - before) * band.amount
        before = max(before, end)
    return total if most is None else min(total, most)
