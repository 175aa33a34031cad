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
    undo_retraction,
)
from bakhong.indicators.actions.grid import GridCell, enter_grid
from bakhong.indicators.actions.reports import add_report
from bakhong.indicators.actions.targets import (
    PartEntry,
    cascade_target,
    decide_and_cascade,
    set_target,
    withdraw_target,
)

__all__ = [
    "Checked",
    "Confirmed",
    "FigureEntry",
    "GridCell",
    "PartEntry",
    "TargetEntry",
    "add_report",
    "answer_finding",
    "cascade_target",
    "check_report",
    "check_unit",
    "confirm_figures",
    "correct_figure",
    "decide_and_cascade",
    "demand_unlocked",
    "enter_grid",
    "retract_figure",
    "set_target",
    "store_findings",
    "undo_retraction",
    "withdraw_answer",
    "withdraw_target",
]
