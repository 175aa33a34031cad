"""Rows of the pages about what is owed: who collects, charges, lists of them."""

from typing import Any
from uuid import UUID

from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of

VIEWS, CHARGES, MANAGES = (
    holders_of("payments.view"),
    holders_of("payments.charge"),
    holders_of("payments.manage"),
)
_NOBODY = UUID(int=0)


def _none(**more: Any) -> Any:
    """A biller, charge or list that is not there: what is another's answers alike (tests of the desk)."""
    return lambda world: {"unit": world.home["commune"].uuid, **more}


ROWS = [
    Row("desk:billers", may=MANAGES),
    Row("desk:billers", may=MANAGES, method="post"),
    Row("desk:biller", may=MANAGES, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:biller", may=MANAGES, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:bank_account", may=VIEWS, kwargs=_none(account=_NOBODY), ok={404}),
    Row("desk:bank_account", may=VIEWS, kwargs=_none(account=_NOBODY), method="post", ok={404}),
    Row("desk:charges", may=VIEWS),
    Row("desk:charges", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:charge", may=VIEWS, kwargs=_none(charge=_NOBODY), ok={404}),
    Row("desk:charge", may=VIEWS & CHARGES, kwargs=_none(charge=_NOBODY), method="post", ok={404}),
    Row("desk:charge_bill", may=VIEWS, kwargs=_none(charge=_NOBODY), ok={404}),
    Row("desk:charge_new", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:charge_new", may=VIEWS & CHARGES, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:charges_xlsx", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:charges_xlsx", may=VIEWS, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:charge_bills", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:charge_bills", may=VIEWS, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:charge_list_new", may=VIEWS),
    Row("desk:charge_list_new", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:charge_list_new", may=VIEWS & CHARGES, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:charge_list_check", may=CHARGES, kwargs=_none(biller=_NOBODY, upload=_NOBODY), ok={404}),
    Row(
        "desk:charge_list_check",
        may=CHARGES,
        kwargs=_none(biller=_NOBODY, upload=_NOBODY),
        method="post",
        ok={404},
    ),
    Row("desk:charge_list", may=VIEWS, kwargs=_none(batch=_NOBODY), ok={404}),
    Row("desk:charge_list", may=VIEWS & CHARGES, kwargs=_none(batch=_NOBODY), method="post", ok={404}),
    Row("desk:charge_list_next", may=CHARGES, kwargs=_none(batch=_NOBODY), ok={404}),
    Row("desk:charge_list_next", may=CHARGES, kwargs=_none(batch=_NOBODY), method="post", ok={404}),
]
