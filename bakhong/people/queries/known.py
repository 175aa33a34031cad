"""What is already known of a person, each thing from the source to believe first, and where that stands.

Whoever shows or uses it notes it with `actions.purposes.log_use`: the person may ask who did and why.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from bakhong.core.days import day_of
from bakhong.people import registers as ports
from bakhong.people.models import Detail, DetailSource, Fact, Household, Person
from bakhong.people.queries.details import has_ended, standing_details, value_of
from bakhong.people.queries.doubles import with_doubles
from bakhong.people.queries.identity import national_id_of
from bakhong.people.queries.said import said_in
from bakhong.people.rules.dictionary import REGISTERS, Entry, agree, dictionary
from bakhong.people.rules.idcard import Card, letters_lost
from bakhong.people.rules.standing import Held, standing

ALL = REGISTERS


@dataclass(frozen=True)
class KnownValue:
    """One thing, as one source says it. `ref` is opaque: "fact:<uuid>", "detail:<uuid>", "register:<code>:<day>", "card".

    `source`: "register", "e_identity", "result", "card" or "roll". `label` is for people: "Danh sách của xã, 06/05/2025".
    """

    key: str
    value: Any
    source: str
    ref: str
    as_of: date | None
    label: str
    is_verified: bool


@dataclass(frozen=True)
class Known:
    """`values`: key → what to believe. `conflicts`: key → what other sources say instead. `expired`: key → what is too old to rely on.

    `asked`: registers that were asked, each to be noted; `silent`: those that did not answer; `not_found`: those that answered that they
    have nobody with this number; `odd`: names of which a register said something that cannot be ("register:key").
    """

    values: Mapping[str, KnownValue]
    asked: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    conflicts: Mapping[str, tuple[KnownValue, ...]] = field(default_factory=lambda: MappingProxyType({}))
    expired: Mapping[str, KnownValue] = field(default_factory=lambda: MappingProxyType({}))
    odd: tuple[str, ...] = ()


def known_values(
    person: Person,
    keys: Collection[str] | None,
    *,
    on: date,
    registers: Collection[str] = ALL,
    answers: Sequence[ports.Answer] | None = None,
) -> Known:
    """What is known of these names of the dictionary (None: of all) on a day. Registers are asked at once; one that is silent is left out.

    `answers`: what they said already (`register_answers`); none is asked then. An answer about another number than the one asked for is
    refused whole.
    """
    wanted = dictionary().keys() if keys is None else dictionary().keys() & set(keys)
    if answers is None:
        answers = register_answers(person, wanted, registers)
    owner = with_doubles([person.pk])
    said = [*_from_roll(person, owner, wanted, on), *_from_registers(answers, wanted, on)]
    details = standing_details(person, on, wanted, owner)
    said += [_from_detail(rows[0]) for rows in details.values() if not has_ended(rows[0], on)]
    best, others = weighed(said)
    expired = {key: _from_detail(rows[0]) for key, rows in details.items() if has_ended(rows[0], on)}
    return Known(
        MappingProxyType(best),
        tuple(each.register for each in answers),
        tuple(each.register for each in answers if each.state == "silent"),
        tuple(each.register for each in answers if each.state == "not_found"),
        MappingProxyType(others),
        MappingProxyType({key: each for key, each in expired.items() if key not in best}),
        tuple(f"{each.register}:{key}" for each in answers for key in each.odd),
    )


def register_answers(
    person: Person, keys: Collection[str], registers: Collection[str] = ALL
) -> list[ports.Answer]:
    """What the registers say of these names: they may take seconds, so whoever then opens a transaction asks before."""
    number = national_id_of(person) if registers else ""
    return ports.ask(registers, number, keys) if number else []


def weighed(
    said: Iterable[KnownValue],
) -> tuple[dict[str, KnownValue], dict[str, tuple[KnownValue, ...]]]:
    """(key → what to believe, key → what contradicts it): by the source's place in the dictionary's order, then the latest day.

    Also for whoever has more to add: a card, an e-identity.
    """
    by_key: dict[str, list[KnownValue]] = {}
    for each in said:
        by_key.setdefault(each.key, []).append(each)
    best: dict[str, KnownValue] = {}
    others: dict[str, tuple[KnownValue, ...]] = {}
    for key, found in by_key.items():
        entry = dictionary()[key]
        found.sort(key=lambda each: (entry.order.index(each.source), -(each.as_of or date.min).toordinal()))
        best[key] = _exact(entry, found)
        against = tuple(each for each in found if not agree(entry, each.value, best[key].value))
        if against:
            others[key] = against
    return best, others


def card_values(card: Card) -> dict[str, KnownValue]:
    """What the QR code of a card says, and only that. A text a scanner has spoilt is left out.

    Nothing in the code is signed, so that nothing of it is verified: whoever has the card in hand compares.
    """
    day = card.issued_on
    label = _("Thẻ căn cước, cấp ngày %(day)s") % {"day": _shown(day)} if day else _("Thẻ căn cước")
    said = {
        "person.national_id": card.national_id,
        "person.full_name": _whole(card.full_name),
        "person.birth": card.born_on.isoformat() if card.born_on else None,
        "person.sex": card.sex,
        "person.address": _whole(card.address),
        "person.id_issued_on": day.isoformat() if day else None,
    }
    return {
        key: KnownValue(key, value, "card", "card", day, label, False) for key, value in said.items() if value
    }


def _whole(text: str | None) -> str | None:
    return text if text and not letters_lost(text) else None


def _exact(entry: Entry, found: list[KnownValue]) -> KnownValue:
    """The first; of a day, the most exact that agrees with it: a register that knows the year only does not hide the day."""
    if entry.type != "date":
        return found[0]
    return max(
        (each for each in found if agree(entry, each.value, found[0].value)), key=lambda each: len(each.value)
    )


def _from_registers(answers: Iterable[ports.Answer], wanted: Collection[str], on: date) -> list[KnownValue]:
    return [
        KnownValue(
            key, value, "register", f"register:{each.register}:{on}", on, f"{each.name}, {_shown(on)}", True
        )
        for each in answers
        for key, value in each.values.items()
        if key in wanted
    ]


_OF_DETAIL = {
    DetailSource.RESULT: "result",
    DetailSource.REGISTER: "register",
    DetailSource.CARD: "card",
    DetailSource.OFFICER: "roll",
    DetailSource.RESIDENT: "roll",
}


def _from_detail(row: Detail) -> KnownValue:
    source = DetailSource(row.source)
    return KnownValue(
        row.key,
        value_of(row),
        _OF_DETAIL[source],
        f"detail:{row.uuid}",
        row.true_on,
        f"{source.label}, {_shown(row.true_on)}",
        source in (DetailSource.RESULT, DetailSource.REGISTER),
    )


def _from_roll(
    person: Person, owner: Mapping[int, int], wanted: Collection[str], on: date
) -> list[KnownValue]:
    entries = [entry for key, entry in dictionary().items() if key in wanted and entry.roll_attribute]
    if not entries or not person.is_known:
        return []
    rows = Fact.objects.filter(person__in=list(owner)).select_related("batch").order_by("pk")
    facts = {each.pk: each for each in rows}
    held = standing(said_in(facts.values(), owner)[person.pk], on)
    told = [(each, held[each.roll_attribute]) for each in entries if each.roll_attribute in held]
    home = _home(person) if any(each.roll_attribute == "household" for each, _what in told) else {}
    found = []
    for entry, what in told:
        value = home.get(entry.key) if entry.roll_attribute == "household" else what.value
        if value:
            found.append(_of_fact(entry.key, value, what, facts[what.said.number]))
    return found


def _of_fact(key: str, value: Any, held: Held, fact: Fact) -> KnownValue:
    day = held.said.true_from or (fact.batch.as_of if fact.batch else day_of(fact.learned_at))
    words = fact.get_source_display()
    return KnownValue(
        key, value, "roll", f"fact:{fact.uuid}", day, f"{words}, {_shown(day)}", fact.is_verified
    )


def _home(person: Person) -> dict[str, Any]:
    """The household, as the roll has it; whoever may see this one person only is told nothing of the others."""
    home: Household | None = person.household
    members = (
        list(Person.objects.filter(household=home, is_known=True, merged_into=None).order_by("pk"))
        if home
        else []
    )
    if home is None or person.pk not in {each.pk for each in members}:
        return {}
    head = next((each.name for each in members if each.relation == "head"), "")
    rows = [member_row(each) for each in members] if len(members) > 1 or head else []
    return {"household.code": home.code, "household.head_name": head, "household.members": rows}


def member_row(person: Person) -> dict[str, str]:
    """Somebody as a row of "household.members"."""
    parts = (person.birth_year, person.birth_month, person.birth_day)
    birth = "-".join(f"{part:02d}" for part in parts if part is not None)
    told = {
        "full_name": person.name,
        "birth": birth,
        "sex": person.sex,
        "relation": person.relation,
        "national_id": national_id_of(person),
    }
    return {name: value for name, value in told.items() if value}


def _shown(day: date) -> str:
    return day.strftime("%d/%m/%Y")
