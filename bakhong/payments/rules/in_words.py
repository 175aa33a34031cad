"""Amounts of money as they are read aloud, for papers that nobody may add a digit to."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 10**9


def in_words(amount: int) -> str:
    """An amount of at least 1 đồng, with a capital letter.

    >>> in_words(200_000), in_words(21), in_words(1_005_015)
    ('Hai trăm nghìn đồng', 'Hai mươi mốt đồng', 'Một triệu không trăm linh năm nghìn không trăm mười lăm đồng')
    >>> in_words(1_234_000_000_000)
    'Một nghìn hai trăm ba mươi tư tỷ đồng'
    """
    assert amount > 0, "nothing to read"
    words = f"{_number(amount)} đồng"
    return words[0].upper() + words[1:]


def _number(number: int) -> str:
    high, rest = divmod(number, _BILLION)
    parts = [f"{_number(high)} tỷ"] if high else []
    for size, name in ((10**6, " triệu"), (10**3, " nghìn"), (1, "")):
        group = rest // size % 1000
        if group:
            parts.append(_group(group, is_first=not parts) + name)
    return " ".join(parts)


def _group(group: int, *, is_first: bool) -> str:
    """1 to 999; all but the first say their hundreds though there are none."""
    hundreds, rest = divmod(group, 100)
    said = [] if is_first and not hundreds else [f"{_DIGITS[hundreds]} trăm"]
    if rest:
        said.append(_tens(rest, follows=bool(said)))
    return " ".join(said)


def _tens(rest: int, *, follows: bool) -> str:
    """1 to 99.

    >>> _tens(5, follows=True), _tens(15, follows=True), _tens(40, follows=False), _tens(44, follows=True)
    ('linh năm', 'mười lăm', 'bốn mươi', 'bốn mươi tư')
    """
    tens, units = divmod(rest, 10)
    if not tens:
        return f"linh {_DIGITS[units]}" if follows else _DIGITS[units]
    said = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    return f"{said} {_unit(units, tens)}" if units else said


def _unit(units: int, tens: int) -> str:
    if units == 5:
        return "lăm"
    if tens > 1:
        return {1: "mốt", 4: "tư"}.get(units, _DIGITS[units])
    return _DIGITS[units]
