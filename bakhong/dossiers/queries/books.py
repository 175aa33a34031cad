"""Reading the books: what the next number will be, a dossier's own numbers, and the lines of a day."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM
from bakhong.dossiers.models import BookNumber, BookYear, Dossier, Event, Kind
from bakhong.dossiers.rules.books import (
    DOCUMENT,
    RENEWED,
    Book,
    book_of_event,
    book_of_result,
    first_line,
    span,
)
from bakhong.places.models import Unit
from bakhong.procedures.rules.catalogue import Result

NUMBER = "number"


def result_book(result: Result) -> Book | None:
    """The book a procedure's result stands in; None for one without a number."""
    return book_of_result(result.template, asks_number=any(each.code == NUMBER for each in result.asks))


def next_number(unit: Unit, book: str, year: int) -> int:
    """A forecast: who enters a paper first gets it."""
    last = BookYear.objects.filter(unit=unit, book=book, year=year).values_list("last", flat=True).first()
    return (last or 0) + 1


def likely_number(dossier: Dossier, result: Result, year: int, *, ahead: int = 0) -> str:
    """How the number of this result will probably read; one it has already is certain. "" for a result without one.

    `ahead`: how many others will be entered before it.
    """
    book = result_book(result)
    if book is None:
        return ""
    return given_number(dossier, book) or book.shown(next_number(dossier.village, book.code, year) + ahead)


def given_number(dossier: Dossier, book: Book) -> str:
    """The number or numbers that this dossier has in a book, as printed; "" for none."""
    numbers = [each.number for each in numbers_of(dossier, book.code)]
    if book.of == DOCUMENT:
        return span(numbers)
    return book.shown(numbers[0]) if numbers else ""


def slip_number(dossier: Dossier, kind: str) -> str:
    """The number of the slip about the last event of a kind; "" where it was given none (before there were books)."""
    book = book_of_event(kind)
    row = (
        BookNumber.objects.filter(dossier=dossier, book=book.code).order_by("-line").first() if book else None
    )
    return str(row) if row is not None else ""


def numbers_of(dossier: Dossier, book: str) -> list[BookNumber]:
    """Of its result as it is now; what was revoked keeps its number in the book and is not among them."""
    rows = BookNumber.objects.filter(dossier=dossier, book=book, line__gte=line_now(dossier))
    return list(rows.order_by("number"))


def line_now(dossier: Dossier) -> int:
    """The first line of its result as it is now."""
    return first_line(Event.objects.filter(dossier=dossier, kind=Kind.CANCEL_RESULT).count())


def lines(actor: Actor, unit: Unit, book: str, first: date, last: date) -> QuerySet[BookNumber]:
    """What was entered from `first` to `last`, both included, in the order of the numbers. `first_standing` of each: lines of its dossier
    before it tell of a result that was revoked."""
    start = datetime.combine(first, time(), VIET_NAM)
    end = datetime.combine(last + timedelta(days=1), time(), VIET_NAM)
    rows = BookNumber.objects.for_user(actor).filter(village=unit, book=book, at__gte=start, at__lt=end)
    cancelled = Event.objects.filter(dossier=OuterRef("dossier"), kind=Kind.CANCEL_RESULT).order_by()
    revoked = cancelled.values("dossier").annotate(count=Count("pk")).values("count")
    found: QuerySet[BookNumber] = (
        rows.annotate(first_standing=Coalesce(Subquery(revoked), 0) * RENEWED)
        .select_related("dossier")
        .order_by("year", "number")
    )
    return found


def sums(rows: Iterable[BookNumber]) -> dict[str, int]:
    """Of lines of one book: how many documents, copies, and what they cost in đồng."""
    listed = list(rows)
    return {
        "documents": len(listed),
        "copies": sum(each.copies for each in listed),
        "amount": sum(each.amount for each in listed),
    }
