"""What a dossier costs: computed from the procedure as the commune offers it, from the answers and the exemptions shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.places.models import Unit
from bakhong.procedures.queries.catalogue import Offer, offer
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.fees import Due, exemptions_of

DOCUMENTS = "documents"  # the group of a form that lists what is to be copied


def due_now(
    procedure: Procedure,
    unit: Unit,
    answers: Mapping[str, Any],
    exemptions: Sequence[str],
    channel: str,
    at: datetime,
) -> Due:
    """In đồng. `answers` as a tree or flat by path. Of a form that lists documents, each is charged by itself, by its pages and copies.

    Raises: Refusal for an exemption the procedure does not know, or a number of pages that cannot be.
    """
    dues = dues_by_document(procedure, unit, answers, exemptions, channel, at)
    exemption = next((each.exemption for each in dues if each.exemption), "")
    return Due(
        sum(each.amount for each in dues), tuple(line for each in dues for line in each.lines), exemption
    )


def dues_by_document(
    procedure: Procedure,
    unit: Unit,
    answers: Mapping[str, Any],
    exemptions: Sequence[str],
    channel: str,
    at: datetime,
) -> list[Due]:
    """What `due_now` adds up: one for each document that the form lists, else the one of the dossier. Raises: as `due_now`."""
    speaking = tuple(sorted({each.code for each in exemptions_of(procedure, answers)} | set(exemptions)))
    offered = offer(unit, procedure.code, day_of(at)) or Offer(procedure, True)
    try:
        return [
            offered.fee(
                pages=_count(row, "document_pages"),
                copies=_count(row, "document_copies"),
                exemptions=speaking,
                channel=channel,
            )
            for row in documents_of(answers) or [{}]
        ]
    except ValueError as error:
        raise Refusal(_("Số trang, số bản hoặc diện miễn giảm chưa đúng. Xem lại rồi làm tiếp.")) from error


def _count(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 1


def documents_of(answers: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The documents that a form for copies lists, in its order: `document_name`, `document_pages`, `document_copies`."""
    rows = answers.get(DOCUMENTS)
    if isinstance(rows, list):
        return [row for row in rows if isinstance(row, Mapping)]
    count = rows if isinstance(rows, int) else 0
    names = ("document_name", "document_pages", "document_copies")
    return [
        {name: answers.get(f"{DOCUMENTS}.{row}.{name}") for name in names} for row in range(min(count, 100))
    ]
