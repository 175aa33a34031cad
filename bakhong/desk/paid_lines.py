"""What our own payments say of the second No, ready to be shown beside what was published."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bakhong.core.numbers import format_day, format_decimal, format_int
from bakhong.indicators.queries.paid import PaidReason, PaidRow, paid_definitions
from bakhong.indicators.queries.shown import figure_of_series
from bakhong.indicators.queries.words import population_name
from bakhong.payments.rules.services import service_name
from bakhong.ui.figures import Figure, language


@dataclass(frozen=True)
class PaidLine:
    """One indicator: our count, the published one, and what speaks for the difference."""

    name: str
    figure: Figure
    amount_percent: Decimal | None
    published: Figure | None
    difference: str
    reasons: tuple[str, ...]
    url: str


def service_asked(code: str) -> str:
    """How the page of paying without cash calls the indicator's services: one of them, or all essential ones ("")."""
    paid = next((paid for definition, paid in paid_definitions() if definition.code == code), None)
    return "" if paid is None or "essential" in paid.services else paid.services[0]


def paid_lines(rows: Iterable[PaidRow], url_of: dict[str, str]) -> list[PaidLine]:
    """`url_of`: indicator → the page of its month."""
    return [
        PaidLine(
            name=row.name,
            figure=Figure(
                numerator=row.value.numerator,
                denominator=row.value.denominator,
                percent=row.value.percent,
                counted=population_name("service_payments"),
                day_text=_("khoản của tháng %(month)s, trả đến %(day)s")
                % {"month": f"{row.month:%m/%Y}", "day": format_day(row.on)},
                url=url_of.get(row.code, ""),
            ),
            amount_percent=row.rate.percent_of_amount,
            published=figure_of_series(row.published) if row.published is not None else None,
            difference=_difference_words(row),
            reasons=tuple(reason_words(each) for each in row.reasons),
            url=url_of.get(row.code, ""),
        )
        for row in rows
    ]


def _difference_words(row: PaidRow) -> str:
    """About the day of the published figure, so that both speak of the same day."""
    if (
        row.difference is None
        or row.then is None
        or row.then.numerator is None
        or row.then.denominator is None
    ):
        return ""
    lang = language()
    values = {
        "counts": f"{format_int(row.then.numerator, lang)}/{format_int(row.then.denominator, lang)}",
        "points": format_decimal(abs(row.difference), lang),
    }
    if row.difference == 0:
        return _("cùng ngày ấy đếm được %(counts)s: khớp") % values
    if row.difference > 0:
        return _("cùng ngày ấy đếm được %(counts)s: cao hơn %(points)s điểm %%") % values
    return _("cùng ngày ấy đếm được %(counts)s: thấp hơn %(points)s điểm %%") % values


def reason_words(reason: PaidReason) -> str:
    names = ", ".join(service_name(each, language()).lower() for each in reason.services)
    sentences = {
        "no_day": _("nguồn không nói đếm ngày nào nên không so được"),
        "before": _("tháng trước ngày ấy chưa có khoản nào trong sổ thu và danh sách"),
        "other_group": _("nguồn tính trên %(whom)s, còn đây đếm từng khoản đã trả"),
        "unsaid": _("có %(count)s khoản đã trả mà không rõ cách, ở đây không tính là chuyển khoản"),
        "services_missing": _("chưa có danh sách của: %(names)s"),
    }
    whom = population_name(reason.population) if reason.population else _("ai thì không nói")
    values = {"count": format_int(reason.number, language()), "names": names, "whom": whom}
    return sentences[reason.code] % values
