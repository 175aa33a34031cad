"""A form as its author writes it: pages, questions, groups that repeat, conditions, and what the State already knows.

The JSON is strict: an unknown key is an error with its place, so that a slip of the pen never silently drops a rule. Codes of questions
are unique in the whole form; a path is "name", or "children.0.name" for a question of a repeating group.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bakhong.core.text import is_storable
from bakhong.eforms.rules.logic import LogicError, check, variables
from bakhong.eforms.rules.patterns import is_quick

Kind = Literal[
    "text", "longtext", "number", "money", "date", "choice", "choices", "yes_no", "national_id", "phone", "email",
    "file", "address", "person_name",
]  # fmt: skip
CODE = r"^[a-z][a-z0-9_]{0,39}$"
PAGE_CODE = r"^[a-z][a-z0-9_-]{0,39}$"
LARGEST_SPEC = 500_000  # characters
MOST_QUESTIONS = 300
MOST_ROWS = 50
_KEY = r"^[a-z_]+(\.[a-z_]+)+$"
_LONGEST = 5000  # letters of any answer


@dataclass(frozen=True)
class Problem:
    """What is wrong with a spec and where: `place` is "pages[0].questions[2].show_if"."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


class SpecError(ValueError):
    """The form cannot be used; each problem says where."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Text(_Strict):
    """A sentence in Vietnamese, and in English where there is one. A plain string is Vietnamese."""

    vi: str = Field(max_length=1000)
    en: str = Field(default="", max_length=1000)

    def in_language(self, lang: str) -> str:
        return (self.en if lang == "en" else "") or self.vi


def _text(value: Any) -> Any:
    return {"vi": value} if isinstance(value, str) else value


Words = Annotated[Text, BeforeValidator(_text)]
NONE = Text(vi="")


def _rule(value: Any) -> Any:
    try:
        check(value)
    except LogicError as error:
        raise ValueError(str(error)) from None
    return value


Condition = Annotated[Any, BeforeValidator(_rule)]


class Option(_Strict):
    code: str = Field(pattern=CODE)
    label: Words


class Limits(_Strict):
    """Bounds of an answer. `min`/`max`: of a number or an amount; `not_after`/`not_before`: an ISO day or "today", and `not_before`
    also "today+3", three days from today; `pattern` is whole."""

    min: int | float | None = None
    max: int | float | None = None
    min_length: int | None = Field(default=None, ge=0)
    max_length: int | None = Field(default=None, ge=1, le=_LONGEST)
    pattern: str | None = Field(default=None, max_length=200)
    pattern_help: Words | None = None  # said when the pattern does not fit
    not_before: str | None = Field(default=None, pattern=r"^(today(\+[1-9]\d{0,2})?|\d{4}-\d{2}-\d{2})$")
    not_after: str | None = Field(default=None, pattern=r"^(today|\d{4}-\d{2}-\d{2})$")
    is_whole_day: bool = False  # a date of which only the year is known is not enough

    @field_validator("pattern")
    @classmethod
    def _safe(cls, pattern: str | None, info: ValidationInfo) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except (re.error, OverflowError, RecursionError):
                raise ValueError("không phải là một mẫu (regular expression).") from None
            if "(?" in pattern or not is_quick(pattern, info.data.get("max_length") or _LONGEST):
                raise ValueError(
                    "mẫu lặp nhiều quá, có thể chạy mãi: ghi rõ số chữ, như {1,20}, hoặc max_length."
                )
        return pattern


class Question(_Strict):
    """One thing asked. `known_as`: its key in the dictionary of what the State knows (in a group that is known: `known_item`)."""

    code: str = Field(pattern=CODE)
    label: Words
    help: Words = NONE
    type: Kind
    required: bool = False
    options: tuple[Option, ...] = Field(default=(), strict=False)
    rules: Limits = Limits()
    show_if: Condition = None
    known_as: str = Field(default="", pattern=rf"^$|{_KEY}")
    known_item: str = Field(default="", pattern=r"^[a-z_]*$")
    prefill: bool = True
    is_locked: bool = False
    is_sensitive: bool = False  # kept sealed

    @model_validator(mode="after")
    def _whole(self) -> "Question":
        if (self.type in ("choice", "choices")) != bool(self.options):
            raise ValueError("options: cần cho choice và choices, và chỉ cho hai loại ấy.")
        codes = [option.code for option in self.options]
        if len(set(codes)) != len(codes):
            raise ValueError("hai lựa chọn trùng mã.")
        if self.is_locked and not ((self.known_as or self.known_item) and self.prefill):
            raise ValueError("is_locked: chỉ cho câu được điền sẵn (known_as, prefill).")
        return self

    @property
    def is_sealed(self) -> bool:
        return self.is_sensitive or self.type == "national_id"


class Group(_Strict):
    """Questions asked again for each of several: children, plots of land. `known_as`: a list in the dictionary; `without_self`: where the
    applicant is one of that list, they are left out."""

    code: str = Field(pattern=CODE)
    label: Words
    help: Words = NONE
    min: int = Field(default=0, ge=0, le=MOST_ROWS)
    max: int = Field(default=10, ge=1, le=MOST_ROWS)
    show_if: Condition = None
    known_as: str = Field(default="", pattern=rf"^$|{_KEY}")
    without_self: bool = False
    questions: tuple[Question, ...] = Field(min_length=1, strict=False)

    @model_validator(mode="after")
    def _whole(self) -> "Group":
        if self.min > self.max:
            raise ValueError("min lớn hơn max.")
        return self


def _either(value: Any) -> Any:
    """A group has questions, a question has a type; said here so that errors speak of the right one."""
    if isinstance(value, dict):
        return Group.model_validate(value) if "questions" in value else Question.model_validate(value)
    return value


Item = Annotated[Question | Group, BeforeValidator(_either)]


class Page(_Strict):
    code: str = Field(pattern=PAGE_CODE)
    title: Words
    help: Words = NONE
    show_if: Condition = None
    questions: tuple[Item, ...] = Field(min_length=1, strict=False)


class FormSpec(_Strict):
    code: str = Field(pattern=CODE)
    title: Words
    pages: tuple[Page, ...] = Field(min_length=1, max_length=60, strict=False)

    @model_validator(mode="after")
    def _whole(self) -> "FormSpec":
        problems = list(_across(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def page(self, code: str) -> Page | None:
        return next((page for page in self.pages if page.code == code), None)

    def items(self) -> Iterator[tuple[Page, Question | Group]]:
        for page in self.pages:
            for item in page.questions:
                yield page, item

    def questions(self) -> Iterator[tuple[Page, Group | None, Question]]:
        """Every question, those of groups too."""
        for page, item in self.items():
            if isinstance(item, Group):
                for question in item.questions:
                    yield page, item, question
            else:
                yield page, None, item

    def key_of(self, group: Group | None, question: Question) -> str:
        """What the State knows it as: "person.birth", or "household.members" for a column of a known list; "" for nothing."""
        if group is not None and group.known_as and question.known_item:
            return group.known_as
        return question.known_as if group is None else ""

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


def _across(form: FormSpec) -> Iterator[str]:
    """What can only be seen in the whole form."""
    pages = [page.code for page in form.pages]
    yield from (f"hai trang cùng mã {code}" for code in _doubles(pages))
    if form.pages[0].show_if is not None:
        yield "trang đầu luôn được hỏi, không có điều kiện"
    reserved = {"xem-lai", "da-nop"} & set(pages)
    yield from (f"trang không được đặt mã {code}" for code in sorted(reserved))
    earlier: set[str] = set()
    codes: list[str] = []
    for page in form.pages:
        yield from _unknown(page.show_if, earlier, f"trang {page.code}")
        for item in page.questions:
            yield from _unknown(item.show_if, earlier, item.code)
            codes.append(item.code)
            if isinstance(item, Group):
                inside = set(earlier)
                for question in item.questions:
                    yield from _unknown(question.show_if, inside, question.code)
                    codes.append(question.code)
                    inside.add(question.code)
            earlier.add(item.code)
    yield from (f"hai câu hỏi cùng mã {code}" for code in _doubles(codes))
    if len(codes) > MOST_QUESTIONS:
        yield f"quá {MOST_QUESTIONS} câu hỏi"


def _unknown(rule: Any, known: set[str], whose: str) -> Iterator[str]:
    for name in sorted(set(variables(rule)) - known):
        yield f"điều kiện của {whose} hỏi đến “{name}”, không phải là câu hỏi đứng trước nó"


def _doubles(codes: list[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})


def read_spec(source: str | bytes | Mapping[str, Any]) -> FormSpec:
    """Raises: SpecError, with the place of everything wrong.

    >>> spec = read_spec({"code": "a", "title": "A", "pages": [{"code": "p", "title": "P", "questions": [
    ...     {"code": "name", "label": "Tên", "type": "person_name", "known_as": "person.full_name"}]}]})
    >>> [question.code for _page, _group, question in spec.questions()]
    ['name']
    >>> try: read_spec({"code": "a", "title": "A", "pages": [{"code": "p", "title": "P", "questions": [{"code": "x", "type": "txt"}]}]})
    ... except SpecError as error: print([problem.place for problem in error.problems])
    ['pages[0].questions[0].label', 'pages[0].questions[0].type']
    """
    given = _parsed(source)
    try:
        return FormSpec.model_validate(given)
    except ValidationError as error:
        raise SpecError(_problems(error)) from None
    except RecursionError:
        raise SpecError([Problem("", "Tệp lồng quá sâu.")]) from None


def digest_of(spec: FormSpec) -> str:
    """Equal for two specs that say the same, whatever the order of their keys."""
    text = json.dumps(spec.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def _parsed(source: str | bytes | Mapping[str, Any]) -> Any:
    if isinstance(source, Mapping):
        return dict(source)
    if len(source) > LARGEST_SPEC:
        raise SpecError([Problem("", "Tệp quá lớn, không phải là một biểu mẫu.")])
    try:
        given = json.loads(source, parse_constant=_no_constant)
        is_kept = all(map(is_storable, _texts(given)))
    except (ValueError, RecursionError):
        raise SpecError([Problem("", "Đây không phải là tệp JSON đọc được.")]) from None
    if not is_kept:
        raise SpecError([Problem("", "Có ký tự lạ không lưu được.")])
    return given


def _texts(given: Any) -> Iterator[str]:
    """Every text of a JSON document, names too."""
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        for name, each in given.items():
            yield from _texts(name)
            yield from _texts(each)
    elif isinstance(given, list | tuple):
        for each in given:
            yield from _texts(each)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _problems(error: ValidationError) -> list[Problem]:
    """Without what only follows: a list is too short for pydantic where one of its elements is wrong."""
    found = [Problem(_place(each["loc"]), _sentence(each)) for each in error.errors()]
    inner = [problem.place for problem in found]
    return [
        problem
        for problem in found
        if not any(
            place != problem.place and place.startswith(problem.place) for place in inner if problem.place
        )
    ]


def _place(loc: tuple[int | str, ...]) -> str:
    place = ""
    for part in loc:
        if isinstance(part, int):
            place += f"[{part}]"
        elif re.fullmatch(r"[a-z_]+", part):  # the rest are pydantic's names of its own steps
            place += f".{part}" if place else part
    return place


_SENTENCES = {
    "missing": "còn thiếu.",
    "extra_forbidden": "không có mục nào tên như vậy.",
    "string_pattern_mismatch": "chỉ được viết theo mẫu {pattern}.",
    "literal_error": "phải là một trong: {expected}.",
    "string_type": "phải là chữ.",
    "bool_type": "phải là true hoặc false.",
    "int_type": "phải là số nguyên.",
    "tuple_type": "phải là một danh sách.",
    "model_type": "phải là một đối tượng {{…}}.",
    "too_short": "phải có ít nhất một phần tử.",
    "too_long": "có quá nhiều phần tử.",
    "string_too_long": "dài quá {max_length} chữ.",
    "value_error": "{error}",
}


def _sentence(error: Any) -> str:
    context = {**error.get("ctx", {})}
    words = _SENTENCES.get(error["type"])
    return words.format(**context) if words else "giá trị không dùng được ({}).".format(error["type"])
