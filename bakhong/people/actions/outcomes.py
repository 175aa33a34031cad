"""What an import did."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from bakhong.people.problems import sentence
from bakhong.people.rules.rows import Problem


@dataclass
class Outcome:
    """What an import did; `as_json` is the contract of the command line."""

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
