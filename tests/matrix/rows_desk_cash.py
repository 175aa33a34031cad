"""Rows of cash: at the desk, from house to house, and handed over."""

from typing import Any
from uuid import UUID

from tests.matrix.rows import Row, holders_of

COLLECTS = holders_of("payments.collect")
_NOBODY = UUID(int=0)


def _none(**more: Any) -> Any:
    """What is not there, or another's."""
    return lambda world: {"unit": world.home["commune"].uuid, **more}


ROWS = [
    Row("desk:cash", may=COLLECTS),
    Row("desk:cash", may=COLLECTS, method="post"),
    Row("desk:cash_charge", may=COLLECTS, kwargs=_none(charge=_NOBODY), ok={404}),
    Row("desk:cash_charge", may=COLLECTS, kwargs=_none(charge=_NOBODY), method="post", ok={404}),
    Row("desk:cash_collect", may=COLLECTS),
    Row("desk:cash_collect", may=COLLECTS, method="post"),
    Row("desk:cash_collect_charge", may=COLLECTS, kwargs=_none(charge=_NOBODY), ok={404}),
    Row("desk:cash_collect_charge", may=COLLECTS, kwargs=_none(charge=_NOBODY), method="post", ok={404}),
    Row("desk:hand_over", may=COLLECTS),
    Row("desk:hand_over_sheet", may=COLLECTS, kwargs=_none(hand_over=_NOBODY), ok={404}),
    Row("desk:hand_over_sheet", may=COLLECTS, kwargs=_none(hand_over=_NOBODY), method="post", ok={404}),
    Row("desk:hand_over_count", may=COLLECTS, kwargs=_none(biller=_NOBODY, collector="staff:x"), ok={404}),
    Row(
        "desk:hand_over_count",
        may=COLLECTS,
        kwargs=_none(biller=_NOBODY, collector="staff:x"),
        method="post",
        ok={404},
    ),
    Row("desk:deposits", may=COLLECTS),
    Row("desk:deposit_new", may=COLLECTS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:deposit_new", may=COLLECTS, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:deposit_undo", may=COLLECTS, kwargs=_none(deposit=_NOBODY), ok={404}),
    Row("desk:deposit_undo", may=COLLECTS, kwargs=_none(deposit=_NOBODY), method="post", ok={404}),
    Row("desk:cash_undo", may=COLLECTS, kwargs=_none(cash=_NOBODY), ok={404}),
    Row("desk:cash_undo", may=COLLECTS, kwargs=_none(cash=_NOBODY), method="post", ok={404}),
]
