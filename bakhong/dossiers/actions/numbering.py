"""Entering papers in the books: the number comes from the database as the line is entered, in the deed's transaction.

A paper keeps its number: decided again after an approval was taken back, it is the same line of the same book.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound, Refusal
from bakhong.dossiers.models import BookNumber, BookYear, Dossier
from bakhong.dossiers.permissions import require
from bakhong.dossiers.rules.books import books
from bakhong.places.models import Unit

MOST = 1_000_000


@dataclass(frozen=True)
class Entry:
    """What is written beside the number; of a certified document its pages, copies and fee (đồng)."""

    what: str
    line: int = 0
    pages: int = 0
    copies: int = 0
    amount: int = 0


def enter(
    *, dossier: Dossier, book: str, entries: Sequence[Entry], by: Actor, at: datetime
) -> list[BookNumber]:
    """The lines of these papers, in order. The dossier's row must be held: runs inside its deed."""
    found = {row.line: row for row in BookNumber.objects.filter(dossier=dossier, book=book)}
    return [found.get(each.line) or _entered(dossier, book, each, by, at) for each in entries]


def begin_book(*, unit: Unit, book: str, year: int, first: int, by: Actor, at: datetime) -> BookYear:
    """Say where a book goes on, where earlier numbers of the year stand on paper. Only before its first number was given.

    Raises: NotAllowed; NotFound; Refusal.
    """
    require("dossiers.receive", unit.pk, by=by)
    if book not in books():
        raise NotFound(_("Không có sổ này."))
    if not 1 <= first < MOST:
        raise Refusal(_("Số bắt đầu phải từ 1 trở lên."))
    with transaction.atomic():
        row, _is_new = _held_year(unit, book, year)
        if row.last >= row.first:
            raise Refusal(
                _("Sổ năm nay đã cấp đến số %(last)s, không đổi số bắt đầu được nữa.") % {"last": row.last}
            )
        row.first, row.last = first, first - 1
        row.save(update_fields=["first", "last"])
        audit.record(
            by=by,
            at=at,
            deed="dossiers.begin_book",
            object_kind="unit",
            object_id=unit.uuid,
            place_id=unit.pk,
            book=book,
            year=year,
            first=first,
        )
    return row


def _held_year(unit: Unit, book: str, year: int) -> tuple[BookYear, bool]:
    try:
        with transaction.atomic():
            return BookYear.objects.select_for_update().get_or_create(unit=unit, book=book, year=year)
    except IntegrityError:  # made at this very moment
        return BookYear.objects.select_for_update().get(unit=unit, book=book, year=year), False


def _entered(dossier: Dossier, book: str, entry: Entry, by: Actor, at: datetime) -> BookNumber:
    row = BookNumber(
        village_id=dossier.village_id,
        dossier=dossier,
        dossier_uuid=dossier.uuid,
        person_id=dossier.person_id,
        book=book,
        year=day_of(at).year,
        line=entry.line,
        what=entry.what[:200],
        pages=entry.pages,
        copies=entry.copies,
        amount=entry.amount,
        at=at,
        by=by.id,
        by_label=by.label[:120],
    )
    row.save(force_insert=True)
    row.refresh_from_db(fields=["number"])
    return row
