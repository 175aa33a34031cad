"""Rows of the accountant's pages."""

from typing import Any
from uuid import UUID

from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of

VIEWS, RECONCILES = holders_of("payments.view"), holders_of("payments.reconcile")
_NOBODY = UUID(int=0)


def _none(**more: Any) -> Any:
    """A biller, line or paper that is not there: what is another's answers alike (tests of the desk)."""
    return lambda world: {"unit": world.home["commune"].uuid, **more}


ROWS = [
    Row("desk:money", may=VIEWS),
    Row("desk:money", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:ledger", may=VIEWS),
    Row("desk:ledger", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:ledger_xlsx", may=VIEWS, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:ledger_account", may=VIEWS, kwargs=_none(biller=_NOBODY, code="cash"), ok={404}),
    Row("desk:ledger_entry", may=VIEWS, kwargs=_none(biller=_NOBODY, key="line:1"), ok={404}),
]
