"""A file taken in from its bytes: read and imported, or, the same file again and nothing said since, answered from what it said then."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.people.actions.importing import import_list
from bakhong.people.actions.outcomes import Outcome, close_import, open_import
from bakhong.people.permissions import IMPORT, require
from bakhong.people.queries.watermark import changed_by_others, snapshot, watermark
from bakhong.people.reading import ResidentList, read_list
from bakhong.people.remembered import key_of, recall, remember
from bakhong.people.rules.rows import Problem
from bakhong.places.models import Unit

_Asked = list[dict[str, Any]]


@dataclass(frozen=True)
class Taken:
    """What a file did, and how it was read. `residents` None: it was known, and none of its rows was rejected."""

    outcome: Outcome
    questions: _Asked
    columns: _Asked
    warnings: list[str]
    residents: ResidentList | None


def take_in(
    *,
    content: bytes,
    filename: str,
    commune: Unit | Callable[[date], Unit],
    where: str,
    by: Actor,
    at: datetime,
    as_of: date | None = None,
    fields: Mapping[tuple[str, int], str] | None = None,
    meanings: Mapping[str, bool] | None = None,
    residents: ResidentList | None = None,
    dry_run: bool = False,
) -> Taken:
    """Read a file and import it (see `read_list`, `import_list`). `commune`: found once the day of the list is known, or given; `where`
    names it before. `residents`: the file as read already with the same choices.

    Raises: as `read_list` and `import_list`.
    """
    key = key_of(
        content,
        filename=filename,
        where=where,
        actor_id=by.id,
        today=day_of(at),
        as_of=as_of,
        fields=fields,
        meanings=meanings,
    )
    if (known := _again(key, content, filename, by, at, dry_run)) is not None:
        return known
    if residents is None:
        residents = read_list(
            content, filename=filename, today=day_of(at), as_of=as_of, fields=fields, meanings=meanings
        )
    unit = commune if isinstance(commune, Unit) else commune(residents.as_of)
    with transaction.atomic():
        since = snapshot()
        outcome = import_list(
            commune=unit,
            residents=residents,
            file_name=filename,
            content=content,
            by=by,
            at=at,
            dry_run=dry_run,
        )
        taken = Taken(
            outcome, _questions(residents), _columns(residents), list(residents.warnings), residents
        )
        if outcome.is_repeatable and not dry_run:
            area = _area(unit, outcome.as_of)
            if not changed_by_others(area, since):
                remember(key, _document(taken, unit, watermark(area)))
    return taken


def _again(key: str, content: bytes, filename: str, by: Actor, at: datetime, dry_run: bool) -> Taken | None:
    """The same answer, noted as an import of its own; None when it may be another today."""
    document = recall(key)
    if document is None:
        return None
    unit = Unit.objects.filter(pk=document["commune"]).first()
    if unit is None:
        return None
    require(IMPORT, unit.pk, by=by)
    as_of = date.fromisoformat(document["as_of"])
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)  # as an import does: they wait for each other
        if watermark(_area(unit, as_of)) != document["watermark"]:
            return None
        batch = open_import(unit, as_of, filename, content, by, at)
        outcome = Outcome(
            batch.uuid,
            dry_run,
            as_of,
            unchanged=document["unchanged"],
            duplicates=document["duplicates"],
            problems=[Problem(*each) for each in document["problems"]],
        )
        close_import(batch, outcome, by, at)
        if dry_run:
            transaction.set_rollback(True)
    return Taken(outcome, document["questions"], document["columns"], document["warnings"], None)


def _document(taken: Taken, unit: Unit, mark: list[list[int]]) -> dict[str, Any]:
    """What the same file will say: everybody is there, as it says."""
    done = taken.outcome
    return {
        "commune": unit.pk,
        "as_of": done.as_of.isoformat(),
        "watermark": mark,
        "unchanged": done.created + done.updated + done.unchanged,
        "duplicates": done.duplicates,
        "problems": [
            [each.sheet, each.row, each.column, each.code, each.value]
            for each in done.problems
            if each.code != "village_created"
        ],
        "questions": taken.questions,
        "columns": taken.columns,
        "warnings": taken.warnings,
    }


def _area(unit: Unit, as_of: date) -> frozenset[int]:
    return covered_ids([unit.pk], max(as_of, unit.valid_from or as_of))


def _questions(residents: ResidentList) -> _Asked:
    return [asdict(each) for each in residents.questions]


def _columns(residents: ResidentList) -> _Asked:
    return [
        {"sheet": layout.sheet, "title": each.title, "field": each.field, "confidence": each.confidence}
        for layout in residents.layouts
        for each in layout.columns
        if each.title
    ]
