"""What an import did, and its line in the list of imports."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.people.models import Import
from bakhong.people.problems import sentence
from bakhong.people.rules.rows import Problem
from bakhong.places.models import Unit


@dataclass
class Outcome:
    """What an import did; `as_json` is the contract of the command line.

    `is_repeatable`: the same file again, to the same roll, would surely find everybody unchanged and have the same problems.
    """

    import_id: UUID
    dry_run: bool
    as_of: date
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    villages: list[str] = field(default_factory=list)
    is_repeatable: bool = False

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.duplicates + self.rejected

    def as_json(self) -> dict[str, Any]:
        return {
            "import_id": str(self.import_id),
            "dry_run": self.dry_run,
            **self.counts(),
            "as_of": self.as_of,
            "villages_created": self.villages,
            "problems": [
                {
                    "sheet": each.sheet,
                    "cell": each.cell,
                    "code": each.code,
                    "value": each.value,
                    "message": sentence(each.code, each.value),
                }
                for each in self.problems
            ],
        }

    def counts(self) -> dict[str, int]:
        names = ("rows", "created", "updated", "unchanged", "duplicates", "rejected")
        return {name: getattr(self, name) for name in names}


def open_import(
    commune: Unit, as_of: date, file_name: str, content: bytes, by: Actor, at: datetime
) -> Import:
    """The caller holds the commune's row: two imports into one commune wait for each other."""
    return Import.objects.create(
        commune=commune,
        file_name=file_name[-200:],
        file_hash=hashlib.sha256(content).hexdigest(),
        as_of=as_of,
        created_at=at,
        created_by=by.id,
    )


def close_import(batch: Import, outcome: Outcome, by: Actor, at: datetime) -> None:
    batch.counts = {**outcome.counts(), "villages": outcome.villages}
    batch.save(update_fields=["counts"])
    audit.record(
        by=by,
        at=at,
        deed="people.import_list",
        object_kind="import",
        object_id=batch.uuid,
        place_id=batch.commune_id,
        **outcome.counts(),
    )
