"""A visit as it is typed: at one household, and many at once from a printed sheet. What was typed is kept when something is wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from bakhong.core.days import parse_day
from bakhong.core.errors import Refusal
from bakhong.core.text import squeeze
from bakhong.outreach.actions.said import BORROWED, Helped, Met, Promise
from bakhong.outreach.models import Outcome, PartOfDay, Result, SheetRow, SignedHow, TeamMember, WhosePhone
from bakhong.outreach.queries.needs import Need, person_services
from bakhong.people.models import Device, Person, Presence
from bakhong.people.rules.eligibility import AWAY
from bakhong.people.rules.services import services
from bakhong.people.why_not import reason_choices
from bakhong.ui.figures import language

LEARNT = ("presence", "whereabouts", "phone", "device")
_LONGEST = 500


def text_of(data: Mapping[str, Any], name: str) -> str:
    return squeeze(str(data.get(name, "")).replace("\x00", ""))[:_LONGEST]


def day_in(data: Mapping[str, Any], name: str, label: str) -> date | None:
    """Raises: Refusal for what is no day."""
    text = text_of(data, name)
    day = parse_day(text) if text else None
    if text and day is None:
        raise Refusal(
            _("%(label)s: “%(text)s” không phải là một ngày.") % {"label": label, "text": text[:20]}
        )
    return day


def service_name(code: str) -> str:
    known = services().get(code)
    return (known.short_vi if language() == "vi" else known.name_en) if known else code


@dataclass(frozen=True)
class ServiceBox:
    """One service of one person on the form, as it was typed."""

    code: str
    name: str
    field: str
    result: str
    reason: str
    phone: str


@dataclass(frozen=True)
class PersonBox:
    """`boxes`: the services of the campaign, or all where there is none; `more`: the others."""

    need: Need
    was_met: bool
    boxes: tuple[ServiceBox, ...]
    more: tuple[ServiceBox, ...]
    consent: str
    learnt: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_more_open(self) -> bool:
        return any(each.result or each.reason for each in self.more)

    @property
    def every(self) -> tuple[ServiceBox, ...]:
        return (*self.boxes, *self.more)


class VisitForm:
    """The form of a household card. `data` None: not sent yet."""

    outcomes = Outcome.choices
    parts = PartOfDay.choices
    results = Result.choices
    phones = WhosePhone.choices
    signed = SignedHow.choices
    presences = Presence.choices
    devices = Device.choices

    def __init__(
        self,
        members: Sequence[Need],
        data: Mapping[str, Any] | None,
        *,
        key: UUID,
        on: date,
        first: Collection[str] = (),
    ) -> None:
        """`first`: the services of the campaign."""
        self.members = members
        self.first = frozenset(first or person_services())
        self.data: Mapping[str, Any] = data or {}
        self.is_sent = data is not None
        self.key = key
        self.on = on
        self.reasons = reason_choices(language())

    def value(self, name: str, default: str = "") -> str:
        return text_of(self.data, name) if self.is_sent else default

    @property
    def typed(self) -> dict[str, str]:
        """The plain fields, for the template."""
        usual = {"visited_on": f"{self.on:%d/%m/%Y}"}
        names = (
            "visited_on",
            "part_of_day",
            "outcome",
            "note",
            "next_on",
            "next_part",
            "promise_by",
            "promise_due",
        )
        return {
            name: self.value(name, usual.get(name, ""))
            for name in (*names, "promise_how", "promise_text", "team", "campaign")
        }

    @property
    def people(self) -> list[PersonBox]:
        return [self._person(each) for each in self.members]

    def said(self, persons: Mapping[int, Person]) -> dict[str, Any]:
        """Keyword arguments of record_visit that stand on this form.

        Raises: Refusal.
        """
        by = next((each for each in self.members if str(each.uuid) == self.value("promise_by")), None)
        return {
            "key": self.key,
            "visited_on": day_in(self.data, "visited_on", _("Ngày đến")),
            "part_of_day": self.value("part_of_day"),
            "outcome": self.value("outcome"),
            "note": self.value("note"),
            "next_on": day_in(self.data, "next_on", _("Ngày hẹn lại")),
            "next_part": self.value("next_part"),
            "persons": [
                self._met(each, persons[each.need.pk]) for each in self.people if each.need.pk in persons
            ],
            "promises": [self._promise(by, persons[by.pk])] if by else [],
        }

    def _person(self, need: Need) -> PersonBox:
        boxes = tuple(
            ServiceBox(
                code,
                service_name(code),
                name := f"{need.uuid}-{code}",
                self.value(f"r-{name}"),
                self.value(f"why-{name}"),
                self.value(f"ph-{name}"),
            )
            for code in self._codes(need)
        )
        was_met = bool(self.value(f"met-{need.uuid}")) if self.is_sent else False
        learnt = {name: self.value(f"{name}-{need.uuid}") for name in LEARNT}
        return PersonBox(
            need,
            was_met,
            tuple(each for each in boxes if each.code in self.first),
            tuple(each for each in boxes if each.code not in self.first),
            self.value(f"consent-{need.uuid}"),
            learnt,
        )

    def _codes(self, need: Need) -> list[str]:
        """The services on the form: once sent, those it had, so that the same form sent again says the same."""
        if not self.is_sent:
            return list(need.missing)
        return [code for code in person_services() if f"r-{need.uuid}-{code}" in self.data]

    def _met(self, box: PersonBox, person: Person) -> Met:
        helped = tuple(
            Helped(
                each.code,
                each.result,
                reason=each.reason if each.result in (Result.TRIED, Result.REFUSED) else "",
                whose_phone=each.phone,
                consent=box.consent if each.phone in BORROWED else "",
            )
            for each in box.every
            if each.result
        )
        learnt: dict[str, Any] = {name: value for name, value in box.learnt.items() if value}
        if learnt.get("presence") == Presence.PRESENT:
            learnt["whereabouts"] = ""
        if "whereabouts" in learnt and "presence" not in learnt:
            raise Refusal(_("%(name)s: ghi nơi đang ở thì chọn cả “Có mặt”.") % {"name": person.name})
        return Met(person, was_met=box.was_met or bool(helped), helped=helped, learnt=learnt)

    def _promise(self, by: Need, person: Person) -> Promise:
        due = day_in(self.data, "promise_due", _("Hạn cam kết"))
        if due is None:
            raise Refusal(_("Ghi hạn của bản cam kết."))
        done = {
            each.code
            for box in self.people
            if box.need.pk == by.pk
            for each in box.every
            if each.result in (Result.DONE, Result.REGISTERED)
        }
        return Promise(
            person,
            tuple(code for code in by.missing if code not in done),
            due,
            self.value("promise_how"),
            self.value("promise_text"),
        )


# --- a whole sheet -------------------------------------------------------------------------------------------------------


@dataclass
class RowPerson:
    """`boxes`: (code, name of the field, short name, ticked)."""

    person: Person
    boxes: list[tuple[str, str, str, bool]]

    @property
    def is_away(self) -> bool:
        return self.person.presence in AWAY


@dataclass
class TypedRow:
    """A row of a sheet: as printed, as typed, and what became of it. `visit`: stored already."""

    row: SheetRow
    key: UUID
    head: str
    people: list[RowPerson]
    visit: Any = None
    outcome: str = ""
    reason: str = ""
    phone: str = ""
    note: str = ""
    next_on: str = ""
    problem: str = ""

    @property
    def is_blank(self) -> bool:
        ticked = any(box[3] for each in self.people for box in each.boxes)
        return not (ticked or self.outcome or self.reason or self.note or self.next_on)


def key_of_row(row: SheetRow, visits: Mapping[UUID, Any]) -> UUID:
    """The same row of the same sheet is the same visit, whoever types it; a row whose visit was taken back may be typed anew."""
    again = 0
    while True:
        key = uuid5(row.sheet.uuid, f"{row.number}/{again}")
        if key not in visits or visits[key].retracted_at is None:
            return key
        again += 1


def typed_rows(
    rows: Sequence[SheetRow],
    heads: Mapping[int, str],
    persons: Mapping[str, Person],
    visits: Mapping[UUID, Any],
    data: Mapping[str, Any] | None,
) -> list[TypedRow]:
    made = []
    for row in rows:
        n = row.number
        people = []
        for key, codes in row.missing.items():
            if key in persons:
                boxes = [
                    (code, name := f"d-{n}-{key}-{code}", service_name(code), bool(data and data.get(name)))
                    for code in codes
                ]
                people.append(RowPerson(persons[key], boxes))
        typed = {
            name: text_of(data, f"{name}-{n}") if data else ""
            for name in ("outcome", "reason", "phone", "note", "next_on")
        }
        made.append(
            TypedRow(
                row,
                key := key_of_row(row, visits),
                heads.get(row.household_id, ""),
                people,
                visits.get(key),
                **typed,
            )
        )
    return made


def said_of_row(
    typed: TypedRow, *, visited_on: date, part_of_day: str, members: Sequence[TeamMember]
) -> dict[str, Any]:
    """Keyword arguments of record_visit for a row. Without an outcome the ticks give it: all of them done, or some.

    A reason stands for every box left open of those who are there. Consent to a borrowed telephone is the signature on the sheet.
    Raises: Refusal.
    """
    row = typed.row
    all_boxes = [box for each in typed.people for box in each.boxes if box[3] or not each.is_away]
    ticked = [box for box in all_boxes if box[3]]
    outcome = typed.outcome or (
        Outcome.MET_DONE if ticked and len(ticked) == len(all_boxes) else Outcome.MET_PARTLY
    )
    was_met = outcome not in (Outcome.NOBODY_HOME, Outcome.MOVED)
    signed = _("Ký trên phiếu %(code)s, dòng %(number)s") % {"code": row.sheet.code, "number": row.number}
    persons = []
    for each in typed.people:
        helped = [
            Helped(
                code,
                Result.DONE,
                whose_phone=typed.phone,
                consent=signed if typed.phone in BORROWED else "",
                evidence=signed,
            )
            for code, _name, _short, is_ticked in each.boxes
            if is_ticked
        ]
        if typed.reason and not each.is_away:
            helped += [
                Helped(code, Result.TRIED, reason=typed.reason)
                for code, _name, _short, is_ticked in each.boxes
                if not is_ticked
            ]
        persons.append(Met(each.person, was_met=was_met and bool(helped), helped=tuple(helped)))
    return {
        "key": typed.key,
        "household": row.household,
        "visited_on": visited_on,
        "part_of_day": part_of_day,
        "outcome": outcome,
        "members": members,
        "persons": persons,
        "note": typed.note,
        "next_on": day_in({"next_on": typed.next_on}, "next_on", _("Hẹn lại")),
    }
