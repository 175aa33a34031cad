"""Deeds of the room. A door imports from here or from the file of the deed."""

from bakhong.indicators.actions.checks import (
    Checked,
    answer_finding,
    check_report,
    check_unit,
    store_findings,
    withdraw_answer,
)
from bakhong.indicators.actions.entries import FigureEntry, TargetEntry
from bakhong.indicators.actions.figures import (
    Confirmed,
    confirm_figures,
    correct_figure,
    demand_unlocked,
    retract_figure,
    set_target,
    undo_retraction,
)
from bakhong.indicators.actions.grid import GridCell, enter_grid
from bakhong.indicators.actions.reports import add_report

__all__ = [
    "Checked",
    "Confirmed",
    "FigureEntry",
    "GridCell",
    "TargetEntry",
    "add_report",
    "answer_finding",
    "check_report",
    "check_unit",
    "confirm_figures",
    "correct_figure",
    "demand_unlocked",
    "enter_grid",
    "retract_figure",
    "set_target",
    "store_findings",
    "undo_retraction",
    "withdraw_answer",
]
