"""From what was typed to an answer, one question at a time. Nothing here knows where the answer comes from.

An answer is JSON: a text; a whole or decimal number; "1941", "1941-03" or "1941-03-05" for a date; an option's code, or a list of them;
true or false; a file's uuid. What cannot be read is told by a code (`bakhong.eforms.sentences` has the words).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from bakhong.core.days import parse_day
from bakhong.core.numbers import format_int
from bakhong.core.text import is_storable, squeeze
from bakhong.eforms.rules.logic import LARGEST
from bakhong.eforms.rules.spec import Question

Value = Any  # JSON
LONGEST = {"longtext": 5000, "address": 300, "person_name": 120, "email": 120, "phone": 20}
_LONGEST = 500
_MONTH = re.compile(r"(\d{1,2})[/.\- ](\d{4})|(\d{4})-(\d{1,2})")
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_EMAIL = re.compile(r"[^@\s<>\"(),;:]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62})\.[A-Za-z]{2,20}")
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d{1,4})?|-?\d{1,16}(?:[.,]\d{1,4})?")
_NAME = re.compile(r"[^\W\d_]+(?:[ '’.\-]+[^\W\d_]+)*\.?")


@dataclass(frozen=True)
class Wrong:
    """What is wrong with an answer: a code and what its sentence needs."""

    code: str
    detail: str = ""


def read(question: Question, texts: list[str], *, today: date) -> Value | Wrong | None:
    """The answer a form's texts mean. None: nothing was typed (whether that will do is `missing`'s question).

    >>> read(Question(code="d", label="D", type="date"), ["3/1941"], today=date(2026, 1, 1))
    '1941-03'
    >>> read(Question(code="d", label="D", type="date"), ["30/02/1990"], today=date(2026, 1, 1))
    Wrong(code='date_invalid', detail='')
    """
    texts = [text for text in texts if text.strip()]
    if not texts:
        return None
    longest = question.rules.max_length or LONGEST.get(question.type, _LONGEST)
    if sum(map(len, texts)) > longest + 200 or (
        question.type != "choices" and len(texts[-1].strip()) > longest
    ):
        return Wrong("too_long", str(longest))
    if not all(map(is_storable, texts)):
        return Wrong("unreadable")
    value = (
        _choices(question, texts) if question.type == "choices" else _READ[question.type](question, texts[-1])
    )
    if isinstance(value, Wrong):
        return value
    return _outside(question, value, today) or value


def fits(question: Question, value: Value, *, today: date) -> bool:
    """Whether a value a source offers is an answer to this question."""
    typed = as_typed(question, value)
    return bool(typed) and read(question, typed, today=today) == value


def as_typed(question: Question, value: Value) -> list[str]:
    """What stands in the form's fields for an answer; `read` gives the answer back.

    >>> as_typed(Question(code="d", label="D", type="date"), "1941-03"), as_typed(Question(code="m", label="M", type="money"), 1500000)
    (['03/1941'], ['1.500.000'])
    """
    if value is None or value == "" or value == []:
        return []
    if isinstance(value, list):
        return [str(each) for each in value]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if question.type == "date":
        return [show_day(str(value))]
    if question.type == "money" and isinstance(value, int):
        return [format_int(value)]
    return [str(value).replace(".", ",") if isinstance(value, float) else str(value)]


def fitting(question: Question, value: Any, today: date) -> Any:
    """What a source says of it, as an answer; None where it does not fit the question.

    >>> fitting(Question(code="n", label="N", type="number"), "x", date(2026, 5, 6)) is None
    True
    """
    if not isinstance(value, str | int | float | list) or value in ("", []):
        return None
    found = read(question, as_typed(question, value), today=today)
    return None if isinstance(found, Wrong) else found


def show_day(iso: str) -> str:
    """
    >>> show_day("1941-03-05"), show_day("1941-03"), show_day("1941"), show_day("?")
    ('05/03/1941', '03/1941', '1941', '?')
    """
    match = _ISO.fullmatch(iso)
    return "/".join(part for part in reversed(match.groups()) if part) if match else iso


def shown(question: Question, value: Value, lang: str = "vi") -> str:
    """An answer in words: the labels of options, the day as people write it. "" for none."""
    labels = {option.code: option.label.in_language(lang) for option in question.options}
    if isinstance(value, bool):
        return {"vi": ("Có", "Không"), "en": ("Yes", "No")}.get(lang, ("Có", "Không"))[0 if value else 1]
    if labels and isinstance(value, list):
        return ", ".join(labels.get(str(each), str(each)) for each in value)
    if labels:
        return labels.get(str(value), "" if value is None else str(value))
    text = ", ".join(as_typed(question, value))
    return f"{text}\N{NO-BREAK SPACE}đ" if text and question.type == "money" else text


def _outside(question: Question, value: Value, today: date) -> Wrong | None:
    rules = question.rules
    if isinstance(value, int | float) and not isinstance(value, bool):
        if rules.min is not None and value < rules.min:
            return Wrong("too_small", _plain(rules.min))
        return Wrong("too_large", _plain(rules.max)) if rules.max is not None and value > rules.max else None
    if question.type == "date":
        return _day_outside(question, str(value), today)
    if isinstance(value, str) and question.type not in ("choice", "file"):
        if rules.min_length and len(value) < rules.min_length:
            return Wrong("too_short", str(rules.min_length))
        if rules.pattern and not re.fullmatch(rules.pattern, value):
            return Wrong("pattern", rules.pattern_help.vi if rules.pattern_help else "")
    return None


def _plain(number: float | None) -> str:
    return format_int(number) if isinstance(number, int) else str(number).replace(".", ",")


def _day_outside(question: Question, iso: str, today: date) -> Wrong | None:
    rules = question.rules
    if rules.is_whole_day and len(iso) != 10:
        return Wrong("date_not_whole")
    earliest, latest = (_bound(rules.not_before, today), _bound(rules.not_after, today))
    if latest and iso > latest[: len(iso)]:
        return Wrong("date_future") if rules.not_after == "today" else Wrong("date_after", show_day(latest))
    if earliest and iso < earliest[: len(iso)]:
        return Wrong("date_past") if rules.not_before == "today" else Wrong("date_before", show_day(earliest))
    return None


def first_day(question: Question, today: date) -> str:
    """The earliest day that will do, as ISO; "" where any will."""
    return _bound(question.rules.not_before, today)


def _bound(bound: str | None, today: date) -> str:
    """
    >>> _bound("today", date(2026, 1, 30)), _bound("today+3", date(2026, 1, 30)), _bound(None, date(2026, 1, 30))
    ('2026-01-30', '2026-02-02', '')
    """
    if bound and bound.startswith("today"):
        return (today + timedelta(days=int(bound[6:] or 0))).isoformat()
    return bound or ""


def _text(_question: Question, text: str) -> Value:
    return squeeze(text)


def _longtext(_question: Question, text: str) -> Value:
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _name(_question: Question, text: str) -> Value:
    name = squeeze(text)
    return name if _NAME.fullmatch(name) else Wrong("name_invalid")


def _number(_question: Question, text: str) -> Value:
    text = text.strip().replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    match = _NUMBER.fullmatch(text)
    if not match or not text.isascii():
        return Wrong("number_invalid")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", text):
        text = text.replace(".", "")
    number = float(text.replace(",", ".")) if re.search(r"[.,]", text) else int(text)
    if abs(number) > LARGEST:
        return Wrong("number_invalid")
    return int(number) if number == int(number) else number


def _money(question: Question, text: str) -> Value:
    text = re.sub(r"(?i)\s*(đồng|đ|vnđ|vnd)\s*$", "", text.strip())
    digits = re.sub(r"[.,\s]", "", text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
        return Wrong("money_invalid")
    if digits != text and not re.fullmatch(r"\d{1,3}([.,\s]\d{3})+", text):
        return Wrong("money_invalid")
    return int(digits)


def _date(_question: Question, text: str) -> Value:
    text = text.strip()
    if not text.isascii():
        return Wrong("date_invalid")
    day = parse_day(text)
    if day is not None:
        return day.isoformat() if 1850 <= day.year <= 2150 else Wrong("date_invalid")
    if re.fullmatch(r"\d{4}", text):
        return text if 1850 <= int(text) <= 2150 else Wrong("date_invalid")
    match = _MONTH.fullmatch(text)
    if not match:
        return Wrong("date_invalid")
    month, year = int(match[1] or match[4]), int(match[2] or match[3])
    return f"{year:04}-{month:02}" if 1 <= month <= 12 and 1850 <= year <= 2150 else Wrong("date_invalid")


def _choice(question: Question, text: str) -> Value:
    return text if text in {option.code for option in question.options} else Wrong("choice_invalid")


def _choices(question: Question, texts: list[str]) -> Value:
    codes = [option.code for option in question.options]
    if not set(texts) <= set(codes):
        return Wrong("choice_invalid")
    return [code for code in codes if code in texts]


def _yes_no(_question: Question, text: str) -> Value:
    known = {"yes": True, "no": False}
    return known[text] if text in known else Wrong("choice_invalid")


def _national_id(_question: Question, text: str) -> Value:
    digits = re.sub(r"[\s.\-]", "", text)
    return digits if re.fullmatch(r"[0-9]{12}", digits) else Wrong("national_id_invalid")


def _phone(_question: Question, text: str) -> Value:
    digits = re.sub(r"[\s.\-()]", "", text)
    digits = "0" + digits[3:] if digits.startswith("+84") else digits
    return digits if re.fullmatch(r"0[0-9]{9,10}", digits) else Wrong("phone_invalid")


def email_in(text: str) -> str | None:
    """The e-mail address that was typed; None where it is none.

    >>> email_in(" hoa@example.vn "), email_in("hoa@example")
    ('hoa@example.vn', None)
    """
    text = text.strip()
    return text if _EMAIL.fullmatch(text) and ".." not in text and len(text) <= LONGEST["email"] else None


def _email(_question: Question, text: str) -> Value:
    return email_in(text) or Wrong("email_invalid")


def _file(_question: Question, text: str) -> Value:
    try:
        return str(UUID(text.strip()))
    except ValueError:
        return Wrong("file_invalid")


_READ = {
    "text": _text,
    "longtext": _longtext,
    "address": _text,
    "person_name": _name,
    "number": _number,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "yes_no": _yes_no,
    "national_id": _national_id,
    "phone": _phone,
    "email": _email,
    "file": _file,
}
