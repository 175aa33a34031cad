"""Adding facts about who uses which service, and taking them back. Every way in (page, visit, file, training) ends here."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.core.text import squeeze
from bakhong.people.actions.holdings import hold_again, hold_first
from bakhong.people.actions.secrets import no_secrets
from bakhong.people.models import (
    Adoption,
    Household,
    Import,
    Organisation,
    Person,
    PhoneSubscription,
    Source,
    Subject,
)
from bakhong.people.models.adoption import SUBJECTS
from bakhong.people.permissions import EDIT, require
from bakhong.people.queries.retractions import taken_back
from bakhong.people.rules.births import is_surely_under
from bakhong.people.rules.reasons import reasons
from bakhong.people.rules.services import NONE, Service, services
from bakhong.people.signals import facts_recorded, subjects_recorded

EARLIEST = date(2000, 1, 1)  # no service of the programme is older


@dataclass(frozen=True)
class Adopted:
    """What a source says about one service of exactly one person, household, subscription or organisation.

    `state`: one of `Service.states()`. `happened_on` None: nobody knows; it holds from the day it is learned. `reason`: why not, a code
    of `rules.reasons`. `client_key`: made by who sends it; the same key again is the same fact.
    """

    service: str
    state: str
    person: Person | None = None
    household: Household | None = None
    subscription: PhoneSubscription | None = None
    organisation: Organisation | None = None
    happened_on: date | None = None
    provider: str = ""
    reason: str = ""
    evidence: str = ""
    detail: str = ""
    is_verified: bool = False
    client_key: UUID | None = None
    expires_on: date | None = None

    @property
    def subjects(self) -> list[tuple[str, Subject]]:
        found = ((kind, getattr(self, kind)) for kind in SUBJECTS)
        return [(kind, each) for kind, each in found if each is not None]

    @property
    def subject(self) -> Subject:
        return self.subjects[0][1]


def record_adoptions(
    *,
    entries: Sequence[Adopted],
    source: str,
    by: Actor,
    at: datetime,
    deed: str = "people.record_adoption",
    permission: str = EDIT,
    batch: Import | None = None,
) -> list[Adoption]:
    """Record what is said about services, all of it or nothing; returns the fact of each entry, in order. One event a subject.

    Saying the same again is agreement: one fact more, no other holding. An entry whose client key is stored returns that fact.

    Raises: NotAllowed; NotFound; Refusal when an entry cannot be, or its person is surely too young that day; Conflict when a client
    key was used for something else.
    """
    assert source in Source.values, source
    on = day_of(at)
    entries = [checked(each, on) for each in entries]
    for place_id in {each.subject.village_id for each in entries}:
        require(permission, place_id, by=by)
    with transaction.atomic():
        locked = _lock([each.subjects[0] for each in entries])
        rows = [_fact(each, locked, source, at, by, batch) for each in entries]
        stored, is_new = _insert(rows)
        fresh = [row for row, new in zip(stored, is_new, strict=True) if new]
        _finish(fresh, locked, by, at, deed, batch)
    return stored


def retract_adoptions(
    *,
    adoptions: Sequence[Adoption],
    by: Actor,
    at: datetime,
    deed: str = "people.retract_adoption",
    permission: str = EDIT,
) -> list[Adoption]:
    """Take facts about services back by new facts, which are returned. What was taken back already is passed over.

    Retracting a retraction restores. Raises: NotAllowed.
    """
    for place_id in {each.village_id for each in adoptions}:
        require(permission, place_id, by=by)
    with transaction.atomic():
        locked = _lock([_named(each) for each in adoptions])
        rows = _retractions(adoptions, by, at)
        _finish(rows, locked, by, at, deed, None)
    return rows


def adopt_along(
    entries: Sequence[tuple[Person, Adopted]],
    made: Collection[int],
    *,
    source: str,
    by: Actor,
    at: datetime,
    batch: Import | None = None,
) -> None:
    """What a deed that writes facts about persons says of services besides: its transaction, its events and its signal.

    `entries` name no subject; `made` are the ids of persons the deed has just made, of whom all facts are in hand. Entries of a file
    (`batch`) come out of the rules as they must be and are not checked one by one.

    Raises: Refusal.
    """
    if batch is None:
        on = day_of(at)
        entries = [(person, checked(replace(entry, person=person), on)) for person, entry in entries]
    rows = [
        _row("person", person.pk, person.village_id, entry, source, at, by, batch)
        for person, entry in entries
    ]
    insert_many(rows)
    hold_first([row for row in rows if row.person_id in made])
    touched: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        if row.person_id is not None and row.person_id not in made:
            touched[row.person_id].add(row.service)
    if touched:
        hold_again("person", _shown("person", touched), set().union(*touched.values()))


def retract_along(adoptions: Sequence[Adoption], *, by: Actor, at: datetime) -> None:
    """Take back what was said of services of persons, in a deed that takes back more (see `adopt_along`)."""
    rows = _retractions(adoptions, by, at)
    if rows:
        shown = _shown("person", {row.person_id for row in rows if row.person_id is not None})
        hold_again("person", shown, {row.service for row in rows})


def _retractions(adoptions: Sequence[Adoption], by: Actor, at: datetime) -> list[Adoption]:
    gone = taken_back(Adoption, [each.pk for each in adoptions])
    rows = [
        Adoption(
            **{f"{each.subject_key[0]}_id": each.subject_key[1]},
            village_id=each.village_id,
            service=each.service,
            state=each.state,
            retracts=each,
            source=Source.OFFICER,
            learned_at=at,
            recorded_by=by.id,
        )
        for each in adoptions
        if each.pk not in gone
    ]
    insert_many(rows)
    return rows


# --- an entry before it becomes a fact -------------------------------------------------------------------------------


def checked(entry: Adopted, on: date) -> Adopted:
    """The entry as a fact holds it.

    Raises: Refusal.
    """
    subjects = entry.subjects
    assert len(subjects) == 1, "an entry is about exactly one subject"
    service = services().get(entry.service)
    if service is None or service.counted != subjects[0][0]:
        raise Refusal(_("Dịch vụ này không ghi cho đối tượng này."))
    if entry.state not in service.states():
        raise Refusal(_("Chọn tình trạng của dịch vụ."))
    if entry.reason and entry.reason not in reasons():
        raise Refusal(_("Có một mục chọn không nằm trong danh sách."))
    _check_days(entry, on)
    no_secrets(entry.provider, entry.evidence)  # the detail is composed by the machine
    if entry.person is not None and entry.state != NONE:
        check_age(service, entry.person, entry.happened_on or on)
    return replace(
        entry,
        provider=_text(entry.provider, 60),
        evidence=_text(entry.evidence, 200),
        detail=_text(entry.detail, 200),
    )


def check_age(service: Service, person: Person, on: date) -> None:
    """Raises: Refusal when the person is surely too young that day; who may be old enough is not refused."""
    birth = (person.birth_year, person.birth_month, person.birth_day)
    if service.eligible.age_min and is_surely_under(birth, service.eligible.age_min, on):
        raise Refusal(
            _("%(name)s chưa đủ %(age)s tuổi vào ngày này: “%(service)s” dành cho người từ %(age)s tuổi.")
            % {"name": person.name, "age": service.eligible.age_min, "service": service.name_vi}
        )


def _check_days(entry: Adopted, on: date) -> None:
    if entry.happened_on is not None and not EARLIEST <= entry.happened_on <= on:
        raise Refusal(_("Ngày ghi không thể ở tương lai hoặc trước năm 2000."))
    if entry.expires_on is not None and entry.expires_on <= (entry.happened_on or on):
        raise Refusal(_("Ngày hết hạn phải sau ngày được cấp."))


def _text(value: str, size: int) -> str:
    text = squeeze(value)
    if "\x00" in text or len(text) > size:
        raise Refusal(_("“%(text)s…” quá dài hoặc có ký tự lạ.") % {"text": text[:30].replace("\x00", "")})
    return text


# --- storing ---------------------------------------------------------------------------------------------------------

_Key = tuple[str, int]


def _lock(subjects: Collection[tuple[str, Subject]]) -> dict[_Key, Any]:
    """Their rows, held until the end of the transaction, so that two writers about one subject follow each other.

    Raises: NotFound when one is not there (or out of sight).
    """
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, each in subjects:
        ids[kind].add(each.pk)
    found: dict[_Key, Any] = {}
    for kind in SUBJECTS:
        if not ids[kind]:
            continue
        rows = SUBJECTS[kind].objects.select_for_update().filter(pk__in=ids[kind]).order_by("pk")
        found |= {(kind, row.pk): row for row in rows}
    if len(found) != sum(map(len, ids.values())):
        raise NotFound(_("Không có người, hộ hoặc đơn vị này."))
    return found


def _fact(
    entry: Adopted, locked: Mapping[_Key, Any], source: str, at: datetime, by: Actor, batch: Import | None
) -> Adoption:
    kind, subject = entry.subjects[0]
    return _row(kind, subject.pk, locked[kind, subject.pk].village_id, entry, source, at, by, batch)


def _row(
    kind: str,
    pk: int,
    village_id: int,
    entry: Adopted,
    source: str,
    at: datetime,
    by: Actor,
    batch: Import | None,
) -> Adoption:
    return Adoption(
        **{f"{kind}_id": pk},
        village_id=village_id,
        service=entry.service,
        state=entry.state,
        provider=entry.provider,
        happened_on=entry.happened_on,
        expires_on=entry.expires_on,
        learned_at=at,
        recorded_by=by.id,
        source=source,
        source_detail=entry.detail,
        evidence=entry.evidence,
        reason=entry.reason,
        is_verified=entry.is_verified,
        batch=batch,
        client_key=entry.client_key,
    )


def _insert(rows: Sequence[Adoption]) -> tuple[list[Adoption], list[bool]]:
    """(the stored fact of each row, whether it was stored now). The unique index decides who comes first, not a look before.

    Raises: Conflict when a key stands for something else.
    """
    keyed = {row.client_key: row for row in rows if row.client_key is not None}
    plain = [row for row in rows if row.client_key is None]
    insert_many(plain)
    if not keyed:
        return list(rows), [True] * len(rows)
    Adoption.objects.bulk_create(keyed.values(), batch_size=2000, ignore_conflicts=True)
    found = {row.client_key: row for row in Adoption.objects.filter(client_key__in=list(keyed))}
    stored, is_new, seen = [], [], set()
    for row in rows:
        if row.client_key is None:
            stored.append(row)
            is_new.append(True)
            continue
        there = found.get(row.client_key)
        if there is None or not _same(there, row):
            raise Conflict(_("Lần ghi này trùng mã với một lần ghi khác. Hãy mở lại trang và ghi lại."))
        is_new.append(there.uuid == keyed[row.client_key].uuid and there.pk not in seen)
        seen.add(there.pk)
        stored.append(there)
    return stored, is_new


def _same(one: Adoption, other: Adoption) -> bool:
    return (one.subject_key, one.service, one.state) == (other.subject_key, other.service, other.state)


def _finish(
    rows: Sequence[Adoption],
    locked: Mapping[_Key, Any],
    by: Actor,
    at: datetime,
    deed: str,
    batch: Import | None,
) -> None:
    """Holdings, one event a subject, one signal for persons and one for each other kind."""
    touched: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        kind, pk = row.subject_key
        touched[kind][pk].add(row.service)
    for kind, ids in touched.items():
        shown = _shown(kind, ids)
        hold_again(kind, shown, {service for services_ in ids.values() for service in services_})
        audit.record_many(
            by=by,
            at=at,
            deed=deed,
            object_kind=kind,
            objects=[(locked[kind, pk].uuid, locked[kind, pk].village_id) for pk in ids],
            **({"import": str(batch.uuid)} if batch else {}),
        )
        if kind == "person":
            facts_recorded.send(sender=Adoption, person_ids=shown)
        else:
            subjects_recorded.send(sender=Adoption, kind=kind, ids=shown)


def _shown(kind: str, ids: Collection[int]) -> list[int]:
    """The subjects as lists show them: for a double, who they are a double of."""
    shown = set(ids)
    while kind == "person":
        doubles = Person.objects.filter(pk__in=shown, merged_into__isnull=False)
        into = dict(doubles.values_list("pk", "merged_into"))
        if not into:
            break
        # Held as well, so that two doubles of one person are not worked out at once.
        kept = Person.objects.select_for_update().filter(pk__in=into.values()).values_list("pk", flat=True)
        shown = shown - into.keys() | set(kept)
    return sorted(shown)


def _named(fact: Adoption) -> tuple[str, Subject]:
    kind, pk = fact.subject_key
    return kind, SUBJECTS[kind](pk=pk)
