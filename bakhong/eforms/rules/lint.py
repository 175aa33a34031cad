"""What an author of a form is warned of. Nothing here forbids: some facts must be asked although the State holds them."""

import re
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
    def aliases(self) -> tuple[str, ...]: ...
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
    >>> birth = E(vi="Ngày, tháng, năm sinh", type="date", held_by=("population",), is_sensitive=False,
    ...           aliases=("ngày sinh",))
    >>> [(each.code, each.place, each.detail) for each in lint(spec, {"person.birth": birth})]
    [('asks_known_fact', 'b', 'person.birth')]
    """
    for _page, group, question in spec.questions():
        place = f"{group.code}.{question.code}" if group else question.code
        yield from (_of_question(spec, group, question, place, known))
    for _page, item in spec.items():
        if isinstance(item, Group) and item.known_as and item.known_as not in known:
            yield Finding("unknown_key", item.code, item.known_as)
        elif (
            isinstance(item, Group)
            and not item.known_as
            and (key := likely_key(item.label.vi, "list", known))
        ):
            yield Finding("asks_known_fact", item.code, key)
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
    elif not key and group is None and (likely := likely_key(question.label.vi, question.type, known)):
        yield Finding("asks_known_fact", place, likely)
    if not question.help.vi and (question.type == "file" or _is_riddle(question)):
        yield Finding("no_help", place)
    if group is not None and not question.label.en:
        yield Finding("no_english", place)


def _is_riddle(question: Question) -> bool:
    """It takes a pattern only, and says nowhere which."""
    limits = question.rules
    return limits.pattern is not None and limits.pattern_help is None


# What may stand behind the words of a known fact without making it somebody else's.
_FILLERS = frozenset(
    name_key(
        "của tôi người khai yêu cầu nộp đơn làm ông bà anh chị bạn cá nhân nếu có công dân hiện nay đầy đủ chính xác ghi rõ trên "
        "theo thẻ giấy tờ cccd cmnd căn cước số in hoa viết bằng chữ đứng dùng liên hệ zalo 12 là hay hoặc không thuộc gia đình gì "
        "nào mấy bao nhiêu"
    ).split()
)
_OF_SPOUSE = {"vo", "chong"}
_OF_OTHERS = frozenset(
    [
        "con",
        "cha",
        "me",
        "bo",
        "giam",
        "mat",
        "ben",
        "than",
        "mai",
        "dai",
        "uy",
        "quyen",
        "tre",
        "chau",
        "ay",
        "kia",
    ]
)


def likely_key(label: str, kind: str, known: Mapping[str, Entry]) -> str:
    """The key a question without one seems to ask for: its label begins with words the dictionary lists, the longest that fit, and goes
    on with nothing that makes it somebody else's. "" for none.

    Of somebody else ("Họ tên người giám hộ") it is no known fact of the applicant's; a spouse's, a parent's name may be known itself.
    """
    words = _words(label)
    said = {
        tuple(_words(each)): key
        for key, entry in known.items()
        if entry.held_by
        for each in (entry.vi, *entry.aliases)
    }
    for length in range(len(words), 0, -1):
        key = said.get(tuple(words[:length]), "")
        if key and _FILLERS.issuperset(words[length:]):
            return key if kind != "list" or known[key].type == "list" else ""
    return _by_kind(kind, set(words), known)


def _by_kind(kind: str, words: set[str], known: Mapping[str, Entry]) -> str:
    """A 12-digit number or a telephone is the applicant's, whatever it is called, where nobody else is spoken of."""
    if kind == "national_id" and words & _OF_SPOUSE:
        return "family.spouse_national_id" if "family.spouse_national_id" in known else ""
    if words & (_OF_SPOUSE | _OF_OTHERS):
        return ""
    key = {"national_id": "person.national_id", "phone": "person.phone"}.get(kind, "")
    return key if key in known else ""


def _words(label: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", name_key(label))
