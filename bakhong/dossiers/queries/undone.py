"""Events that somebody took back: they stay in the book and count for nothing."""

from datetime import date

from django.db.models import Exists, IntegerField, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier, Event, Kind, ResultMode
from bakhong.dossiers.permissions import APPROVE
from bakhong.dossiers.rules.transitions import transitions

UNDOES = "undoes"  # in the data of who takes back: the number of the event
# What may have happened since and changes nothing about the mistake.
_PASSING = (Kind.WARN, Kind.ESCALATE, Kind.SIGN_APPLICATION, Kind.NOTE_CODE, Kind.UNDO_DUTY)


def standing(rows: "QuerySet[Event]") -> "QuerySet[Event]":
    """Without what was taken back, and without the taking back itself."""
    taker = Event.objects.filter(dossier=OuterRef("dossier"), kind=Kind.TAKE_BACK).annotate(
        undoes=Cast(KeyTextTransform(UNDOES, "data"), IntegerField())
    )
    return rows.exclude(kind=Kind.TAKE_BACK).exclude(Exists(taker.filter(undoes=OuterRef("number"))))


def last_standing(dossier: Dossier, *kinds: str) -> Event | None:
    """The last event of these kinds that nobody took back."""
    rows = standing(Event.objects.filter(dossier=dossier, kind__in=kinds))
    return rows.order_by("-number").first()


def possible_mistake(dossier: Dossier) -> Event | None:
    """The last deed, where it is of a kind that may be taken back and nobody has built on it since."""
    last = Event.objects.filter(dossier=dossier).exclude(kind__in=_PASSING).order_by("-number").first()
    is_one = last is not None and last.kind in transitions()[Kind.TAKE_BACK].after
    if last is None or not is_one or last.data.get("how") == ResultMode.ELECTRONIC:
        return None  # what was handed over electronically cannot be fetched back
    return None if last.data.get("revoked") else last


def may_take_back(mistake: Event, *, by: Actor, on: date) -> bool:
    """On the same day, whoever did it, or who may decide there."""
    is_theirs = by.id == mistake.by or by.may(APPROVE, mistake.village_id)
    return is_theirs and day_of(mistake.at) == on
