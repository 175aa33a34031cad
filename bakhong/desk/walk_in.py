"""Who stands at the desk: from a scanned card, a typed number or a name to somebody on the roll.

A scanner types like a keyboard, and under a Vietnamese layout it spoils the letters: the number and the days are what counts, the name
is taken from the roll. Source: domain research 6.3.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.core.text import identity_key, name_key
from bakhong.people.actions import add_person
from bakhong.people.models import Person, Source
from bakhong.people.problems import CARD_WARNINGS, sentence
from bakhong.people.queries import roll
from bakhong.people.rules import idcard
from bakhong.people.rules.idcard import Card
from bakhong.people.rules.numbers import number_tells
from bakhong.places.models import Unit

LONGEST = 2000
FEW = 9  # as many as there are digit keys
AMONG = 100  # how many of a name are looked through for those called exactly so

_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{2})[/.\-]?(\d{2})[/.\-]?((?:19|20)\d{2})(?!\d)")


@dataclass(frozen=True)
class Recognised:
    """What was made of it. `card` is None where no card was read; `several` are to choose from; `notes` are for the officer to read."""

    card: Card | None = None
    person: Person | None = None
    several: list[Person] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_nobody(self) -> bool:
        return self.person is None and not self.several


def read_card(text: str) -> Card | None:
    """The card a scan tells of, even where the separators were lost with the letters; None when it is no card.

    >>> read_card("038190001234|172345678|Vi Thij Bayr|15031990|Nuwx|Thoon 1|01052021").full_name
    'Vi Thij Bayr'
    >>> spoilt = read_card("038190001234}172345678}Vi Th? B?y}15031990}N?}Thôn 1}01052021")
    >>> spoilt.national_id, spoilt.born_on.isoformat(), spoilt.issued_on.isoformat(), spoilt.full_name, spoilt.sex
    ('038190001234', '1990-03-15', '2021-05-01', None, 'female')
    >>> read_card("038190001234") is None, read_card("Vi Thị Bảy") is None
    (True, True)
    """
    text = text[:LONGEST]
    return idcard.parse(text) or _read_spoilt(text)


def _read_spoilt(text: str) -> Card | None:
    number = _NUMBER.search(text)
    days = [day for day in map(_day, _DAY.finditer(text, number.end())) if day] if number else []
    if number is None or not days:
        return None
    told = number_tells(number.group())
    if told is None or told.year != days[0].year:
        return None
    return Card(
        number.group(),
        born_on=days[0],
        sex=told.sex,
        issued_on=days[1] if len(days) > 1 else None,
        warnings=["letters_lost"],
    )


def _day(match: re.Match[str]) -> date | None:
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def recognise(text: str, *, actor: Actor, unit: Unit, on: date) -> Recognised:
    """Whoever the text is about among the residents the actor may see at the unit."""
    text = text.replace("\x00", "").strip()[:LONGEST]
    if not text:
        return Recognised()
    if (card := read_card(text)) is not None:
        return of_card(card, actor=actor, unit=unit, on=on)
    if roll.looks_like_number(text):
        return _choice(roll.find_by_number(actor, unit, on, text))
    found = list(roll.listed(actor, unit, on, roll.Wanted(text=text[:100]))[:AMONG])
    return _choice(sorted(found, key=lambda each: _is_other(each.name, text)))


def _is_other(name: str, text: str) -> tuple[bool, bool]:
    """Sorts those called just as typed first, then those who differ in accents only."""
    return identity_key(name) != identity_key(text), name_key(name) != name_key(text)


def _choice(found: list[Person]) -> Recognised:
    if len(found) == 1:
        return Recognised(person=found[0])
    notes = [_("Có nhiều người khớp. Gõ thêm, hoặc gõ số định danh.")] if len(found) > FEW else []
    return Recognised(several=found[:FEW], notes=notes)


def of_card(card: Card, *, actor: Actor, unit: Unit, on: date) -> Recognised:
    """The one resident with the card's number. What the card says otherwise than the roll is told, and decides nothing."""
    found = roll.find_by_number(actor, unit, on, card.national_id or "")
    notes = [sentence(code, texts=CARD_WARNINGS) for code in card.warnings if code != "letters_lost"]
    if len(found) != 1:
        return Recognised(card=card, several=found, notes=notes + _lost(card))
    return Recognised(
        card=_trusted(card, found[0]), person=found[0], notes=notes + differences(card, found[0])
    )


def _trusted(card: Card, person: Person) -> Card:
    """The card with its words only where the scanner read the name as the roll has it: spoilt letters must not be filled in anywhere."""
    if identity_key(card.full_name or "") == identity_key(person.name):
        return card
    return replace(card, full_name=None, address=None)


def _lost(card: Card) -> list[str]:
    return [sentence("letters_lost", texts=CARD_WARNINGS)] if "letters_lost" in card.warnings else []


def differences(card: Card, person: Person) -> list[str]:
    """What the card and the roll say differently about one number, in sentences."""
    told = []
    if card.born_on and person.birth_year and card.born_on.year != person.birth_year:
        told.append(
            _("Thẻ ghi sinh năm %(card)s, danh sách của xã ghi %(roll)s. Xem lại trước khi nhận hồ sơ.")
            % {"card": card.born_on.year, "roll": person.birth_year}
        )
    is_clean = card.full_name and "letters_lost" not in card.warnings
    if is_clean and identity_key(str(card.full_name)) != identity_key(person.name):
        told.append(
            _("Tên lấy từ danh sách của xã. Máy quét đọc tên trên thẻ là “%(card)s”.")
            % {"card": card.full_name}
        )
    return told


def add_from_card(*, card: Card, name: str, village: Unit, uuid: object, by: Actor, at: datetime) -> Person:
    """Put somebody on the roll from their card. `name` is as the officer reads it on the card.

    Raises: what `people.add_person` raises; Refusal when the card lacks the number.
    """
    if card.national_id is None:
        raise Refusal(_("Thẻ không cho biết số định danh. Hãy gõ tay ở trang “Thêm một người”."))
    said = {
        "name": name,
        "national_id": card.national_id,
        "birth": card.born_on.isoformat() if card.born_on else "",
        "sex": card.sex or "",
        "address": card.address if card.address and "letters_lost" not in card.warnings else "",
    }
    return add_person(
        village=village,
        values={key: value for key, value in said.items() if value},
        source=Source.CARD,
        is_verified=True,
        by=by,
        at=at,
        uuid=uuid,  # type: ignore[arg-type]
    )
