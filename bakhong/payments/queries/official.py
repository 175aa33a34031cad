"""Our confirmations, and which of them lack the number of the tax receipt that another system makes."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from bakhong.core.days import VIET_NAM
from bakhong.payments.models import Biller, Receipt


def receipts_between(biller: Biller, first: date, last: date) -> QuerySet[Receipt]:
    """Those of the biller that stand, of these days, both included; by their own number."""
    since = datetime.combine(first, time(), VIET_NAM)
    before = datetime.combine(last + timedelta(days=1), time(), VIET_NAM)
    rows = Receipt.objects.filter(biller=biller, cancelled_at=None, at__gte=since, at__lt=before)
    return rows.select_related("charge").order_by("year", "number")


def numbered(rows: QuerySet[Receipt]) -> QuerySet[Receipt]:
    return rows.exclude(official_number="")


def without_number(rows: QuerySet[Receipt]) -> QuerySet[Receipt]:
    return rows.filter(official_number="")
