"""Markets and stalls, whose account is missing, what hangs there and when somebody last looked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound
from bakhong.core.text import name_key
from bakhong.payments.models import Market, Stall, Sticker, StickerCheck
from bakhong.payments.permissions import SEE_STALLS, stall_area
from bakhong.payments.rules.banks import bank_name
from bakhong.people.models import OrganisationKind
from bakhong.places.models import Level, Unit
from bakhong.places.queries import ancestors


@dataclass(frozen=True)
class Sought:
    """What a list is narrowed to; empty: nothing. `lacks`: "account", "card", "check", "alarm" (an open one) or "owner" (on the roll)."""

    text: str = ""
    market: str = ""
    lacks: str = ""


ASKED_BEFORE = timedelta(days=30)  # so long the name and number before a change are asked, too
LACKS = ("account", "card", "check", "alarm", "owner")


def stalls_for(actor: Actor, permission: str = SEE_STALLS) -> QuerySet[Stall]:
    """Every list of stalls starts here."""
    area = stall_area(actor, permission)
    found: QuerySet[Stall] = Stall.objects.all()
    return found if area is None else found.filter(village__in=area)


def stalls_at(actor: Actor, unit: Unit, on: date, permission: str = SEE_STALLS) -> QuerySet[Stall]:
    """The stalls of a unit that stand today, by market and number, with what hangs there: see `with_state`."""
    rows = stalls_for(actor, permission).filter(village__in=covered_ids([unit.pk], on), valid_to=None)
    return with_state(rows).select_related("market", "village").order_by("market__name", "code", "pk")


def with_state(rows: QuerySet[Stall]) -> QuerySet[Stall]:
    """With `has_card` (that says what is so now), `has_alarm` (an open one), `last_at` and `last_verdict` (of the latest look)."""
    looks = StickerCheck.objects.filter(stall=OuterRef("pk")).order_by("-at", "-pk")
    return rows.annotate(
        has_card=Exists(Sticker.objects.filter(stall=OuterRef("pk"), ended_at=None, stale_at=None)),
        has_alarm=Exists(looks.filter(alarmed_at__isnull=False, settled_at=None)),
        last_at=Subquery(looks.values("at")[:1]),
        last_verdict=Subquery(looks.values("verdict")[:1]),
    )


def narrowed(rows: QuerySet[Stall], sought: Sought) -> QuerySet[Stall]:
    """Words are found in the number, the name of the stall and of the seller, with accents or without."""
    if sought.market:
        rows = rows.filter(market__uuid=sought.market)
    conditions: dict[str, dict[str, Any]] = {
        "account": {"account": ""},
        "card": {"has_card": False},
        "check": {"last_at": None},
        "alarm": {"has_alarm": True},
        "owner": {"organisation__owner": None, "organisation__kind": OrganisationKind.HOUSEHOLD_BUSINESS},
    }
    rows = rows.filter(**conditions.get(sought.lacks, {}))
    key = name_key(sought.text)
    if not key:
        return rows
    told = rows.values_list("pk", "code", "name", "owner_name")
    return rows.filter(pk__in=[pk for pk, *words in told if key in name_key(" ".join(words))])


def stall_for(
    actor: Actor, unit: Unit, on: date, uuid: UUID, permission: str = SEE_STALLS, *, lock: bool = False
) -> Stall:
    """Raises: NotFound, also for somebody else's."""
    rows = stalls_for(actor, permission).filter(uuid=uuid, village__in=covered_ids([unit.pk], on))
    rows = rows.select_for_update(of=("self",)) if lock else with_state(rows)
    found = rows.select_related("market", "village", "organisation").first()
    if found is None:
        raise NotFound("")
    return found


def markets_at(unit: Unit, on: date) -> QuerySet[Market]:
    """The markets of a commune that are open; at a village, those of its commune."""
    return (
        Market.objects.filter(unit=commune_of(unit, on), valid_to=None)
        .select_related("biller")
        .order_by("name")
    )


def market_for(unit: Unit, on: date, uuid: UUID) -> Market:
    """Raises: NotFound."""
    found = markets_at(unit, on).filter(uuid=uuid).select_related("unit", "biller").first()
    if found is None:
        raise NotFound("")
    return found


def commune_of(unit: Unit, on: date) -> Unit:
    """The commune a stall's village lies in; what lies in none is its own."""
    return next((each for each in (unit, *ancestors(unit, on)) if each.level == Level.COMMUNE), unit)


def place_words(stall: Stall) -> str:
    """
    "A12, chợ Bái Thượng"; a shop by its name. Short enough for a message.
    """
    where = stall.market.name if stall.market else stall.name
    return f"{stall.code}, {where}" if where else stall.code


def printed_words(stall: Stall) -> tuple[str, str]:
    """What a card says beside the code and the account's holder."""
    return stall.owner_name, place_words(stall)


@dataclass(frozen=True)
class Contact:
    """Whom the register named before, and the day it was changed last."""

    owner_name: str
    phone: str
    changed_at: datetime


def contact_before(stall: Stall, at: datetime) -> Contact | None:
    """None where name and number stand for a month or longer."""
    if stall.contact_changed_at is None or stall.contact_changed_at <= at - ASKED_BEFORE:
        return None
    return Contact(stall.owner_before, stall.phone_before, stall.contact_changed_at)


def tail(account: str) -> str:
    """The last four characters, by which people know an account.

    >>> tail("1500201012345")
    '2345'
    """
    return account[-4:]


def account_words(bank_bin: str, account: str) -> str:
    """
    >>> account_words("970405", "1500201012345"), account_words("", "")
    ('Agribank …2345', '')
    """
    return f"{bank_name(bank_bin)} …{tail(account)}" if account else ""
