"""The catalogue of procedures as the program ships it: read from `data/procedures.toml`, checked, dated.

A procedure changes by a new version with a later `valid_from`; dossiers keep the version they were received with.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from bakhong.procedures.rules.limits import AFTERNOON, Limit
from bakhong.procedures.rules.words import Words

Filed = Literal["here", "desk", "national_portal"]
StepRole = Literal["receive", "process", "approve", "agency"]

FILED: tuple[Filed, ...] = ("here", "desk", "national_portal")
LEVELS = ("full", "partial")
CHANNELS = ("direct", "online", "post")
STEP_ROLES: tuple[StepRole, ...] = ("receive", "process", "approve", "agency")
FEE_KINDS = ("none", "fixed", "per_copy", "per_page")
RESULT_KINDS = ("paper", "electronic")

GENERAL = "general"  # the form of procedures without one of their own
APPLICANTS = ("citizen", "organisation")

_DATA = Path(__file__).resolve().parent.parent / "data" / "procedures.toml"


class CatalogueError(ValueError):
    """The shipped catalogue does not hold together; the message says where."""


@dataclass(frozen=True)
class Paper:
    """A paper to bring. `held_by`: the register whose data stand for it ("": nobody, so it may be asked for).

    `shown_by`: the dictionary keys that show it there, one of them with one of `shown_values` (none: whatever it says).
    `when` is a JSONLogic rule over the answers of the form; None: always.
    """

    code: str
    vi: str
    en: str
    held_by: str = ""
    copy: Literal["original", "copy"] = "copy"
    required: bool = True
    when: Mapping[str, Any] | None = None
    help: Words = field(default_factory=lambda: Words(""))
    shown_by: tuple[str, ...] = ()
    shown_values: tuple[str, ...] = ()

    def name(self, lang: str = "vi") -> str:
        return self.en if lang == "en" else self.vi

    def is_shown_by(self, values: Mapping[str, Any]) -> bool:
        """Whether what is known (key → value) stands for the paper."""
        known = [values[key] for key in self.shown_by if values.get(key)]
        return any(not self.shown_values or value in self.shown_values for value in known)

    @property
    def may_be_asked(self) -> bool:
        """False where the State holds the data already: then only "looked up, not found", with a reason.

        Source: Resolution 66.7/2025/NQ-CP.
        """
        return not self.held_by


@dataclass(frozen=True)
class Exemption:
    """Who pays less or nothing; `share` is what remains to be paid, in percent. `fact`: the dictionary key that shows it, with one of
    `values` (none: whatever it says)."""

    code: str
    vi: str
    en: str = ""
    share: int = 0
    when: Mapping[str, Any] | None = None
    fact: str = ""
    values: tuple[str, ...] = ()

    def is_shown_by(self, value: Any) -> bool:
        return bool(self.fact) and bool(value) and (not self.values or value in self.values)


@dataclass(frozen=True)
class Band:
    """Pages (or copies) up to and including `to` cost `amount` đồng each; `to` None: all that follow."""

    amount: int
    to: int | None = None


@dataclass(frozen=True)
class Fee:
    """In đồng. "per_page": each copy costs the sum of its pages by `bands`, at most `most`."""

    kind: Literal["none", "fixed", "per_copy", "per_page"] = "none"
    amount: int = 0
    bands: tuple[Band, ...] = ()
    most: int | None = None
    online_amount: int | None = None
    exemptions: tuple[Exemption, ...] = ()
    source: str = ""
    is_verified: bool = False
    name: Words = field(default_factory=lambda: Words("Phí, lệ phí", "Fee"))


@dataclass(frozen=True)
class Step:
    """Who does what, and its part of the time: `share` in percent of the whole limit, or a `limit` of its own.

    `agency` names the other office of a linked step (liên thông).
    """

    code: str
    vi: str
    en: str
    role: StepRole
    share: int = 0
    limit: Limit | None = None
    agency: str = ""

    def name(self, lang: str = "vi") -> str:
        return self.en if lang == "en" else self.vi


@dataclass(frozen=True)
class Longer:
    """The longer limit the law itself gives, counted from the same receipt: `why` says when."""

    limit: Limit
    why: Words


@dataclass(frozen=True)
class Ask:
    """What the officer who decides still has to say, such as the number of the decision."""

    code: str
    vi: str
    en: str = ""
    type: Literal["text", "date", "number"] = "text"


@dataclass(frozen=True)
class Result:
    """What comes out. `facts`: what the commune knows of the applicant from then on: dictionary key → where it is read.

    A value "answer:<path>" is read from the form, "result:<name>" from what the officer enters, anything else is meant literally.
    """

    code: str
    vi: str
    en: str
    kind: Literal["paper", "electronic"]
    template: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[Ask, ...] = ()

    def name(self, lang: str = "vi") -> str:
        return self.en if lang == "en" else self.vi


@dataclass(frozen=True)
class Procedure:
    """One version of a procedure. `is_sample`: its facts were not checked against the law; `unverified` names which ones."""

    code: str
    version: int
    valid_from: date
    name: Words
    short: Words
    sector: Words
    legal_basis: tuple[str, ...]
    applicants: tuple[str, ...]
    who: Words
    filed: Filed
    level: Literal["full", "partial"]
    channels: tuple[str, ...]
    papers: tuple[Paper, ...]
    limit: Limit
    longer: Longer | None
    fee: Fee
    steps: tuple[Step, ...]
    results: tuple[Result, ...]
    form: str
    lane: str
    is_sample: bool
    source: str
    help: Words
    words: tuple[str, ...]
    marks: tuple[str, ...]
    is_offered: bool

    def title(self, lang: str = "vi") -> str:
        return self.name.of(lang)

    @property
    def desk_form(self) -> str:
        """The form an officer fills in: its own, else the general one, so that whatever is in the catalogue can be taken in."""
        return self.form or GENERAL

    def is_checked(self, what: str) -> bool:
        """Whether this part was compared with the text in force: "limit", "papers", "fee" and so on; nothing of a sample was."""
        return not self.is_sample and what not in self.marks

    @property
    def is_national(self) -> bool:
        """Whether it carries a national code; a local procedure's code begins with "local."."""
        return not self.code.startswith("local.")

    def paper(self, code: str) -> Paper | None:
        return next((each for each in self.papers if each.code == code), None)

    def step(self, code: str) -> Step | None:
        return next((each for each in self.steps if each.code == code), None)

    def step_after(self, code: str) -> Step | None:
        """The next step; None after the last one.

        >>> procedure("2.000815", date(2026, 11, 22)).step_after("receive").role
        'approve'
        """
        codes = [each.code for each in self.steps]
        at = codes.index(code) + 1 if code in codes else len(codes)
        return self.steps[at] if at < len(self.steps) else None

    @property
    def agencies(self) -> tuple[str, ...]:
        """The other offices this procedure is linked with (liên thông)."""
        return tuple(dict.fromkeys(each.agency for each in self.steps if each.agency))


