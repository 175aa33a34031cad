"""A data row read cell by cell, with every doubt named by its cell."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from bakhong.core.text import squeeze
from bakhong.people.rules import marks, numbers
from bakhong.people.rules.birth_cells import Birth, birth
from bakhong.people.rules.births import birth_parts, is_surely_under
from bakhong.people.rules.names import person_name
from bakhong.people.rules.rows import Problem, Row, mask
from bakhong.people.rules.secrets import without_numbers
from bakhong.people.rules.service_columns import Heard, ServiceColumn, heard, service_column
from bakhong.people.rules.services import NONE, services
from bakhong.people.rules.sheets import Asked, Layout, Line


class _Known(dict[Any, Any]):
    """Cell → what it means, worked out once: of fifty thousand cells a few thousand differ. Gone with the reading it belongs to."""

    def __init__(self, work_out: Callable[[Any], Any]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, value: object) -> Any:
        found = self._work_out(value)
        if value is None or type(value) is str:  # 1 and 1.0 and True are equal, and not the same cell
            self[value] = found
        return found


class Reader:
    """Reads the rows of one layout. `meanings`: an unclear mark (lower case) → yes or no, as a person answered."""

    def __init__(self, layout: Layout, *, as_of: date, meanings: Mapping[str, bool] | None = None) -> None:
        self.layout, self.as_of = layout, as_of
        self.meanings = meanings or {}
        self.asked: dict[tuple[str, int], list[Any]] = {}
        self._at = {each.field: each.index for each in layout.columns}
        self._phones = layout.columns_of("phone")
        self._columns = self._service_columns()
        self._household = 0
        self._head = ""
        self._width = max(self._at.values(), default=-1) + 1
        self._names = _Known(person_name)
        self._births = _Known(self._born)
        self._sexes = _Known(marks.sex)
        self._presences = _Known(marks.presence)
        self._relations = _Known(marks.relation)
        self._texts = _Known(lambda value: "" if value is None else squeeze(str(value)))
        self._parts = [part for fields, part in self._all_parts() if not fields or fields & self._at.keys()]

    def _all_parts(self) -> tuple[tuple[frozenset[str], Callable[[Line, Row], None]], ...]:
        """What reads a row, in order, with the columns it needs one of."""
        return (
            (frozenset(), self._name),
            (frozenset({"sex", "sex_male", "sex_female"}), self._sex),
            (frozenset({"birth", "birth_male", "birth_female", "birth_year"}), self._birth),
            (frozenset({"national_id"}), self._national_id),
            (frozenset({"phone"}), self._phone),
            (frozenset({"device", "smartphone"}), self._device),
            (frozenset({"presence", "present", "away", "whereabouts"}), self._presence),
            (frozenset({"note"}), self._note),
            (frozenset({"service"}), self._services),
            (frozenset(), self._home),
            (frozenset(), self._check_sense),
        )

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        for line in lines:
            yield self.read(line)

    def read(self, line: Line) -> Row:
        row = Row(self.layout.sheet, line.row)
        if len(line.values) < self._width:
            line.values.extend([None] * (self._width - len(line.values)))
        for part in self._parts:
            part(line, row)
        for remark in ("note", "phone_note"):
            if remark in row.values:
                row.values[remark] = without_numbers(row.values[remark])
        return row

    # --- the cells ----------------------------------------------------------------------------------------------------

    def _cell(self, line: Line, wanted: str) -> object:
        index = self._at.get(wanted)
        return None if index is None else line.values[index]

    def _text(self, line: Line, wanted: str) -> str:
        index = self._at.get(wanted)
        text: str = "" if index is None else self._texts[line.values[index]]
        return text

    def _complain(self, row: Row, wanted: str, code: str, value: object) -> None:
        text = "" if value is None else squeeze(str(value))[:60]
        row.problems.append(Problem(row.sheet, row.row, self._at.get(wanted, 0), code, text))

    def _name(self, line: Line, row: Row) -> None:
        value, column = self._cell(line, "name"), "name"
        if "name" not in self._at:
            column = "given"
            parts = (self._cell(line, "surname"), self._cell(line, "given"))
            value = " ".join(str(part) for part in parts if part not in (None, ""))
        found = self._names[value]
        if found.value is None:
            self._complain(row, column, found.code or "name_missing", value)
            return
        row.values["name"] = found.value
        if found.note:
            row.values["note"] = found.note[:300]
            if known := marks.presence(found.note):
                _be(row, known)
        if " " not in found.value:
            self._complain(row, column, "name_short", value)

    def _sex(self, line: Line, row: Row) -> None:
        if "sex" in self._at:
            value = self._cell(line, "sex")
            found = self._sexes[value]
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
        found, text = self._births[value]
        if found.code:
            self._complain(row, column, found.code, _shown(value))
            return
        if text:
            row.values["birth"] = text
        else:
            self._complain(row, column, "birth_date_missing", value)
        for note in found.notes:
            self._complain(row, column, note, _shown(value))

    def _born(self, value: object) -> tuple[Birth, str]:
        found = birth(value, today=self.as_of)
        return found, found.text

    def _birth_cell(self, line: Line, row: Row) -> tuple[str, object]:
        """The column with the birth date; under Nam or Nữ it gives the sex."""
        if "birth_male" in self._at or "birth_female" in self._at:
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
        year = _year(row)
        found = numbers.national_id(value, year=year, sex=row.values.get("sex"))
        if found.code:
            code = found.code if found.code != "id_is_old_card" else "id_not_12_digits"
            self._complain(row, "national_id", code, value)
        elif found.value:
            row.values["national_id"] = found.value
            if "id_zeros" in found.notes:
                self._complain(row, "national_id", "id_zeros", mask(found.value))

    def _phone(self, line: Line, row: Row) -> None:
        for column in self._phones:
            value = line.values[column]
            if value is None:
                continue
            found = numbers.phone(value)
            if found.code:
                row.problems.append(Problem(row.sheet, row.row, column, found.code, squeeze(str(value))[:60]))
                if found.note and "note" not in row.values:
                    row.values["note"] = found.note[:300]
            if found.value and "phone" not in row.values:
                row.values["phone"] = found.value
                note = self._text(line, "phone_holder") or found.note
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

    def _service_columns(self) -> list[tuple[int, ServiceColumn, _Known]]:
        """Column → the service it tells of, and its cells as heard; columns of no service of persons are left out."""
        told = (
            (each.index, service_column(each.title))
            for each in self.layout.columns
            if each.field == "service"
        )
        return [
            (index, column, _Known(partial(heard, column=column, as_of=self.as_of)))
            for index, column in told
            if column is not None
        ]

    def _services(self, line: Line, row: Row) -> None:
        for index, column, known in self._columns:
            value = line.values[index] if index < len(line.values) else None
            said: Heard = known[value]
            if said.is_unclear:
                said = self._answered(value, index, column, row)
            if said.state not in ("", NONE) and self._is_too_young(said, row):
                self._doubt(row, index, "service_too_young", services()[said.service].short_vi)
            elif said.state:
                row.services.append(said)

    def _answered(self, value: object, index: int, column: ServiceColumn, row: Row) -> Heard:
        """A mark somebody has explained says the column's state, or that there is none; else it is asked about."""
        text = squeeze(str(value))
        answer = self.meanings.get(text.lower())
        if answer is not None:
            return Heard(column.service, column.state if answer else NONE, None, column.provider)
        self._doubt(row, index, "mark_unclear", value)
        self.asked.setdefault((text, index), [0, f"{row.sheet}!{row.problems[-1].cell}"])[0] += 1
        return Heard(column.service, "")

    def _is_too_young(self, said: Heard, row: Row) -> bool:
        age = services()[said.service].eligible.age_min or 0
        born = birth_parts(row.values.get("birth") or "")
        return is_surely_under(born, age, said.day or self.as_of)

    def _doubt(self, row: Row, column: int, code: str, value: object) -> None:
        row.problems.append(Problem(row.sheet, row.row, column, code, squeeze(str(value))[:60]))

    def questions(self) -> list[Asked]:
        titles = {each.index: each.title for each in self.layout.columns}
        return [
            Asked(text, count, cell, titles.get(column, ""))
            for (text, column), (count, cell) in self.asked.items()
        ]

    def _presence(self, line: Line, row: Row) -> None:
        value = self._cell(line, "presence")
        if known := self._presences[value]:
            _be(row, known)
        elif value not in (None, ""):
            self._complain(row, "presence", "presence_unclear", value)
        is_present = "present" in self._at and self._means(line, "present", self._cell(line, "present"), row)
        away = self._cell(line, "away")
        where = self._text(line, "whereabouts")
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

    def _note(self, line: Line, row: Row) -> None:
        note = self._text(line, "note")
        if note:
            row.values["note"] = note[:300]
            if "presence" not in row.values and (known := marks.presence(note)) and known[0] != "present":
                _be(row, known)

    def _home(self, line: Line, row: Row) -> None:
        row.village = self._text(line, "village") or line.section or self.layout.village
        row.village_column = self._at.get("village", 0)
        address = self._text(line, "address")
        if address:
            row.values["address"] = address[:200]
        related = self._cell(line, "relation")
        relation = self._relations[related]
        if relation:
            row.values["relation"] = relation
        elif related not in (None, ""):
            row.values["relation"] = "other"
        self._household_of(line, row, relation)

    def _household_of(self, line: Line, row: Row, relation: str | None) -> None:
        """Members follow their head: a household's number, its head's name, a heading, or the word "chủ hộ" begins one."""
        head = self._cell(line, "head")
        row.household_code = self._text(line, "household")[:30]
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
            and self._names[head].value == row.values["name"]
        ):
            row.values["relation"] = "head"

    def _check_sense(self, line: Line, row: Row) -> None:
        """What a row says of itself must agree: the number tells the sex and the year of birth."""
        number = row.national_id
        if not number:
            return
        told = numbers.number_tells(number)
        year = _year(row)
        if year and told.year != year:
            self._complain(row, "national_id", "id_year_differs", mask(number))
        if row.values.get("sex") and told.sex != row.values["sex"]:
            self._complain(row, "national_id", "id_sex_differs", mask(number))


def _be(row: Row, known: tuple[str, str]) -> None:
    """There or away, and where; where nobody says where, the row says nothing of it."""
    row.values["presence"] = known[0]
    row.values.pop("whereabouts", None)
    if known[1]:
        row.values["whereabouts"] = known[1][:120]


def _year(row: Row) -> int | None:
    born = row.values.get("birth")
    return int(born[:4]) if born else None


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
