"""Certified copies in the demo: yesterday's book, and one morning's batches as they stand in the lane; all by whom the chair authorised."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo.accounts import staff_of
from bakhong.demo.dossiers import KEYS, Days
from bakhong.demo.rules.names import full_name, surname
from bakhong.dossiers.actions.copies import Original, finish_copies, receive_copies
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.fees import open_charge
from bakhong.payments.actions.cash import take_cash
from bakhong.places.models import Unit
from bakhong.procedures.queries.calendar import calendar_for

_PAPERS = (
    ("Giấy khai sinh", 1, 3),
    ("Thẻ căn cước", 1, 2),
    ("Bằng tốt nghiệp trung học phổ thông", 1, 5),
    ("Giấy chứng nhận quyền sử dụng đất", 4, 1),
    ("Học bạ", 12, 1),
)
# (how it is paid: in cash, a farming loan that costs nothing, or not yet; how far it went)
_MORNING = (
    ("cash", "handed"),
    ("loan", "handed"),
    ("cash", "handed"),
    ("cash", "handed"),
    ("cash", "certified"),
    ("loan", "certified"),
    ("cash", "received"),
    ("loan", "received"),
    ("later", "received"),
    ("later", "duty"),
)
_YESTERDAY = (("cash", "handed"), ("loan", "handed"), ("cash", "handed"), ("cash", "handed"))
_BETWEEN = 0.3  # hours


@dataclass(frozen=True)
class Batch:
    """One person's documents. `number` is its own for good; `at`: when it was taken in."""

    number: int
    at: datetime
    paid: str
    until: str

    @property
    def key(self) -> UUID:
        return uuid5(KEYS, f"copies/{self.number}")

    @property
    def name(self) -> str:
        rng = random.Random(self.number)  # noqa: S311 - the same people every time is the point
        return full_name(rng, surname(rng), ("male", "female")[self.number % 2], 1960 + self.number * 3)

    @property
    def originals(self) -> list[Original]:
        kinds = 1 + self.number % 3
        return [Original(*_PAPERS[(self.number + each) % len(_PAPERS)]) for each in range(kinds)]


def load_copies(commune: Unit, *, at: datetime) -> int:
    """Returns how many batches are new. Without the demo's certifier there is nobody to do it, and nothing happens."""
    by = staff_of("certifier", at)
    if by is None:
        return 0
    days = Days.until(at, calendar_for(commune, day_of(at) - timedelta(days=30), day_of(at)), 2)
    wanted = batches(days)
    there = set(Dossier.objects.filter(uuid__in=[each.key for each in wanted]).values_list("uuid", flat=True))
    new = [each for each in wanted if each.key not in there]
    for batch in new:
        _do(batch, commune, by, at)
    return len(new)


def batches(days: Days) -> list[Batch]:
    """In the order in which they came; none of them later than now."""
    plan = [(1, place, how) for place, how in enumerate(_YESTERDAY)]
    plan += [(0, place, how) for place, how in enumerate(_MORNING)]
    return [
        Batch(number, min(days.ago(ago, 7.6 + place * _BETWEEN), days.now), paid, until)
        for number, (ago, place, (paid, until)) in enumerate(plan)
    ]


def _do(batch: Batch, commune: Unit, by: Actor, now: datetime) -> None:
    receipt = receive_copies(
        key=batch.key,
        unit=commune,
        originals=batch.originals,
        name=batch.name,
        purpose="rural_loan" if batch.paid == "loan" else "study",
        by=by,
        at=batch.at,
    )
    found, at = receipt.dossier, min(batch.at + timedelta(minutes=5), now)
    charge = open_charge(found) if batch.paid == "cash" else None
    if charge is not None:
        take_cash(charge=charge, key=uuid5(found.uuid, "demo/cash"), by=by, at=at)
    if batch.until != "received":
        again = Dossier.objects.get(pk=found.pk)
        finish_copies(
            dossier=again, is_signed=batch.until == "handed", by=by, at=min(at + timedelta(minutes=9), now)
        )
