"""What a dossier code says by itself, before any dossier is asked."""

import re
from dataclasses import dataclass
from datetime import date

# Source: Circular 01/2018/TT-VPCP, article 19: unit code, day of receipt (yymmdd), running number of the day. Newer codes
# begin with the province ("H56.…", Decision 20/2020/QĐ-TTg), so the first part is read loosely.
_CODE = re.compile(
    r"(?P<unit>[A-Z0-9]+(?:\.[A-Z0-9]+){1,4})-(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)-(?P<number>\d{4,})"
)


@dataclass(frozen=True)
class DossierCode:
    """`unit` is the agency's code, `received_on` the day the dossier was taken in, `number` its number that day."""

    text: str
    unit: str
    received_on: date
    number: int


def parse(text: str) -> DossierCode | None:
    """A code as printed on the appointment slip, typed with any spaces and case; None when it is not one.

    >>> parse(" 000.17.22.h56-210531-0001 ").received_on
    datetime.date(2021, 5, 31)
    >>> parse("000.17.22.H56-219931-0001"), parse("0912345678")
    (None, None)
    """
    cleaned = re.sub(r"\s+", "", text[:80]).upper().replace("\N{EN DASH}", "-")
    match = _CODE.fullmatch(cleaned)
    if not match:
        return None
    try:
        received_on = date(2000 + int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return DossierCode(cleaned, match["unit"], received_on, int(match["number"]))
