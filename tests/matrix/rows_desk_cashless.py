"""Rows of the desk's pages about paying without cash, and about providers."""

from typing import Any
from uuid import UUID

from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of

VIEWS, EXPORTS = holders_of("figures.view"), holders_of("reports.export")
CHARGES, MANAGES = holders_of("payments.charge"), holders_of("payments.manage")
_NOBODY = UUID(int=0)


def _none(**more: Any) -> Any:
    """A provider, list or customer that is not there: what is another's answers alike (tests of the desk)."""
    return lambda world: {"unit": world.home["commune"].uuid, "biller": _NOBODY, **more}


def _row(name: str, **more: Any) -> Row:
    return Row(f"desk:{name}", may=CHARGES, ok={404}, **more)


ROWS = [
    Row("desk:cashless", may=VIEWS),
    Row("desk:cashless", may=VIEWS, level="province"),
    Row("desk:cashless", may=VIEWS, level="village"),
    Row("desk:cashless_sheet", may=VIEWS),
    Row("desk:cashless_list", may=VIEWS),
    Row("desk:cashless_list", may=VIEWS, level="village"),
    Row("desk:cashless_export", may=EXPORTS, ok={404}),
    Row("desk:cashless_export", may=EXPORTS, method="post"),
    Row("desk:providers", may=CHARGES),
    Row("desk:providers", may=MANAGES, method="post", ok={422}),
    _row("provider", kwargs=_none()),
    _row("provider", kwargs=_none(), method="post"),
    _row("provider_customers", kwargs=_none()),
    _row("provider_customers", kwargs=_none(), method="post"),
    _row("provider_customer", kwargs=_none(customer=_NOBODY)),
    _row("provider_customer", kwargs=_none(customer=_NOBODY), method="post"),
    _row("provider_list_check", kwargs=_none(service="water", upload=_NOBODY)),
    _row("provider_list_check", kwargs=_none(service="water", upload=_NOBODY), method="post"),
    _row("provider_list", kwargs=_none(taken=_NOBODY)),
    _row("provider_list_undo", kwargs=_none(taken=_NOBODY)),
    _row("provider_list_undo", kwargs=_none(taken=_NOBODY), method="post"),
]
