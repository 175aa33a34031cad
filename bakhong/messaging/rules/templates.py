"""What may be written to people: `data/templates.toml`, and the rules it has to keep.

Swindlers write in a commune's name, with a link (domain research 7, 11.2): nothing we send has one, so that whatever has one is not ours.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bakhong.core.text import squeeze

LONGEST = 300  # characters of a text, subject apart
# Placeholder → the most characters its value may have. Whatever else is known of a person stays where it is.
VALUES = {"name": 50, "code": 30, "day": 10, "commune": 30, "phone": 15}
_GIVEN = frozenset({"name", "commune", "phone"})  # by the recipient and the commune, not by the sender
_LINK = re.compile(
    r"https?:|www\.|://|\b[\w-]+\.(?:vn|com|net|org|io|ly|me|gl|info|top|xyz|cc|app|link)\b", re.IGNORECASE
)
_ASKS = re.compile(
    r"đăng nhập|bấm vào|nhấn vào|truy cập|tải ứng dụng|cài đặt|chuyển khoản|chuyển tiền|nộp tiền|thanh toán|mật khẩu|\botp\b"
    r"|sign in|log in|click|download|install|transfer|password|\bpay",
    re.IGNORECASE,
)
_PART = re.compile(r"\[([^\]]*)\]")
_HOLE = re.compile(r"\{([^}]*)\}")
_DATA = Path(__file__).resolve().parent.parent / "data" / "templates.toml"


@dataclass(frozen=True)
class Template:
    """One thing that is told, in two languages. `needs`: what the sender gives; `call`: "if_no_mail" or "never"."""

    code: str
    audience: str
    call: str
    needs: frozenset[str]
    subject: Mapping[str, str]
    body: Mapping[str, str]
    is_secret: bool = False

    def written(self, lang: str, values: Mapping[str, str]) -> tuple[str, str]:
        """(subject, text) with the values in. A value that is missing, too long or holds a link is no value: see `fitting`."""
        body = self.body[lang]
        if self.audience == "resident":
            body = f"{greetings()[lang]} {body}"
        return _filled(self.subject[lang], values), _filled(body, values)


@cache
def greetings() -> Mapping[str, str]:
    """language → what stands before every text to a resident."""
    found: Mapping[str, str] = tomllib.loads(_DATA.read_text(encoding="utf-8"))["greeting"]
    return found


def spoken(text: str, lang: str, name: str) -> str:
    """A text as it is said on the telephone: without the greeting of a letter.

    >>> spoken("Kính gửi ông/bà Lê Thị Hoá. Hồ sơ 1 đã có kết quả.", "vi", "Lê Thị Hoá")
    'Hồ sơ 1 đã có kết quả.'
    """
    return text.removeprefix(_filled(greetings()[lang], {"name": name})).lstrip()


@cache
def templates() -> Mapping[str, Template]:
    """code → template.

    >>> templates()["result_ready"].audience, sorted(templates()["apology"].needs)
    ('resident', ['code', 'day'])
    """
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))["template"]
    return MappingProxyType({row["code"]: template(row) for row in rows})


def template(row: Mapping[str, Any]) -> Template:
    """Of a row of `data/templates.toml`. Raises: KeyError where a field is missing."""
    return Template(
        code=row["code"],
        audience=row["audience"],
        call=row["call"],
        needs=frozenset(row["needs"]),
        subject={"vi": row["subject_vi"], "en": row["subject_en"]},
        body={"vi": row["body_vi"], "en": row["body_en"]},
        is_secret=row.get("is_secret", False),
    )


def fitting(name: str, value: str) -> str:
    """A value as it may go into a text: in one line, as long as there is room for it, and without an address of a site.

    >>> fitting("name", "Lê  Thị\\nHoá"), fitting("name", "Trúng thưởng http://x.vn"), len(fitting("name", "x" * 80))
    ('Lê Thị Hoá', '', 50)
    """
    text = squeeze("".join(char if char.isprintable() else " " for char in value))
    return "" if _LINK.search(text) else text[: VALUES[name]].rstrip()


def lint(one: Template) -> list[str]:
    """What is wrong with a template, a sentence each; none where it may be used.

    >>> row = {"code": "x", "audience": "resident", "call": "never", "needs": [], "subject_vi": "a", "subject_en": "a", "body_en": "a"}
    >>> lint(template({**row, "body_vi": "Đăng nhập tại http://vneid.top để nhận tiền, {national_id}"}))
    ['x vi: holds a link', 'x vi: asks for what swindlers ask', 'x vi: {national_id} may not be told']
    >>> lint(template({**row, "body_vi": "Chào {name}. " + "x" * 280}))
    ['x vi: longer than 300 characters']
    >>> lint(template({**row, "body_vi": "Hồ sơ {code}"}))
    ['x vi: {code} is not among what it needs']
    """
    found = []
    for lang in ("vi", "en"):
        text = f"{one.subject[lang]}\n{one.body[lang]}"
        holes = set(_HOLE.findall(text))
        if _LINK.search(text):
            found.append(f"{one.code} {lang}: holds a link")
        if _ASKS.search(text):
            found.append(f"{one.code} {lang}: asks for what swindlers ask")
        found += [f"{one.code} {lang}: {{{hole}}} may not be told" for hole in sorted(holes - VALUES.keys())]
        known = holes & VALUES.keys()
        found += [
            f"{one.code} {lang}: {{{hole}}} is not among what it needs"
            for hole in sorted(known - _GIVEN - one.needs)
        ]
        if len(one.written(lang, {name: "x" * most for name, most in VALUES.items()})[1]) > LONGEST:
            found.append(f"{one.code} {lang}: longer than {LONGEST} characters")
    return found


def _filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; what stands in brackets goes when one of its values is missing.

    >>> [_filled("Chào {name}. [Xin gọi {phone}.]", each) for each in ({"name": "An"}, {"phone": "1022"})]
    ['Chào An.', 'Chào. Xin gọi 1022.']
    """

    def part(found: re.Match[str]) -> str:
        return found[1] if all(values.get(hole) for hole in _HOLE.findall(found[1])) else ""

    filled = _HOLE.sub(lambda hole: values.get(hole[1], ""), _PART.sub(part, text))
    return re.sub(r" +([.,])", r"\1", squeeze(filled))
