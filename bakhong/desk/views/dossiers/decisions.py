"""Dossiers to be decided: what the result of each asks for, what was typed, and which number its book will probably give."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bakhong.accounts.access import StaffRequest
from bakhong.desk.frame import today
from bakhong.desk.views.dossiers.cases import kept, label_of
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.books import NUMBER, given_number, likely_number, result_book
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.rules.books import DOCUMENT
from bakhong.procedures.rules.catalogue import Ask, Result


@dataclass
class Case:
    """One dossier to be decided: what its result asks for, and what was typed."""

    dossier: Dossier
    results: tuple[Result, ...]
    chosen: Result | None
    typed: dict[str, str] = field(default_factory=dict)
    number: str = ""  # as it will probably be, from the office's book
    is_one_number: bool = False
    problem: str = ""
    is_done: bool = False

    @property
    def label(self) -> str:
        return label_of(self.dossier)

    @property
    def fields(self) -> list[dict[str, Any]]:
        return [
            {"name": self.name(each), "ask": each, "value": self.typed.get(each.code, "")}
            for each in (self.chosen.asks if self.chosen else ())
            if each.code != NUMBER
        ]

    def name(self, ask: Ask) -> str:
        return f"{self.dossier.uuid}-{ask.code}"


def case_of(request: StaffRequest, found: Dossier) -> Case:
    """With what was proposed before, and what was typed on the page over it."""
    procedure = procedure_of(found)
    results = procedure.results if procedure else ()
    code = kept(request, f"{found.uuid}-result", 40) or found.result_code
    chosen = next((each for each in results if each.code == code), results[0] if results else None)
    case = Case(found, results, chosen)
    for ask in chosen.asks if chosen else ():
        proposed = str(found.result_answers.get(ask.code, ""))
        case.typed[ask.code] = (
            kept(request, case.name(ask), 300) if _is_sent(request, case, ask) else proposed
        )
    _number(case, 0)
    return case


def _number(case: Case, ahead: int) -> None:
    """What the book will give: shown beforehand, and sent along, so that another one is not printed without a word."""
    book = result_book(case.chosen) if case.chosen else None
    if book is not None and case.chosen is not None:
        case.number = likely_number(case.dossier, case.chosen, today().year, ahead=ahead)
        case.is_one_number = book.of != DOCUMENT


def _is_sent(request: StaffRequest, case: Case, ask: Ask) -> bool:
    return case.name(ask) in request.POST


def numbered(cases: Sequence[Case]) -> Sequence[Case]:
    """Each with the number it gets when those before it on the page have theirs."""
    taken: Counter[str] = Counter()
    for case in cases:
        book = result_book(case.chosen) if case.chosen else None
        if book is not None:
            _number(case, taken[book.code])
            taken[book.code] += not given_number(case.dossier, book)
    return cases
