"""Rows of the accountant's pages."""

from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of

VIEWS, RECONCILES = holders_of("payments.view"), holders_of("payments.reconcile")

ROWS = [
    Row("desk:money", may=VIEWS),
]
