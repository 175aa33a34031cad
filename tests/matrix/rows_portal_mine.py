"""Rows of residents' own pages: staff and strangers are sent to the residents' door. Whose is whose: portal/tests/test_mine.py."""

from tests.matrix.rows import Row

_OWN = {302}

ROWS = [
    Row("portal:mine_sign_in", scope="public", ok={200, 503}),
    Row("portal:mine_set_out", scope="public", method="post", ok={302}),
    Row("portal:mine_set_out", scope="public", ok={405}),
    Row("portal:mine_come_back", scope="public", ok={302}),
    Row("portal:mine_sign_out", scope="public", ok={405}),
    Row("portal:mine", scope="public", ok=_OWN),
]
