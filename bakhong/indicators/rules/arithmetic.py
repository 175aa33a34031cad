"""Does a printed percent agree with its fraction?"""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

FITS, TRUNCATED, MISMATCH = "fits", "truncated", "mismatch"
# How far "khoảng" may be from the exact value, in points; "hơn" and "gần" may be this far on their own side.
_ABOUT = Decimal("2.5")
_ABOUT_PRECISE = Decimal("0.5")
_ONE_SIDED = Decimal(10)


def exact_percent(n: int, d: int) -> Decimal:
    return Decimal(n) * 100 / Decimal(d)


def rounded(n: int, d: int, places: int) -> Decimal:
    return exact_percent(n, d).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def judge(n: int, d: int, printed: Decimal, places: int, qualifier: str | None) -> str:
    """At the percent's own precision: half-up and half-even fit, cut off is "truncated".

    >>> judge(4795, 5205, Decimal("92.1"), 1, None), judge(3273, 5311, Decimal("61.62"), 2, None)
    ('fits', 'truncated')
    >>> judge(2660, 3798, Decimal("70.2"), 1, None), judge(1601, 3986, Decimal(40), 0, "about")
    ('mismatch', 'fits')
    """
    exact = exact_percent(n, d)
    step = Decimal(1).scaleb(-places)
    if printed in (exact.quantize(step, ROUND_HALF_UP), exact.quantize(step, ROUND_HALF_EVEN)):
        return FITS
    if qualifier and _near(exact, printed, places, qualifier):
        return FITS
    if qualifier is None and printed == exact.quantize(step, ROUND_DOWN):
        return TRUNCATED
    return MISMATCH


def _near(exact: Decimal, printed: Decimal, places: int, qualifier: str) -> bool:
    if qualifier == "about":
        return abs(exact - printed) <= (_ABOUT if places == 0 else _ABOUT_PRECISE)
    if qualifier == "less_than":
        return printed - _ONE_SIDED <= exact <= printed
    return printed <= exact + Decimal(1).scaleb(-places) and exact <= max(printed + _ONE_SIDED, Decimal(100))
