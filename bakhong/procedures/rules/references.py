"""Which questions of its form a procedure counts on."""

from collections.abc import Iterator
from typing import Any

from bakhong.eforms.rules.logic import variables
from bakhong.procedures.rules.catalogue import Procedure

_COUNTED = ("documents", "document_pages", "document_copies")  # what a fee by page or copy is counted from


def named(procedure: Procedure) -> frozenset[str]:
    """Codes of questions and groups that its papers, its fee, its exemptions or what its result states are read from.

    >>> from datetime import date
    >>> from bakhong.procedures.rules.catalogue import procedure
    >>> sorted(named(procedure("2.000815", date(2026, 11, 22))))[:3]
    ['document_copies', 'document_pages', 'documents']
    """
    found = {name for rule in rules_of(procedure) for name in variables(rule)}
    for result in procedure.results:
        for place in result.facts.values():
            kind, _colon, path = place.partition(":")
            if kind == "answer":
                found.add(path.split(".")[0])
    return frozenset(found.union(_COUNTED if procedure.fee.kind in ("per_copy", "per_page") else ()))


def rules_of(procedure: Procedure) -> Iterator[Any]:
    """The conditions of its papers and exemptions; None where one has none."""
    yield from (paper.when for paper in procedure.papers)
    yield from (exemption.when for exemption in procedure.fee.exemptions)
