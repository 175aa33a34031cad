"""Rows of the accountant's pages."""

from typing import Any
from uuid import UUID

from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of

VIEWS, RECONCILES, REFUNDS = (holders_of(f"payments.{verb}") for verb in ("view", "reconcile", "refund"))
_NOBODY = UUID(int=0)


def _none(**more: Any) -> Any:
    """A biller, line or paper that is not there: what is another's answers alike (tests of the desk)."""
    return lambda world: {"unit": world.home["commune"].uuid, **more}


ROWS = [
    Row("desk:money", may=VIEWS),
    Row("desk:money", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:money_summary", may=VIEWS),
    Row("desk:money_alarm", may=VIEWS, kwargs=_none(alarm=_NOBODY), ok={404}),
    Row("desk:money_alarm", may=RECONCILES, kwargs=_none(alarm=_NOBODY), method="post", ok={404}),
    Row("desk:suspense", may=VIEWS),
    Row("desk:suspense_item", may=VIEWS, kwargs=_none(item=_NOBODY), ok={404}),
    Row("desk:suspense_item", may=RECONCILES, kwargs=_none(item=_NOBODY), method="post", ok={404}),
    Row("desk:statement", may=VIEWS),
    Row("desk:statement", may=RECONCILES, method="post", ok={422}),
    Row("desk:statement_taken", may=VIEWS, kwargs=_none(statement=_NOBODY), ok={404}),
    Row("desk:statement_check", may=RECONCILES, kwargs=_none(account=_NOBODY, upload=_NOBODY), ok={404}),
    Row(
        "desk:statement_check",
        may=RECONCILES,
        kwargs=_none(account=_NOBODY, upload=_NOBODY),
        method="post",
        ok={404},
    ),
    Row("desk:days", may=VIEWS),
    Row("desk:days", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:day", may=VIEWS, kwargs=_none(biller=_NOBODY, on="2026-11-20"), ok={404}),
    Row("desk:day", may=RECONCILES, kwargs=_none(biller=_NOBODY, on="2026-11-20"), method="post", ok={404}),
    Row("desk:day_sheet", may=VIEWS, kwargs=_none(biller=_NOBODY, on="2026-11-20"), ok={404}),
    Row("desk:bank_lines", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:unread", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:unread", may=RECONCILES, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:taken", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:official", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:official", may=RECONCILES, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:official_xlsx", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:official_xlsx", may=VIEWS, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:refunds", may=VIEWS),
    Row("desk:refund", may=VIEWS, kwargs=_none(refund=_NOBODY), ok={404}),
    Row("desk:refund", may=VIEWS, kwargs=_none(refund=_NOBODY), method="post", ok={404}),
    Row("desk:refund_of_item", may=REFUNDS, kwargs=_none(item=_NOBODY), ok={404}),
    Row("desk:refund_of_item", may=REFUNDS, kwargs=_none(item=_NOBODY), method="post", ok={404}),
    Row("desk:refund_of_charge", may=REFUNDS, kwargs=_none(charge=_NOBODY), ok={404}),
    Row("desk:refund_of_charge", may=REFUNDS, kwargs=_none(charge=_NOBODY), method="post", ok={404}),
    Row("desk:ledger", may=VIEWS),
    Row("desk:ledger", may=VIEWS, kwargs=_none(biller=_NOBODY), ok={404}),
    Row("desk:ledger_xlsx", may=VIEWS, kwargs=_none(biller=_NOBODY), method="post", ok={404}),
    Row("desk:ledger_account", may=VIEWS, kwargs=_none(biller=_NOBODY, code="cash"), ok={404}),
    Row("desk:ledger_entry", may=VIEWS, kwargs=_none(biller=_NOBODY, key="line:1"), ok={404}),
]
