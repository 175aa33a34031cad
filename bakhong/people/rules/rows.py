"""A data row as what it says about one person, with every doubt named by its cell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bakhong.core.text import squeeze
from bakhong.people.rules import marks, numbers
from bakhong.people.rules.birth_cells import birth
from bakhong.people.rules.births import birth_parts
from bakhong.people.rules.names import person_name
from bakhong.people.rules.sheets import Asked, Layout, Line

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
    """

    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    village: str = ""
    village_column: int = 0
    household: str = ""
    household_code: str = ""

    @property
    def is_rejected(self) -> bool:
        return any(each.code in REJECTING for each in self.problems)

    @property
    def national_id(self) -> str:
        return str(self.values.get("national_id", ""))


class Reader:
    """Reads the rows of one layout. `meanings`: an unclear mark (lower case) → yes or no, as a person answered."""

    def __init__(self, layout: Layout, *, as_of: date, meanings: Mapping[str, bool] | None = None) -> None:
        self.layout, self.as_of = layout, as_of
        self.meanings = meanings or {}
        self.asked: dict[tuple[str, int], list[Any]] = {}
        self._at = {each.field: each.index for each in layout.columns}
        self._phones = layout.columns_of("phone")
        self._household = 0
        self._head = ""

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        for line in lines:
            yield self.read(line)

    def read(self, line: Line) -> Row:
        row = Row(self.layout.sheet, line.row)
        for part in (self._name, self._sex, self._birth, self._national_id, self._phone, self._device):
            part(line, row)
        self._presence(line, row)
        self._home(line, row)
        self._check_sense(row)
        return row

    # --- the cells ----------------------------------------------------------------------------------------------------

    def _cell(self, line: Line, wanted: str) -> object:
        index = self._at.get(wanted)
        return line.values[index] if index is not None and index < len(line.values) else None

    def _complain(self, row: Row, wanted: str, code: str, value: object) -> None:
        text = "" if value is None else squeeze(str(value))[:60]
        row.problems.append(Problem(row.sheet, row.row, self._at.get(wanted, 0), code, text))

    def _name(self, line: Line, row: Row) -> None:
        value, column = self._cell(line, "name"), "name"
        if "name" not in self._at:
            column = "given"
            parts = (self._cell(line, "surname"), self._cell(line, "given"))
            value = " ".join(str(part) for part in parts if part not in (None, ""))
        found = person_name(value)
        if found.value is None:
            self._complain(row, column, found.code or "name_missing", value)
            return
        row.values["name"] = found.value
        if found.note:
            row.values["note"] = found.note[:300]
            if known := marks.presence(found.note):
                row.values["presence"], row.values["whereabouts"] = known[0], known[1][:120]
        if " " not in found.value:
            self._complain(row, column, "name_short", value)

    def _sex(self, line: Line, row: Row) -> None:
        if "sex" in self._at:
            value = self._cell(line, "sex")
            found = marks.sex(value)
            if found:
                row.values["sex"] = found
            elif value not in (None, ""):
                self._complain(row, "sex", "sex_unclear", value)
            return
        said = [
            sex
            for sex in ("male", "female")
            if marks.mark(self._cell(line, f"sex_{sex}")) == marks.Mark.YES
            or marks.sex(self._cell(line, f"sex_{sex}")) == sex
        ]
        if len(said) == 1:
            row.values["sex"] = said[0]
        elif said:
            self._complain(row, "sex_female", "sex_both", self._cell(line, "sex_female"))

    def _birth(self, line: Line, row: Row) -> None:
        column, value = self._birth_cell(line, row)
        if not column:
            return
        found = birth(value, today=self.as_of)
        if found.code:
            self._complain(row, column, found.code, _shown(value))
            return
        if found.text:
            row.values["birth"] = found.text
        else:
            self._complain(row, column, "birth_date_missing", value)
        for note in found.notes:
            self._complain(row, column, note, _shown(value))

    def _birth_cell(self, line: Line, row: Row) -> tuple[str, object]:
        """The column with the birth date; under Nam or Nữ it gives the sex."""
        for sex in ("male", "female"):
            value = self._cell(line, f"birth_{sex}")
            if value not in (None, ""):
                other = self._cell(line, "birth_male" if sex == "female" else "birth_female")
                if other not in (None, ""):
                    self._complain(row, f"birth_{sex}", "sex_both", value)
                else:
                    row.values.setdefault("sex", sex)
                return f"birth_{sex}", value
        if "birth_day" in self._at and "birth_year" in self._at and "birth" not in self._at:
            parts = [self._cell(line, f"birth_{part}") for part in ("day", "month", "year")]
            filled = [str(part) for part in parts if part not in (None, "", 0)]
            return "birth_year", "/".join(filled)
        for wanted in ("birth", "birth_year", "birth_male"):
            if wanted in self._at:
                return wanted, self._cell(line, wanted)
        return "", None

    def _national_id(self, line: Line, row: Row) -> None:
        value = self._cell(line, "national_id")
        year = birth_parts(row.values.get("birth", ""))[0]
        found = numbers.national_id(value, year=year, sex=row.values.get("sex"))
        if found.code:
            self._complain(
                row,
                "national_id",
                found.code if found.code != "id_is_old_card" else "id_not_12_digits",
                value,
            )
        elif found.value:
            row.values["national_id"] = found.value
            if "id_zeros" in found.notes:
                self._complain(row, "national_id", "id_zeros", mask(found.value))

    def _phone(self, line: Line, row: Row) -> None:
        for column in self._phones:
            value = line.values[column] if column < len(line.values) else None
            found = numbers.phone(value)
            if found.code:
                row.problems.append(Problem(row.sheet, row.row, column, found.code, squeeze(str(value))[:60]))
                if found.note and "note" not in row.values:
                    row.values["note"] = found.note[:300]
            if found.has_none and "phone" not in row.values:
                continue
            if found.value and "phone" not in row.values:
                row.values["phone"] = found.value
                holder = self._cell(line, "phone_holder")
                note = squeeze(str(holder)) if holder not in (None, "") else found.note
                if note:
                    row.values["phone_note"] = note[:120]
                    row.values["phone_holder"] = _holder(note, found.whose)
                for further in found.more:
                    row.problems.append(Problem(row.sheet, row.row, column, "phone_more", mask(further)))
                if "phone_prefix" in found.notes:
                    row.problems.append(
                        Problem(row.sheet, row.row, column, "phone_prefix", squeeze(str(value))[:60])
                    )

    def _device(self, line: Line, row: Row) -> None:
        told = marks.phone_class(self._cell(line, "device"))
        if told:
            row.values["device"] = told[0]
            if told[1] is not None:
                row.values["device_year"] = self.as_of.year - told[1]
        if "smartphone" in self._at:
            value = self._cell(line, "smartphone")
            known = marks.phone_class(value)
            if known and known[0] != "none":
                row.values["device"] = known[0]
            elif self._means(line, "smartphone", value, row):
                row.values["device"] = "smartphone"

    def _means(self, line: Line, wanted: str, value: object, row: Row) -> bool:
        """Whether a mark says yes. An unclear one is noted as a question unless it was answered."""
        mark = marks.mark(value)
        if mark != marks.Mark.UNCLEAR:
            return mark == marks.Mark.YES
        text = squeeze(str(value))
        if text.lower() in self.meanings:
            return self.meanings[text.lower()]
        self._complain(row, wanted, "mark_unclear", value)
        problem = row.problems[-1]
        self.asked.setdefault((text, problem.column), [0, f"{row.sheet}!{problem.cell}"])[0] += 1
        return False

    def questions(self) -> list[Asked]:
        titles = {each.index: each.title for each in self.layout.columns}
        return [
            Asked(text, count, cell, titles.get(column, ""))
            for (text, column), (count, cell) in self.asked.items()
        ]

    def _presence(self, line: Line, row: Row) -> None:
        value = self._cell(line, "presence")
        if known := marks.presence(value):
            row.values["presence"], row.values["whereabouts"] = known[0], known[1][:120]
        elif value not in (None, ""):
            self._complain(row, "presence", "presence_unclear", value)
        is_present = "present" in self._at and self._means(line, "present", self._cell(line, "present"), row)
        away = self._cell(line, "away")
        where = squeeze(str(self._cell(line, "whereabouts") or ""))
        if away not in (None, "") and marks.mark(away) != marks.Mark.NO:
            known = marks.presence(away)
            row.values["presence"] = known[0] if known and known[0] != "present" else "away"
            if marks.mark(away) == marks.Mark.UNCLEAR and not known:
                where = where or squeeze(str(away))  # "Bình Dương" under "Vắng"
        elif is_present:
            row.values.setdefault("presence", "present")
        if where and row.values.get("presence") in (None, "away", "abroad", "moved"):
            row.values.setdefault("presence", "away")
            row.values["whereabouts"] = where[:120]
        note = squeeze(str(self._cell(line, "note") or ""))
        if note:
            row.values["note"] = note[:300]
            if "presence" not in row.values and (known := marks.presence(note)) and known[0] != "present":
                row.values["presence"], row.values["whereabouts"] = known[0], known[1][:120]
        if row.values.get("whereabouts") == "":
            row.values.pop("whereabouts")

    def _home(self, line: Line, row: Row) -> None:
        village = self._cell(line, "village")
        row.village = (
            squeeze(str(village)) if village not in (None, "") else (line.section or self.layout.village)
        )
        row.village_column = self._at.get("village", 0)
        address = squeeze(str(self._cell(line, "address") or ""))
        if address:
            row.values["address"] = address[:200]
        related = self._cell(line, "relation")
        relation = marks.relation(related)
        if relation:
            row.values["relation"] = relation
        elif related not in (None, ""):
            row.values["relation"] = "other"
        self._household_of(line, row, relation)

    def _household_of(self, line: Line, row: Row, relation: str | None) -> None:
        """Members follow their head: a household's number, its head's name, a heading, or the word "chủ hộ" begins one."""
        code, head = self._cell(line, "household"), self._cell(line, "head")
        row.household_code = squeeze(str(code))[:30] if code not in (None, "") else ""
        if row.household_code:
            self._head = f"code:{row.household_code}"
        elif head not in (None, ""):
            self._head = f"head:{squeeze(str(head)).lower()}"
        elif relation == "head":
            self._household += 1
            self._head = f"row:{self._household}"
        elif line.household:
            self._head = f"heading:{line.household}"
        elif relation is None and "household" not in self._at:
            self._head = ""
        if self._head:
            is_told = self._head.startswith(("code", "head:"))
            row.household = (
                f"{row.village}|{self._head}" if is_told else f"{row.sheet}|{row.village}|{self._head}"
            )
        if (
            relation is None
            and "relation" not in row.values
            and isinstance(head, str)
            and row.values.get("name")
            and person_name(head).value == row.values["name"]
        ):
            row.values["relation"] = "head"

    def _check_sense(self, row: Row) -> None:
        """What a row says of itself must agree: the number tells the sex and the year of birth."""
        number = row.national_id
        if not number:
            return
        told = numbers.number_tells(number)
        year = birth_parts(row.values.get("birth", ""))[0]
        if year and told.year != year:
            self._complain(row, "national_id", "id_year_differs", mask(number))
        if row.values.get("sex") and told.sex != row.values["sex"]:
            self._complain(row, "national_id", "id_sex_differs", mask(number))


def _holder(note: str, whose: str) -> str:
    if whose:
        return "other" if whose == "hàng xóm" else "relative"
    return (
        "self"
        if squeeze(note).lower() in {"chính chủ", "bản thân", "của mình", "chính mình", "mình"}
        else "other"
    )


def _shown(value: object) -> object:
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else value


def mask(number: str) -> str:
    """
    >>> mask("038190001234")
    '•••••••••234'
    """
    return "•" * (len(number) - 3) + number[-3:]


def crowded_phones(rows: Iterable[Row], most: int = 5) -> Iterator[Problem]:
    """One problem at the first row of every number that stands for more than `most` people."""
    rows = list(rows)
    counts = Counter(row.values["phone"] for row in rows if row.values.get("phone"))
    told: set[str] = set()
    for row in rows:
        number = row.values.get("phone", "")
        if counts.get(number, 0) > most and number not in told:
            told.add(number)
            yield Problem(row.sheet, row.row, 0, "phone_crowded", f"{mask(number)} × {counts[number]}")
