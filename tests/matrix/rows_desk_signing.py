"""Rows of the desk's page about how one signs."""

from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of

SIGNS = holders_of("documents.sign")

ROWS = [
    Row("desk:signing", may=SIGNS),
    Row("desk:signing", may=SIGNS, method="post", data={"provider": "x"}, ok={422}),
]
