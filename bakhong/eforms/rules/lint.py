"""What an author of a form is warned of. Nothing here forbids: some facts must be asked although the State holds them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bakhong.core.text import name_key
from bakhong.eforms.rules.spec import FormSpec, Group, Question


class Entry(Protocol):
    @property
    def vi(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def held_by(self) -> tuple[str, ...]: ...
    @property
    def is_sensitive(self) -> bool: ...


@dataclass(frozen=True)
class Finding:
    """`code`: "asks_known_fact", "unknown_key", "known_but_not_prefilled", "sensitive_not_sealed", "long_page", "no_help", "no_english"."""

    code: str
    place: str  # of the question: its path
    detail: str = ""


def lint(spec: FormSpec, known: Mapping[str, Entry]) -> Iterator[Finding]:
    """
    >>> from types import SimpleNamespace as E
    >>> from bakhong.eforms.rules.spec import read_spec
    >>> spec = read_spec({"code": "a", "title": {"vi": "A", "en": "A"}, "pages": [{"code": "p", "title": {"vi": "P", "en": "P"},
    ...     "questions": [{"code": "b", "label": {"vi": "Ngày sinh", "en": "Birth"}, "type": "date"}]}]})
    >>> birth = E(vi="Ngày, tháng, năm sinh", type="date", held_by=("population",), is_sensitive=False)
    >>> [(each.code, each.place, each.detail) for each in lint(spec, {"person.birth": birth})]
    [('asks_known_fact', 'b', 'person.birth')]
    """
    for _page, group, question in spec.questions():
        place = f"{group.code}.{question.code}" if group else question.code
        yield from (_of_question(spec, group, question, place, known))
    for _page, item in spec.items():
        if isinstance(item, Group) and item.known_as and item.known_as not in known:
            yield Finding("unknown_key", item.code, item.known_as)
        if not item.label.en:
            yield Finding("no_english", item.code)
    for page in spec.pages:
        count = sum(len(item.questions) if isinstance(item, Group) else 1 for item in page.questions)
        if count > 8:
            yield Finding("long_page", page.code, str(count))


def _of_question(
    spec: FormSpec, group: Group | None, question: Question, place: str, known: Mapping[str, Any]
) -> Iterator[Finding]:
    key = spec.key_of(group, question)
    if key and key not in known:
        yield Finding("unknown_key", place, key)
    elif key and known[key].held_by and not question.prefill:
        yield Finding("known_but_not_prefilled", place, key)
    elif key and group is None and known[key].is_sensitive and not question.is_sealed:
        yield Finding("sensitive_not_sealed", place, key)
    elif not key and (likely := likely_key(question, known)):
        yield Finding("asks_known_fact", place, likely)
    if group is not None and not question.label.en:
        yield Finding("no_english", place)


_PLAIN = (
    "ho va ten",
    "ho ten",
    "ngay sinh",
    "so dinh danh",
    "so can cuoc",
    "gioi tinh",
    "noi thuong tru",
    "dan toc",
    "ton giao",
    "quoc tich",
)
_KEYS = ("person.full_name", "person.full_name", "person.birth", "person.national_id", "person.national_id", "person.sex",
         "person.address", "person.ethnicity", "person.religion", "person.nationality")  # fmt: skip
_OTHERS = ("vo", "chong", "con", "cha", "me", "bo", "nguoi", "bao ho", "da mat", "ben")


def likely_key(question: Question, known: Mapping[str, Any]) -> str:
    """The key a question without one seems to ask for: its label says nearly what the dictionary says. "" for none.

    Of somebody else ("Họ tên vợ") it is no known fact of the applicant's.
    """
    label = name_key(question.label.vi).strip(" :?*.")
    for words, key in zip(_PLAIN, _KEYS, strict=True):
        if key in known and label.startswith(words):
            rest = label.removeprefix(words).split()
            if not any(word in _OTHERS for word in rest):
                return key
    for key, entry in known.items():
        if entry.held_by and name_key(entry.vi) == label:
            return key
    return ""
