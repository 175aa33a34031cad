"""The third question: what to have done next, from what the first two have found."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bakhong.core.numbers import format_int, format_percent
from bakhong.desk import board as words
from bakhong.desk.board import Shown
from bakhong.desk.frame import today
from bakhong.desk.views.roll_late import Tasks, gap_words, is_roll_first
from bakhong.indicators.queries.below import Below, LateUnit
from bakhong.indicators.queries.roll_below import RollBelow, RollLate
from bakhong.places.models import Level, Unit
from bakhong.ui.figures import language

MOST_ORDERS = 3


@dataclass(frozen=True)
class Order:
    """Something to have done next."""

    text: str
    detail: str
    url: str
    label: str


def orders_of(
    unit: Unit, every: Iterable[Shown], unsettled: int, below: Below, by_roll: RollBelow, tasks: Tasks
) -> list[Order]:
    """The most urgent first: who is furthest behind and not told yet, then figures to mend and figures to get."""
    orders = _orders_below(below, by_roll, tasks)
    if not orders:
        orders = _own_orders(unit, every, tasks)[:MOST_ORDERS]
    if unsettled:
        url = words.address("desk:findings", unit.uuid)
        text = ngettext("%(count)s chỗ số liệu chưa khớp", "%(count)s chỗ số liệu chưa khớp", unsettled) % {
            "count": unsettled
        }
        orders.append(
            Order(text, _("Con số chưa tin được thì chưa nên báo cáo lên trên."), url, _("Rà soát số liệu"))
        )
    orders += _silent_orders(unit, below)
    overdue = sum(task.due_on < today() for task in tasks.values())
    if overdue:
        text = ngettext("%(count)s việc đã giao quá hạn", "%(count)s việc đã giao quá hạn", overdue)
        url = reverse("desk:followups", args=[unit.uuid]) + "?whose=all&status=overdue"
        orders.append(Order(text % {"count": overdue}, "", url, _("Xem việc quá hạn")))
    return orders


def _orders_below(below: Below, by_roll: RollBelow, tasks: Tasks) -> list[Order]:
    """Of the source that knows more of the units below first; of one indicator a unit is told once."""
    published = {(late.unit.id, late.worst.rule.indicator): _order(late) for late in below.late}
    counted = {(late.unit.id, late.worst.key.indicator): _roll_order(late) for late in by_roll.late}
    first, then = (counted, published) if is_roll_first(below, by_roll) else (published, counted)
    found = first | {key: order for key, order in then.items() if key not in first}
    return [order for key, order in found.items() if key not in tasks][:MOST_ORDERS]


def _silent_orders(unit: Unit, below: Below) -> list[Order]:
    if not below.silent:
        return []
    text = ngettext(
        "%(count)s nơi không có số liệu trong 12 tháng qua",
        "%(count)s nơi không có số liệu trong 12 tháng qua",
        len(below.silent),
    ) % {"count": len(below.silent)}
    if unit.level == Level.PROVINCE:
        detail = _("Một kỳ báo cáo hỏi mọi xã cùng một cách tính, cùng một hạn.")
        return [Order(text, detail, reverse("desk:periods", args=[unit.uuid]), _("Mở trang kỳ báo cáo"))]
    names = words.names_of(below.silent[:5]) + (" …" if len(below.silent) > 5 else "")
    return [Order(text, names, reverse("desk:followup_new", args=[unit.uuid]), _("Giao việc"))]


def _order(late: LateUnit) -> Order:
    worst = late.worst
    detail = "; ".join(
        part
        for part in (
            format_percent(worst.value.percent, language()) if worst.value.percent is not None else "",
            words.target_words(worst.target),
            words.gap_words(worst.value, worst.target),
        )
        if part
    )
    return Order(
        f"{late.unit.name}: {worst.name.indicator}",
        detail,
        words.assign_url(late.unit.uuid, worst.rule.indicator),
        _("Giao việc"),
    )


def _roll_order(late: RollLate) -> Order:
    worst = late.worst
    count = (
        f"{format_int(worst.count.numerator, language())}/{format_int(worst.count.denominator, language())}"
    )
    detail = [
        _("đếm từ danh sách: %(percent)s (%(count)s)")
        % {"percent": format_percent(worst.count.percent(), language()), "count": count},
        words.target_words(worst.target),
        gap_words(worst),
    ]
    return Order(
        f"{late.unit.name}: {worst.name.indicator}",
        "; ".join(part for part in detail if part),
        words.assign_url(late.unit.uuid, worst.key.indicator),
        _("Giao việc"),
    )


def _own_orders(unit: Unit, every: Iterable[Shown], tasks: Tasks) -> list[Order]:
    """The unit's own indicators that are furthest from their target."""
    late = [
        (line.series.target.gap, each, line)
        for each in every
        for line in each.lines[:1]
        if line.series.target and line.is_late and (unit.pk, each.row.code) not in tasks
    ]
    late.sort(key=lambda item: item[0] or 0, reverse=True)
    return [
        Order(
            each.row.name,
            "; ".join(part for part in (line.target, line.gap) if part),
            words.assign_url(unit.uuid, each.row.code),
            _("Giao việc"),
        )
        for _gap, each, line in late
    ]
