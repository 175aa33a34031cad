"""How many of those the State pays are paid into an account, and who still is not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.text import identity_key, name_key
from bakhong.outreach.models import Beneficiary, BenefitKind, Channel, PaymentChannel
from bakhong.outreach.rules.beneficiaries import Pasted
from bakhong.people.models import Person
from bakhong.people.queries.doubles import who_they_are, with_doubles
from bakhong.people.queries.identity import index_of
from bakhong.people.queries.roll import residents
from bakhong.people.rules.births import birth_parts
from bakhong.places.models import Unit
from bakhong.places.queries.units import valid_on

_EVER = Value(date(1900, 1, 1))  # said without a day: ever since


@dataclass(frozen=True)
class Paying:
    """Of `all` people, `to_account` are paid into an account, `cash` in cash; of the rest nobody has said."""

    to_account: int
    cash: int
    all: int

    @property
    def unknown(self) -> int:
        return self.all - self.to_account - self.cash


def _as_of(found: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Those who get it that day, each once, with `channel` ("" where nobody has said)."""
    told = _told(on)
    found = found.filter(valid_on(on), person__is_known=True)
    told_of: QuerySet[Any] = found.annotate(channel=Coalesce(Subquery(told.values("channel")[:1]), Value("")))
    return told_of.exclude(pk__in=_told_twice(found, told))


def _told(on: date) -> QuerySet[PaymentChannel]:
    """What was said by that day of how a benefit is paid, what stands first."""
    told = PaymentChannel.objects.filter(beneficiary=OuterRef("pk")).exclude(true_from__gt=on)
    return told.order_by(Coalesce("true_from", _EVER).desc(), "-pk")


def _told_twice(found: QuerySet[Any], told: QuerySet[PaymentChannel]) -> list[int]:
    """The rows that say of a double what another row says of the same one: where how they are paid was said last stands. One query where
    nobody is a double."""
    doubles = list(found.filter(person__merged_into__isnull=False).values_list("person_id", flat=True))
    if not doubles:
        return []
    owner = with_doubles(set(who_they_are(doubles).values()))
    since = Subquery(told.annotate(since=Coalesce("true_from", _EVER)).values("since")[:1])
    rows = found.filter(person__in=owner).annotate(since=since, said=Subquery(told.values("pk")[:1]))
    latest = sorted(
        rows.values_list("pk", "person_id", "kind", "since", "said"),
        key=lambda row: (row[3] or date.min, row[4] or 0, row[0]),
    )
    standing = {(owner[person], kind): pk for pk, person, kind, _since, _said in latest}
    return [row[0] for row in latest if row[0] not in set(standing.values())]


def beneficiaries_at(
    actor: Actor, unit: Unit, on: date, *, kind: str = "", channel: str | None = None
) -> QuerySet[Any]:
    """Who gets a benefit in the unit that day, by village and name. `channel`: "cash", "account", "" (nobody has said), None (all)."""
    found: QuerySet[Any] = Beneficiary.objects.for_user(actor)
    found = _as_of(found.filter(village__in=covered_ids([unit.pk], on)), on)
    if kind:
        found = found.filter(kind=kind)
    if channel is not None:
        found = found.filter(channel=channel)
    return found.select_related("person", "village").order_by("village__sort_key", "person__sort_key", "pk")


def ended_at(actor: Actor, unit: Unit, on: date, *, kind: str = "") -> QuerySet[Any]:
    """Who got a benefit in the unit and does no longer that day, the latest first; somebody who gets it again is left out."""
    found: QuerySet[Any] = Beneficiary.objects.for_user(actor)
    found = found.filter(village__in=covered_ids([unit.pk], on), valid_to__lte=on, person__is_known=True)
    if kind:
        found = found.filter(kind=kind)
    same = Q(person=OuterRef("person")) | Q(person__merged_into=OuterRef("person"))
    same |= Q(person=OuterRef("person__merged_into")) | Q(person__merged_into=OuterRef("person__merged_into"))
    again = Beneficiary.objects.filter(same, kind=OuterRef("kind"), valid_to=None)
    return found.exclude(Exists(again)).select_related("person", "village").order_by("-valid_to", "-pk")


def benefit_counts(unit: Unit, on: date) -> Mapping[str, tuple[int, int]]:
    """{kind: (paid into an account, all)} of a unit on a day, for indicators; kinds without anybody are left out."""
    found = _as_of(Beneficiary.objects.filter(village__in=covered_ids([unit.pk], on)), on)
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for kind, channel in found.values_list("kind", "channel"):
        counted[kind][0] += channel == Channel.ACCOUNT
        counted[kind][1] += 1
    return {kind: (account, everybody) for kind, (account, everybody) in counted.items()}


def paying_by_village(actor: Actor, unit: Unit, on: date) -> list[tuple[Unit, dict[str, Paying]]]:
    """For each village that has any, in dictionary order: kind → how they are paid."""
    channels: dict[Unit, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in beneficiaries_at(actor, unit, on):
        channels[each.village][each.kind].append(each.channel)
    return [
        (village, {kind: _paying(found) for kind, found in kinds.items()})
        for village, kinds in channels.items()
    ]


def totals(rows: Iterable[tuple[Unit, Mapping[str, Paying]]]) -> dict[str, Paying]:
    """kind → the sum over the villages; every kind is there."""
    found = {kind: Paying(0, 0, 0) for kind in BenefitKind.values}
    for _village, kinds in rows:
        for kind, each in kinds.items():
            before = found[kind]
            found[kind] = Paying(
                before.to_account + each.to_account, before.cash + each.cash, before.all + each.all
            )
    return found


def _paying(channels: list[str]) -> Paying:
    return Paying(channels.count(Channel.ACCOUNT), channels.count(Channel.CASH), len(channels))


@dataclass(frozen=True)
class Matched:
    """A pasted line and whom it may mean; `person` where it is one and no other."""

    row: Pasted
    person: Person | None
    others: tuple[Person, ...]


def match_pasted(actor: Actor, unit: Unit, on: date, rows: Iterable[Pasted]) -> list[Matched]:
    """Looks pasted lines up in the roll: by national id, else by name and birth (of a bare year, by the year)."""
    rows = list(rows)
    people = residents(actor, unit, on).select_related("village")
    by_id = {
        bytes(each.national_id_index): each
        for each in people.filter(
            national_id_index__in=[index_of(row.national_id) for row in rows if row.national_id]
        )
        if each.national_id_index is not None
    }
    by_name: dict[str, list[Person]] = defaultdict(list)
    for each in people.filter(name_key__in={name_key(row.name) for row in rows if row.name}):
        by_name[each.name_key].append(each)
    return [_match(row, by_id, by_name) for row in rows]


def _match(row: Pasted, by_id: Mapping[bytes, Person], by_name: Mapping[str, list[Person]]) -> Matched:
    if row.national_id and (person := by_id.get(index_of(row.national_id))):
        return Matched(row, person, ())
    alike = by_name.get(name_key(row.name), []) if row.name else []
    fitting = [each for each in alike if row.birth and _was_born(each, row.birth)]
    exact = [each for each in fitting if identity_key(each.name) == identity_key(row.name)] or fitting
    return Matched(row, exact[0] if len(exact) == 1 else None, tuple(exact if len(exact) > 1 else alike))


def _was_born(person: Person, birth: str) -> bool:
    """The parts both know agree."""
    known = (person.birth_year, person.birth_month, person.birth_day)
    pairs = list(zip(known, birth_parts(birth), strict=True))
    return person.birth_year is not None and all(
        mine == theirs for mine, theirs in pairs if mine is not None and theirs is not None
    )