@cache
def all_versions() -> tuple[Procedure, ...]:
    """Every version that ships, in the order of the file.

    Raises: CatalogueError.
    """
    return read(tomllib.loads(_DATA.read_text(encoding="utf-8")))


@cache
def procedures(on: date) -> Mapping[str, Procedure]:
    """code → the version in force on the day, in the order of display.

    >>> {"2.000815", "1.004873", "1.001776"} <= procedures(date(2026, 11, 22)).keys()
    True
    """
    found: dict[str, Procedure] = {}
    for each in all_versions():
        standing = found.get(each.code)
        if each.valid_from <= on and (standing is None or standing.valid_from < each.valid_from):
            found[each.code] = each
    return MappingProxyType(found)


def procedure(code: str, on: date) -> Procedure | None:
    """The version of a procedure in force on a day; None where there is none."""
    return procedures(on).get(code)


def version_of(code: str, version: int) -> Procedure | None:
    """One version of a procedure, whatever the day: what a dossier was received with."""
    return next((each for each in all_versions() if (each.code, each.version) == (code, version)), None)


# --- reading -------------------------------------------------------------------------------------------------------


def read(document: Mapping[str, Any]) -> tuple[Procedure, ...]:
    """The procedures of a document in the shape of `data/procedures.toml`.

    Raises: CatalogueError naming the procedure and what is wrong with it.
    """
    found: list[Procedure] = []
    for row in document.get("procedure", ()):
        code = str(row.get("code", "?"))
        try:
            each = _procedure(row)
        except (KeyError, TypeError, ValueError) as error:
            raise CatalogueError(f"{code}: {type(error).__name__} {error}") from error
        _check(each)
        found.append(each)
    keys = [(each.code, each.version) for each in found]
    if len(keys) != len(set(keys)):
        raise CatalogueError("a version of a procedure stands there twice")
    return tuple(found)


