"""Numbers as people in Viet Nam write them, and percentages that say how they were rounded.

Pure: the language is a parameter ("vi" or "en"), the templates pass it.
"""

from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal


def percent_of(
    numerator: int, denominator: int, places: int = 1, *, truncate: bool = False
) -> Decimal | None:
    """numerator/denominator in percent, half-up at `places` decimals; None when the denominator is 0.

    >>> percent_of(4795, 5205), percent_of(3273, 5311, 2), percent_of(3273, 5311, 2, truncate=True)
    (Decimal('92.1'), Decimal('61.63'), Decimal('61.62'))
    """
    if denominator == 0:
        return None
    exact = Decimal(numerator) * 100 / Decimal(denominator)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_DOWN if truncate else ROUND_HALF_UP)


def read_count(text: str, digits: int = 8) -> int | None:
    """A count or version as a page sends it: at most so many ASCII digits; None for anything else.

    >>> read_count("12"), read_count("²"), read_count("٣"), read_count("123456789"), read_count("-1"), read_count("")
    (12, None, None, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def format_int(number: int, lang: str = "vi") -> str:
    """
    >>> format_int(1234567), format_int(-4795, "en")
    ('1.234.567', '-4,795')
    """
    text = f"{number:,}"
    return text if lang == "en" else text.replace(",", ".")


def format_decimal(number: Decimal, lang: str = "vi") -> str:
    """As many decimals as the number has, without trailing zeros.

    >>> format_decimal(Decimal("92.10")), format_decimal(Decimal("81")), format_decimal(Decimal("1234.5"), "en")
    ('92,1', '81', '1,234.5')
    """
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def format_percent(number: Decimal, lang: str = "vi") -> str:
    """
    >>> format_percent(Decimal("92.1"))
    '92,1%'
    """
    return format_decimal(number, lang) + "%"


def format_money(amount: int, lang: str = "vi") -> str:
    r"""An amount in đồng.

    >>> format_money(1234567)
    '1.234.567\xa0đ'
    """
    return format_int(amount, lang) + "\N{NO-BREAK SPACE}đ"


def format_day(day: date) -> str:
    """
    >>> format_day(date(2025, 5, 6))
    '06/05/2025'
    """
    return day.strftime("%d/%m/%Y")
