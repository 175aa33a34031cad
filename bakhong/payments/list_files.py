"""What a list of amounts says, whoever sent it."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bakhong.people.rules.headings import Layout
from bakhong.people.rules.rows import Problem


class ListLine(Protocol):
    """A row of such a list: đồng, and what is odd about it."""

    @property
    def amount(self) -> int: ...
    @property
    def problems(self) -> tuple[Problem, ...]: ...
    @property
    def is_rejected(self) -> bool: ...


L = TypeVar("L", bound=ListLine)


@dataclass(frozen=True)
class ListFile(Generic[L]):
    """What a file says; `lines` in order, rejected ones too."""

    layouts: tuple[Layout, ...]
    lines: tuple[L, ...]
    warnings: tuple[str, ...]
    totals: tuple[Problem, ...] = ()  # rows of totals that do not add up

    @property
    def good(self) -> list[L]:
        return [each for each in self.lines if not each.is_rejected]

    @property
    def problems(self) -> list[Problem]:
        return [*self.totals, *(each for line in self.lines for each in line.problems)]

    @property
    def amount(self) -> int:
        """Đồng, of the good ones."""
        return sum(each.amount for each in self.good)
