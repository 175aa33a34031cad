"""What a data row says about one person, and the doubts about it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bakhong.people.rules.service_columns import Heard

REJECTING = frozenset(
    {"name_missing", "name_invalid", "id_not_12_digits", "birth_date_invalid", "birth_date_future"}
)


@dataclass(frozen=True)
class Problem:
    """One doubt: `code` has its sentence in `bakhong.people.problems`, `column` counts from 0."""

    sheet: str
    row: int
    column: int
    code: str
    value: str

    @property
    def cell(self) -> str:
        """`D17`, as a person finds it.

        >>> Problem("Thôn 1", 16, 3, "x", "").cell
        'D17'
        """
        letters, column = "", self.column + 1
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row + 1}"


@dataclass
class Row:
    """What a row says. `values` are attributes as facts hold them (without place and household); `village` is text.

    `household`: a key for the household inside the file, "" where the list tells of none; `household_code` the list's own number.
    `services`: what it says of digital services.
    """

    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    village: str = ""
    village_column: int = 0
    household: str = ""
    household_code: str = ""
    services: list[Heard] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        return any(each.code in REJECTING for each in self.problems)

    @property
    def national_id(self) -> str:
        return str(self.values.get("national_id", ""))


def mask(number: str) -> str:
    """
    >>> mask("038190001234")
    '•••••••••234'
    """
    return "•" * (len(number) - 3) + number[-3:]


def crowded_phones(rows: Iterable[Row], columns: Mapping[str, int], most: int = 5) -> Iterator[Problem]:
    """One problem at the first cell of every number that stands for more than `most` people. `columns`: sheet → its column of phones.

    >>> rows = [Row("Thôn 1", at, {"phone": "0912345678"}) for at in range(4, 10)]
    >>> [(problem.cell, problem.value) for problem in crowded_phones(rows, {"Thôn 1": 5})]
    [('F5', '•••••••678 × 6')]
    """
    rows = list(rows)
    counts = Counter(row.values["phone"] for row in rows if row.values.get("phone"))
    told: set[str] = set()
    for row in rows:
        number = row.values.get("phone", "")
        if counts.get(number, 0) > most and number not in told:
            told.add(number)
            value = f"{mask(number)} × {counts[number]}"
            yield Problem(row.sheet, row.row, columns.get(row.sheet, 0), "phone_crowded", value)
