"""Rows of the desk's pages about how one signs, and the commune itself."""

from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of

SIGNS = holders_of("documents.sign")
SEALS = holders_of("documents.seal")

ROWS = [
    Row("desk:signing", may=SIGNS),
    Row("desk:signing", may=SIGNS, method="post", data={"provider": "x"}, ok={422}),
    Row("desk:seal", may=SEALS),
    Row("desk:seal", may=SEALS, method="post", data={"do": "try", "provider": "x"}, ok={422}),
]
