"""The books an office numbers its papers by: which one a paper stands in, and how its number is printed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).resolve().parent.parent / "data" / "books.toml"
COPIES = "copies"
DOCUMENT, RESULT = "document", "result"


@dataclass(frozen=True)
class Book:
    """`of`: "result", "document" (each one certified), or the event whose slip is numbered."""

    code: str
    of: str
    name: str
    number: str
    volume: str
    templates: tuple[str, ...] = ()

    def shown(self, number: int) -> str:
        """As printed.

        >>> books()["marriage_status"].shown(13), books()["copies"].shown(13)
        ('13/UBND-XNTTHN', '13')
        """
        return self.number.format(number=number)

    def of_year(self, year: int) -> str:
        """
        >>> books()["copies"].of_year(2026)
        '01/2026-SCT/BS'
        """
        return self.volume.format(year=year)


@cache
def books() -> Mapping[str, Book]:
    """Every book by its code."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            code: Book(
                code, one["of"], one["name"], one["number"], one["volume"], tuple(one.get("templates", ()))
            )
            for code, one in told.items()
        }
    )


def book_of_result(template: str, *, asks_number: bool) -> Book | None:
    """The book a result stands in; None for one that has no number.

    >>> book_of_result("certified_copies", asks_number=False).code, book_of_result("x", asks_number=True).code
    ('copies', 'results')
    >>> book_of_result("culture_house", asks_number=False) is None
    True
    """
    named = next((each for each in books().values() if template and template in each.templates), None)
    if named is not None:
        return named
    rest = next(each for each in books().values() if each.of == RESULT and not each.templates)
    return rest if asks_number else None


def book_of_event(kind: str) -> Book | None:
    """The book of the slip that tells of an event.

    >>> book_of_event("receive").code, book_of_event("forward")
    ('receipts', None)
    """
    if kind in (DOCUMENT, RESULT):
        return None
    return next((each for each in books().values() if each.of == kind), None)


RENEWED = 1000  # a result made anew after one was revoked stands in lines of its own


def first_line(revoked: int) -> int:
    """Where the lines of a dossier's result begin, after so many of its results were revoked.

    >>> first_line(0), first_line(2)
    (0, 2000)
    """
    return RENEWED * revoked


def span(numbers: list[int]) -> str:
    """Numbers in one line, the ends of what follows one another.

    >>> span([3, 4, 5, 9]), span([7]), span([])
    ('3–5, 9', '7', '')
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
