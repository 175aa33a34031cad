"""Recording a visit, and taking it back. The desk, the field's pages, the typed sheet and the demo all end here."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.accounts.permissions import covered_ids
from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.text import squeeze
from bakhong.outreach.actions.checking import checked_visit
from bakhong.outreach.actions.said import BORROWED, Helped, Met, Promise
from bakhong.outreach.models import (
    Campaign,
    Commitment,
    Result,
    Sheet,
    Team,
    TeamMember,
    Visit,
    VisitHelp,
    VisitMember,
    VisitPerson,
)
from bakhong.outreach.permissions import PLAN, VISIT, require
from bakhong.outreach.queries.claims import claims_with
from bakhong.people.actions import Saying, give_consent, learn, retract_facts
from bakhong.people.actions.adopting import Adopted, record_adoptions, retract_adoptions
from bakhong.people.actions.secrets import no_secrets
from bakhong.people.models import Adoption, Consent, Fact, Household, Person, Purpose, Source
from bakhong.people.queries.adoption import states_on
from bakhong.people.rules.services import NONE, reached, services
from bakhong.places.models import Unit


def record_visit(
    *,
    key: UUID,
    village: Unit,
    outcome: str,
    part_of_day: str,
    by: Actor,
    at: datetime,
    household: Household | None = None,
    visited_on: date | None = None,
    campaign: Campaign | None = None,
    team: Team | None = None,
    members: Sequence[TeamMember] = (),
    persons: Sequence[Met] = (),
    note: str = "",
    next_on: date | None = None,
    next_part: str = "",
    promises: Sequence[Promise] = (),
    sheet: Sheet | None = None,
) -> Visit:
    """One call at a household: all of it is stored, with the facts it makes in `people`, or nothing. `visited_on` None: today.

    `village` is the unit the household hangs on, or the village that one belongs to today; a visit without a household names its people.

    The same `key` with the same content again is answered with the stored visit, whoever sends it and however many at once.

    Raises: NotAllowed; Refusal in a plain sentence; Conflict when the key was used for another visit.
    """
    visited_on = visited_on or day_of(at)
    village = _where(village, household, day_of(at))
    require(VISIT, village.pk, by=by)
    note = squeeze(note)[:500]
    for met in persons:
        require(VISIT, met.person.village_id, by=by)
    checked_visit(
        household=household,
        outcome=outcome,
        part_of_day=part_of_day,
        visited_on=visited_on,
        today=day_of(at),
        team=team,
        members=members,
        persons=persons,
        note=note,
        next_on=next_on,
        next_part=next_part,
        promises=promises,
    )
    visit = Visit(
        uuid=new_uuid(),
        client_key=key,
        village=village,
        campaign=campaign,
        team=team,
        household=household,
        sheet=sheet,
        visited_on=visited_on,
        part_of_day=part_of_day,
        outcome=outcome,
        note=note,
        next_on=next_on,
        next_part=next_part,
        recorded_at=at,
        recorded_by=by.id,
    )
    visit.content_hash = _content(visit, members, persons, promises)
    with transaction.atomic():
        try:
            with transaction.atomic():
                # A second copy waits here until the first is committed, then meets the constraint.
                visit.save(force_insert=True)
        except IntegrityError as error:
            if "client_key" not in str(error):
                raise
            return _stored(visit)
        VisitMember.objects.bulk_create(
            [VisitMember(visit=visit, village=village, member=member) for member in _once(members)]
        )
        VisitPerson.objects.bulk_create(
            [
                VisitPerson(visit=visit, village=village, person=met.person, was_met=met.was_met)
                for met in persons
            ]
        )
        _learn(visit, persons, by, at)
        _help(visit, persons, by, at)
        _adopt(visit, persons, by, at)
        _promise(visit, promises)
        _note(by, at, "outreach.record_visit", visit, outcome=str(outcome), people=len(persons))
    return visit


def retract_visit(*, visit: Visit, reason: str, by: Actor, at: datetime) -> Visit:
    """The visit was recorded wrongly: it counts no more, and neither does anything it said. Taking back twice changes nothing.

    Whoever recorded it may, and whoever plans there. A claim sheet that counted it is told.

    Raises: NotAllowed; Refusal without a reason; NotFound.
    """
    require(VISIT, visit.village_id, by=by)
    if not may_retract(visit, by=by):
        raise NotAllowed(
            _("Lượt này do người khác ghi. Nhờ người đã ghi, hoặc người phụ trách đợt ra quân của xã, xoá.")
        )
    if not squeeze(reason):
        raise Refusal(_("Ghi vì sao xoá lượt đến nhà này."))
    no_secrets(reason)
    with transaction.atomic():
        found: Visit | None = Visit.objects.select_for_update().filter(pk=visit.pk).first()
        if found is None:
            raise NotFound(_("Không có lượt đến nhà này."))
        if found.retracted_at is not None:
            return found
        keys = [
            fact_key(found.client_key, person, service)
            for person, service in found.helps.values_list("person__uuid", "service")
        ]
        adoptions = list(Adoption.objects.filter(client_key__in=keys, retracts=None))
        if adoptions:
            retract_adoptions(adoptions=adoptions, by=by, at=at, permission=VISIT)
        persons = found.persons.values_list("person_id", flat=True)
        facts = list(
            Fact.objects.filter(
                person__in=list(persons), source=Source.VISIT, source_detail=_detail(found), retracts=None
            )
        )
        if facts:
            retract_facts(facts=facts, by=by, at=at, permission=VISIT)
        found.retracted_at, found.retracted_by, found.retract_reason = at, by.id, squeeze(reason)[:300]
        found.save(update_fields=["retracted_at", "retracted_by", "retract_reason"])
        _note(by, at, "outreach.retract_visit", found)
        for claim in claims_with(found):
            # Whoever pays sees no visit; the event tells them of it on the claim.
            audit.record(
                by=by,
                at=at,
                deed="outreach.take_out_of_claim",
                object_kind="claim",
                object_id=claim.uuid,
                place_id=claim.unit_id,
                day=found.visited_on.isoformat(),
            )
    return found


def may_retract(visit: Visit, *, by: Actor) -> bool:
    """Whoever goes from house to house there: their own visit, or any where they plan."""
    return by.may(VISIT, visit.village_id) and (visit.recorded_by == by.id or by.may(PLAN, visit.village_id))


def _where(village: Unit, household: Household | None, on: date) -> Unit:
    """The unit the household hangs on: it may have been merged into the village that was named."""
    if household is None or household.village_id == village.pk:
        return village
    if household.village_id not in covered_ids([village.pk], on):
        raise Refusal(_("Hộ này không ở thôn đang chọn."))
    return household.village


def fact_key(visit_key: UUID, person_uuid: object, service: str) -> UUID:
    """The key of the fact of adoption that a visit makes for one person and service."""
    return uuid5(visit_key, f"{person_uuid}/{service}")


def _stored(visit: Visit) -> Visit:
    """The visit that was recorded under this key before. Another one, or one elsewhere, is a conflict."""
    stored: Visit | None = Visit.objects.filter(client_key=visit.client_key).first()
    if stored is None or stored.content_hash != visit.content_hash:
        raise Conflict(
            _("Lượt đến nhà này đã được ghi với nội dung khác. Mở lượt đã ghi, xoá nó rồi ghi lại nếu sai.")
        )
    return stored


def _learn(visit: Visit, persons: Sequence[Met], by: Actor, at: datetime) -> None:
    sayings = [
        Saying(met.learnt, person=met.person, true_from=visit.visited_on, detail=_detail(visit))
        for met in persons
        if met.learnt
    ]
    if sayings:
        learn(sayings=sayings, source=Source.VISIT, by=by, at=at, deed="people.record_fact", permission=VISIT)


def _help(visit: Visit, persons: Sequence[Met], by: Actor, at: datetime) -> None:
    rows = []
    for met in persons:
        consent = _consent(visit, met, by, at)
        for each in met.helped:
            rows.append(
                VisitHelp(
                    visit=visit,
                    village_id=visit.village_id,
                    person=met.person,
                    service=each.service,
                    result=each.result,
                    reason=each.reason,
                    provider=each.provider,
                    whose_phone=each.whose_phone,
                    consent=consent if each.whose_phone in BORROWED else None,
                )
            )
    VisitHelp.objects.bulk_create(rows)


def _consent(visit: Visit, met: Met, by: Actor, at: datetime) -> Consent | None:
    """The person's consent to being helped on somebody else's telephone, given now or before; None where none is needed."""
    borrowed = [
        each
        for each in met.helped
        if each.whose_phone in BORROWED and each.result in (Result.DONE, Result.REGISTERED)
    ]
    if not borrowed:
        return None
    given: Consent | None = Consent.objects.filter(
        person=met.person, purpose=Purpose.ON_BEHALF, withdrawn_on=None, given_on__lte=visit.visited_on
    ).first()
    if given is not None:
        return given
    evidence = next((each.consent for each in borrowed if squeeze(each.consent)), "")
    if not evidence:
        raise Refusal(
            _(
                "Làm giúp %(name)s trên điện thoại của người khác thì phải ghi người đó đồng ý bằng cách nào: ký phiếu, nói trước mặt ai."
            )
            % {"name": met.person.name}
        )
    return give_consent(
        person=met.person,
        purpose=Purpose.ON_BEHALF,
        evidence=evidence,
        given_on=visit.visited_on,
        by=by,
        at=at,
        permission=VISIT,
    )


def _adopt(visit: Visit, persons: Sequence[Met], by: Actor, at: datetime) -> None:
    """What was done becomes facts. What was not is said with its reason, but of nobody who stands on the ladder already."""
    states = states_on([met.person.pk for met in persons if met.helped], visit.visited_on)
    entries = [
        _adopted(visit, met.person, each)
        for met in persons
        for each in met.helped
        if each.result in (Result.DONE, Result.REGISTERED)
        or not reached(states.get(met.person.pk, {}).get(each.service, ""), "registered")
    ]
    if entries:
        record_adoptions(entries=entries, source=Source.VISIT, by=by, at=at, permission=VISIT)


def _adopted(visit: Visit, person: Person, helped: Helped) -> Adopted:
    service = services()[helped.service]
    state = {Result.DONE: service.counts_from, Result.REGISTERED: "registered"}.get(
        Result(helped.result), NONE
    )
    of_household = service.counted == "household"
    return Adopted(
        service=helped.service,
        state=state,
        person=None if of_household else person,
        household=visit.household if of_household else None,
        happened_on=visit.visited_on,
        provider=helped.provider,
        reason=helped.reason if state == NONE else "",
        evidence=squeeze(helped.evidence)[:200],
        detail=_detail(visit),
        client_key=fact_key(visit.client_key, person.uuid, helped.service),
    )


def _promise(visit: Visit, promises: Sequence[Promise]) -> None:
    Commitment.objects.bulk_create(
        [
            Commitment(
                visit=visit,
                village_id=visit.village_id,
                person=each.person,
                services=list(each.services),
                text=squeeze(each.text)[:300],
                signed_on=visit.visited_on,
                due_on=each.due_on,
                signed_how=each.signed_how,
            )
            for each in promises
        ]
    )


def _detail(visit: Visit) -> str:
    """What the facts of a visit say about where they come from."""
    return _("lượt đến nhà %(code)s") % {"code": visit.client_key.hex[-10:]}


def _content(
    visit: Visit, members: Sequence[TeamMember], persons: Sequence[Met], promises: Sequence[Promise]
) -> str:
    """SHA-256 of what a visit says, without when it was sent and by whom."""
    said = {
        "village": visit.village_id,
        "household": visit.household_id,
        "campaign": visit.campaign_id,
        "team": visit.team_id,
        "on": visit.visited_on.isoformat(),
        "part": str(visit.part_of_day),
        "outcome": str(visit.outcome),
        "note": visit.note,
        "next": [visit.next_on.isoformat() if visit.next_on else "", str(visit.next_part)],
        "members": sorted(member.pk for member in members),
        "persons": sorted(
            [
                met.person.pk,
                met.was_met,
                sorted(
                    [each.service, str(each.result), each.reason, each.provider, str(each.whose_phone)]
                    for each in met.helped
                ),
                sorted([name, str(value)] for name, value in met.learnt.items()),
            ]
            for met in persons
        ),
        "promises": sorted(
            [each.person.pk, sorted(each.services), each.due_on.isoformat()] for each in promises
        ),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _once(members: Sequence[TeamMember]) -> list[TeamMember]:
    return list({member.pk: member for member in members}.values())


def _note(by: Actor, at: datetime, deed: str, visit: Visit, **details: Any) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="visit",
        object_id=visit.uuid,
        place_id=visit.village_id,
        **details,
    )
