"""Whose business a stall may be: by the name, the tax code, or the owner's number or card."""

import re
from datetime import date

from django.db.models import Q

from bakhong.core.actor import Actor
from bakhong.payments.queries.stalls import commune_of
from bakhong.people.models import Organisation, Person
from bakhong.people.queries.identity import index_of
from bakhong.people.queries.registers import Sought, organisations
from bakhong.people.queries.roll import residents
from bakhong.people.rules import idcard
from bakhong.places.models import Unit

MOST = 20
_PUNCTUATION = re.compile(r"[\s.-]")


def number_in(text: str) -> str:
    """The digits of a tax code, a national id, or the text of a card's code; "" where it is words.

    >>> number_in("038 090 012 345"), number_in("0101234567-001"), number_in("Quán Bình 2"), number_in("")
    ('038090012345', '0101234567001', '', '')
    """
    card = idcard.parse(text)
    told = _PUNCTUATION.sub("", (card and card.national_id) or text)
    return told if told.isascii() and told.isdigit() else ""


def businesses(actor: Actor, unit: Unit, on: date, text: str) -> list[Organisation]:
    """Those that work in the commune on the day and fit; none for no words."""
    commune, number = commune_of(unit, on), number_in(text)
    if not text.strip():
        return []
    if not number:
        return list(organisations(actor, commune, on, Sought(text=text))[:MOST])
    has_number = Q(tax_code__in=_tax_codes(number))
    if len(number) == 12:
        has_number |= Q(owner__national_id_index=index_of(number))
    return list(organisations(actor, commune, on, Sought()).filter(has_number)[:MOST])


def _tax_codes(number: str) -> list[str]:
    """As it may be written down: a branch's last three digits stand after a dash."""
    return [number, f"{number[:10]}-{number[10:]}"] if len(number) == 13 else [number]


def owner_with(actor: Actor, unit: Unit, on: date, text: str) -> Person | None:
    """The resident with this number or card, who may have no business on the roll yet."""
    number = number_in(text)
    if len(number) != 12:
        return None
    found: Person | None = (
        residents(actor, commune_of(unit, on), on).filter(national_id_index=index_of(number)).first()
    )
    return found
