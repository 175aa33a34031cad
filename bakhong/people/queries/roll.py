"""Lists of residents of an area. Every list starts with what the actor may see."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.text import name_key, nfc
from bakhong.people.models import Person, PhoneNumber
from bakhong.people.queries.identity import index_of
from bakhong.people.queries.service_conditions import with_service
from bakhong.people.rules.services import services
from bakhong.places.models import Level, Unit
from bakhong.places.queries import parent_ids
from bakhong.places.rules.reference import REORGANISED_ON

NOT_SAID = "none_said"  # the filter for "nobody has said"


@dataclass(frozen=True)
class Wanted:
    """What a list is filtered by; empty: not at all. `village` and `former` are units' uuids, `device` and `presence` codes or NOT_SAID.

    `service` with `has` "yes" or "no": whom the service is for and who have it, or miss it.
    """

    text: str = ""
    village: str = ""
    former: str = ""
    presence: str = ""
    device: str = ""
    service: str = ""
    has: str = ""


def residents(actor: Actor, unit: Unit, on: date) -> QuerySet[Person]:
    """Everybody the actor may see who hangs on the unit, or on what it covers or was made from; doubles and unknown left out."""
    return _known(actor).filter(village__in=covered_ids([unit.pk], on))


def listed(actor: Actor, unit: Unit, on: date, wanted: Wanted) -> QuerySet[Person]:
    """The residents that fit, by given name."""
    found = residents(actor, unit, on)
    for word in _words(wanted.text):
        found = found.filter(Q(name_key__startswith=word) | Q(name_key__contains=f" {word}"))
    for column in ("presence", "device"):
        value = getattr(wanted, column)
        if value:
            found = found.filter(**{column: "" if value == NOT_SAID else value})
    if wanted.village:
        found = found.filter(village__uuid=wanted.village)
    if wanted.former:
        former = former_communes(found.values_list("village_id", flat=True).distinct())
        found = found.filter(
            village__in=[pk for pk, parent in former.items() if str(parent.uuid) == wanted.former]
        )
    if (service := services().get(wanted.service)) is not None and service.counted == "person":
        found = with_service(found, service, on, has=wanted.has == "yes")
    return found.select_related("village", "household").order_by("sort_key", "birth_year", "pk")


def find_by_number(actor: Actor, unit: Unit, on: date, digits: str) -> list[Person]:
    """Residents whose national id or phone number this is; at most 20 (one phone may stand for many)."""
    digits = re.sub(r"\D", "", digits)
    found = residents(actor, unit, on)
    if len(digits) == 12:
        return list(found.filter(national_id_index=index_of(digits)).select_related("village")[:20])
    if len(digits) < 9:
        return []
    holders = PhoneNumber.objects.for_user(actor).filter(number=digits).values("person")
    return list(found.filter(pk__in=holders).select_related("village").order_by("sort_key")[:20])


def villages_of_list(actor: Actor, unit: Unit, on: date) -> list[tuple[Unit, int]]:
    """The places the residents of a unit hang on, with how many there are, in dictionary order."""
    rows = residents(actor, unit, on).order_by().values("village").annotate(people=Count("pk"))
    counts = {row["village"]: row["people"] for row in rows}
    return [
        (each, counts[each.pk]) for each in Unit.objects.filter(pk__in=counts).order_by("sort_key", "code")
    ]


def former_communes(village_ids: Collection[int] | QuerySet[Any]) -> Mapping[int, Unit]:
    """village → the commune it lay in before the communes were re-drawn; villages made since then are left out."""
    parents = parent_ids(village_ids, date.fromordinal(REORGANISED_ON.toordinal() - 1))
    units = Unit.objects.filter(level=Level.COMMUNE).in_bulk(set(parents.values()))
    return {child: units[parent] for child, parent in parents.items() if parent in units}


def looks_like_number(text: str) -> bool:
    """True for what must not stand in an address: a national id or a phone number.

    >>> looks_like_number("038 190 001 234"), looks_like_number("Hoá 2")
    (True, False)
    """
    return len(re.sub(r"\D", "", text)) >= 8


def _known(actor: Actor) -> QuerySet[Person]:
    found: QuerySet[Person] = Person.objects.for_user(actor).filter(is_known=True, merged_into=None)
    return found


def _words(text: str) -> list[str]:
    return name_key(nfc(text).replace("\x00", "")).split()[:8]
