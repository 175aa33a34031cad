"""The numbers an office gives: one book a year for each kind of paper, none left out, none given twice."""

from django.db import models

from bakhong.core.privacy import Privacy
from bakhong.dossiers.models.base import OfADossier
from bakhong.dossiers.rules.books import books
from bakhong.places.models import Unit


class BookYear(models.Model):
    """How far a unit's book of a year has come. A trigger counts it up as a number is entered; nobody else may.

    `first`: where the book began: 1, or after what was numbered on paper before that year.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    book = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField(default=1)
    last = models.PositiveIntegerField(default=0)

    privacy = {
        "id": Privacy.INTERNAL,
        "unit": Privacy.PUBLIC,
        "book": Privacy.PUBLIC,
        "year": Privacy.PUBLIC,
        "first": Privacy.INTERNAL,
        "last": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "book", "year"], name="book_year_once")]


class BookNumber(OfADossier):
    """One line of a book; only ever added to. `number` is given by the database as the line is entered.

    `line`: which of the dossier's documents (`rules.books.first_line` after a result was revoked), or the number of the event a slip
    tells of. `amount`: what this line costs, in đồng.
    """

    book = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    what = models.CharField(max_length=200, blank=True)
    pages = models.PositiveIntegerField(default=0)
    copies = models.PositiveIntegerField(default=0)
    amount = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120, blank=True)
    first_standing: int  # where `queries.books.lines` has looked it up

    privacy = OfADossier.privacy_of_dossier | {
        "book": Privacy.INTERNAL,
        "year": Privacy.INTERNAL,
        "number": Privacy.PERSONAL,
        "line": Privacy.INTERNAL,
        "what": Privacy.PERSONAL,
        "pages": Privacy.INTERNAL,
        "copies": Privacy.INTERNAL,
        "amount": Privacy.PERSONAL,
        "at": Privacy.PERSONAL,
        "by": Privacy.INTERNAL,
        "by_label": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["village", "book", "year", "number"], name="book_number_once"),
            models.UniqueConstraint(fields=["dossier", "book", "line"], name="book_line_once"),
        ]

    def __str__(self) -> str:
        return books()[self.book].shown(self.number)
