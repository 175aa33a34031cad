"""The sentences of findings, in Vietnamese and English. They say what disagrees and what would fit; they name no culprit."""

from collections.abc import Sequence
from decimal import Decimal

from bakhong.core.numbers import format_decimal, format_int
from bakhong.indicators.rules.reading import Repair


def shown(value: Decimal | int, lang: str, places: int = 0) -> str:
    """A number with at least `places` decimals.

    >>> shown(Decimal("70"), "vi", 1), shown(1647, "vi"), shown(Decimal("61.62"), "en")
    ('70,0', '1.647', '61.62')
    """
    if value == int(value) and not places:
        return format_int(int(value), lang)
    text = format_decimal(Decimal(value), lang)
    mark = "." if lang == "en" else ","
    decimals = len(text.split(mark)[1]) if mark in text else 0
    if decimals < places:
        text += ("" if mark in text else mark) + "0" * (places - decimals)
    return text


def repair_sentence(repairs: Sequence[Repair], lang: str) -> str:
    """
    >>> repair_sentence([Repair(1, "numerator", Decimal(1674), Decimal(1647), "transposition")], "vi")
    ' Nếu là 1.647 thay vì 1.674 thì khớp.'
    """
    if not repairs:
        return ""
    parts = []
    for repair in repairs:
        places = max(0, -int(repair.printed.as_tuple().exponent)) if repair.field == "percent" else 0
        sign = "%" if repair.field == "percent" else ""
        new, old = shown(repair.fits, lang, places), shown(repair.printed, lang, places)
        parts.append(
            f"{new}{sign} thay vì {old}{sign}" if lang == "vi" else f"{new}{sign} instead of {old}{sign}"
        )
    if lang == "vi":
        return f" Nếu là {_any(parts, 'hoặc')} thì khớp."
    return f" It would fit with {_any(parts, 'or')}."


def _any(parts: list[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def percent_mismatch(n: int, d: int, exact: Decimal, printed: Decimal, places: int) -> tuple[str, str]:
    return (
        f"{shown(n, 'vi')}/{shown(d, 'vi')} là {shown(exact, 'vi', 2)}%, ở đây ghi {shown(printed, 'vi', places)}%.",
        f"{shown(n, 'en')}/{shown(d, 'en')} is {shown(exact, 'en', 2)}%, the text says {shown(printed, 'en', places)}%.",
    )


def percent_truncated(n: int, d: int, rounded: Decimal, printed: Decimal, places: int) -> tuple[str, str]:
    return (
        f"{shown(n, 'vi')}/{shown(d, 'vi')} làm tròn là {shown(rounded, 'vi', places)}%; "
        f"{shown(printed, 'vi', places)}% là số cắt bớt phần lẻ.",
        f"{shown(n, 'en')}/{shown(d, 'en')} rounds to {shown(rounded, 'en', places)}%; {shown(printed, 'en', places)}% is cut off.",
    )


def remainder(whole: int, part: int, expected: int, printed: int) -> tuple[str, str]:
    return (
        f"{shown(whole, 'vi')} trừ {shown(part, 'vi')} còn {shown(expected, 'vi')}, ở đây ghi còn lại {shown(printed, 'vi')}.",
        f"{shown(whole, 'en')} less {shown(part, 'en')} leaves {shown(expected, 'en')}, the text says {shown(printed, 'en')} remain.",
    )


def percent_remainder(part: Decimal, expected: Decimal, printed: Decimal) -> tuple[str, str]:
    return (
        f"100% trừ {shown(part, 'vi')}% còn {shown(expected, 'vi')}%, ở đây ghi còn lại {shown(printed, 'vi')}%.",
        f"100% less {shown(part, 'en')}% leaves {shown(expected, 'en')}%, the text says {shown(printed, 'en')}% remain.",
    )


def parts(numbers: Sequence[int], total: int, whole: int) -> tuple[str, str]:
    vi = " + ".join(shown(one, "vi") for one in numbers)
    en = " + ".join(shown(one, "en") for one in numbers)
    return (
        f"{vi} = {shown(total, 'vi')}, không khớp tổng {shown(whole, 'vi')}.",
        f"{en} = {shown(total, 'en')}, not the stated total {shown(whole, 'en')}.",
    )


def added(total: int, whole: int, part: int) -> tuple[str, str]:
    return (
        f"{shown(total, 'vi')} bằng {shown(whole, 'vi')} cộng {shown(part, 'vi')}, mà {shown(part, 'vi')} đã nằm trong "
        f"{shown(whole, 'vi')} (“trong đó”): có thể một phần được tính hai lần.",
        f"{shown(total, 'en')} is {shown(whole, 'en')} plus {shown(part, 'en')}, and {shown(part, 'en')} is already part of "
        f"{shown(whole, 'en')}: something may be counted twice.",
    )


def exceeds(part: int, whole: int) -> tuple[str, str]:
    return (
        f"Phần ({shown(part, 'vi')}) lớn hơn tổng thể ({shown(whole, 'vi')}).",
        f"The part ({shown(part, 'en')}) is larger than its whole ({shown(whole, 'en')}).",
    )


def denominators(values: Sequence[int], unit: str | None) -> tuple[str, str]:
    vi = _any([shown(one, "vi") for one in values], "và")
    en = _any([shown(one, "en") for one in values], "and")
    return (
        f"Các tỷ lệ về người dân{' của ' + unit if unit else ''} dùng mẫu số khác nhau ({vi}) mà không nói là tính trên ai.",
        f"Shares of people{' of ' + unit if unit else ''} use different denominators ({en}) and do not say who is counted.",
    )
