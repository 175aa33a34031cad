"""Which papers a dossier needs, given what was answered; and what a result lets the commune know from then on."""

from collections.abc import Mapping, Sequence
from typing import Any

from bakhong.eforms.rules.logic import evaluate
from bakhong.procedures.rules.catalogue import Paper, Procedure, Result


def papers_for(procedure: Procedure, answers: Mapping[str, Any]) -> tuple[Paper, ...]:
    """The papers that matter for these answers; those a register holds too (they are looked up, not asked for).

    >>> from datetime import date
    >>> from bakhong.procedures.rules.catalogue import procedure
    >>> marriage = procedure("1.004873", date(2026, 11, 22))
    >>> [paper.code for paper in papers_for(marriage, {"marital_status": "divorced"})]
    ['divorce']
    """
    return tuple(each for each in procedure.papers if evaluate(each.when, answers))


def papers_to_bring(procedure: Procedure, answers: Mapping[str, Any]) -> tuple[Paper, ...]:
    """The papers a resident is asked for: required, and held by nobody else."""
    return tuple(each for each in papers_for(procedure, answers) if each.required and each.may_be_asked)


def facts_of(result: Result, answers: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """dictionary key → value, which the commune knows once the result is given. `said`: what the deciding officer entered.

    Keys without a value are left out.

    >>> from datetime import date
    >>> from bakhong.procedures.rules.catalogue import procedure
    >>> result = procedure("1.004873", date(2026, 11, 22)).results[0]
    >>> facts_of(result, {"marital_status": "unmarried"}, {"number": "12/XN"})
    {'marriage.status': 'unmarried', 'marriage.confirmation_no': '12/XN'}
    """
    found = {key: _value(where, answers, said) for key, where in result.facts.items()}
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _value(where: str, answers: Mapping[str, Any], said: Mapping[str, Any]) -> Any:
    kind, _colon, name = where.partition(":")
    if kind == "answer":
        return _look_up(name.split("."), answers)
    return said.get(name) if kind == "result" else where


def _look_up(parts: Sequence[str], data: Any) -> Any:
    """Answers come as a tree, or flat by path."""
    if isinstance(data, Mapping) and ".".join(parts) in data:
        return data[".".join(parts)]
    for part in parts:
        if not isinstance(data, Mapping):
            return None
        data = data.get(part)
    return data
