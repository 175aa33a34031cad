"""Reads of the room. The caller has checked that the units may be seen; every result is frozen."""

from bakhong.indicators.queries.computed import computed
from bakhong.indicators.queries.dashboards import children, dashboard
from bakhong.indicators.queries.histories import (
    behind,
    coverage,
    finding_rows,
    findings,
    history,
    report_detail,
    reports,
    spans_of,
)
from bakhong.indicators.queries.leagues import available_rules, league
from bakhong.indicators.queries.overviews import overview
from bakhong.indicators.queries.rows import figure_row, open_findings, unit_ref

__all__ = [
    "available_rules",
    "behind",
    "children",
    "computed",
    "coverage",
    "dashboard",
    "figure_row",
    "finding_rows",
    "findings",
    "history",
    "league",
    "open_findings",
    "overview",
    "report_detail",
    "reports",
    "spans_of",
    "unit_ref",
]