def _procedure(row: Mapping[str, Any]) -> Procedure:
    return Procedure(
        code=row["code"],
        version=row.get("version", 1),
        valid_from=row["valid_from"],
        name=_words(row["name"]),
        short=_words(row.get("short", row["name"])),
        sector=_words(row["sector"]),
        legal_basis=tuple(row["legal_basis"]),
        applicants=tuple(row.get("applicants", ("citizen",))),
        who=_words(row.get("who", {"vi": ""})),
        filed=row["filed"],
        level=row["level"],
        channels=tuple(row["channels"]),
        papers=tuple(_paper(each) for each in row.get("paper", ())),
        limit=_limit(row["limit"]),
        longer=_longer(row.get("longer")),
        fee=_fee(row.get("fee", {})),
        steps=tuple(_step(each) for each in row["step"]),
        results=tuple(_result(each) for each in row["result"]),
        form=row.get("form", ""),
        lane=row.get("lane", ""),
        is_sample=row["is_sample"],
        source=row["source"],
        help=_words(row.get("help", {"vi": ""})),
        words=tuple(row.get("words", ())),
        marks=tuple(row.get("unverified", ())),
        is_offered=row.get("is_offered", True),
    )


def _words(row: Mapping[str, str]) -> Words:
    return Words(row["vi"], row.get("en", ""))


def _paper(row: Mapping[str, Any]) -> Paper:
    shown = {name: tuple(row.get(name, ())) for name in ("shown_by", "shown_values")}
    return Paper(**{**row, **shown, "help": _words(row.get("help", {"vi": ""}))})


def _longer(row: Mapping[str, Any] | None) -> Longer | None:
    if row is None:
        return None
    limit = _limit({key: value for key, value in row.items() if key not in ("vi", "en")})
    return Longer(limit, _words({key: row[key] for key in ("vi", "en")}))


def _limit(row: Mapping[str, Any]) -> Limit:
    cutoff = time.fromisoformat(row["cutoff"]) if "cutoff" in row else AFTERNOON
    return Limit(row.get("amount", 0), row["unit"], cutoff)


def _fee(row: Mapping[str, Any]) -> Fee:
    bands = tuple(Band(**each) for each in row.get("bands", ()))
    exemptions = tuple(
        Exemption(**{**each, "values": tuple(each.get("values", ()))}) for each in row.get("exemptions", ())
    )
    name = {"name": _words(row["name"])} if "name" in row else {}
    return Fee(**{**row, "bands": bands, "exemptions": exemptions, **name})


def _step(row: Mapping[str, Any]) -> Step:
    return Step(**{**row, "limit": _limit(row["limit"]) if "limit" in row else None})


def _result(row: Mapping[str, Any]) -> Result:
    asks = tuple(Ask(**each) for each in row.get("asks", ())) or (() if row.get("template") else _PLAIN)
    return Result(**{**row, "facts": MappingProxyType(dict(row.get("facts", {}))), "asks": asks})


# What a result without a layout of its own has to say.
_PLAIN = (Ask("content", "Nội dung kết quả", "What the result says"),)


def _check(each: Procedure) -> None:
    for what, is_right in (
        ("filed", each.filed in FILED),
        ("applicants", bool(each.applicants) and set(each.applicants) <= set(APPLICANTS)),
        ("level", each.level in LEVELS),
        ("channels", bool(each.channels) and set(each.channels) <= set(CHANNELS)),
        ("fee.kind", each.fee.kind in FEE_KINDS),
        ("fee.bands", each.fee.kind != "per_page" or _ends_open(each.fee.bands)),
        ("step.role", all(step.role in STEP_ROLES for step in each.steps)),
        ("step.agency", all(bool(step.agency) == (step.role == "agency") for step in each.steps)),
        ("step shares sum to 100", _shares_fit(each.steps)),
        ("step codes differ", _differ([step.code for step in each.steps])),
        ("paper codes differ", _differ([paper.code for paper in each.papers])),
        ("result.kind", all(result.kind in RESULT_KINDS for result in each.results)),
        ("a form where it is filed here", bool(each.form) or each.filed != "here"),
        ("source", bool(each.source)),
    ):
        if not is_right:
            raise CatalogueError(f"{each.code} version {each.version}: {what}")


def _ends_open(bands: Sequence[Band]) -> bool:
    return bool(bands) and bands[-1].to is None and all(band.to is not None for band in bands[:-1])


def _shares_fit(steps: Sequence[Step]) -> bool:
    """Steps share the limit among them in whole percents; those with a limit of their own stand beside it."""
    shared = [step.share for step in steps if step.limit is None]
    return bool(steps) and sum(shared) == (100 if shared else 0) and min([*shared, 1]) > 0


def _differ(codes: Sequence[str]) -> bool:
    return len(codes) == len(set(codes))
