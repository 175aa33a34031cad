"""Who a signed-in resident is in the roll, for whom they may act, and what they asked to have corrected."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.numbers import read_count
from bakhong.core.text import name_key, nfc
from bakhong.people import scope
from bakhong.people.models import CorrectionRequest, CorrectionState, Mandate, MandateScope, Person
from bakhong.people.queries.doubles import who_they_are
from bakhong.people.queries.identity import index_of
from bakhong.people.sealed import seal, unseal

OPEN = (CorrectionState.ASKED, CorrectionState.ACKNOWLEDGED)


def person_of(national_id: str, *, name: str = "", birth: str = "") -> Person | None:
    """The resident with this number, whatever the connection may see; None for none, and where the roll's row speaks of somebody else.

    A mistyped number in a list must not open a stranger's record: of name (without accents) and birth (as "1990-05-06"), as far as they are
    given, one has to agree. Known in several villages: the one recorded last.
    """
    with scope.seeing(OPERATOR):
        found = Person.objects.filter(
            national_id_index=index_of(national_id), is_known=True, merged_into=None
        ).order_by("-pk")
        return next((each for each in found if _is_likely(each, name, birth)), None)


def person_by(uuid: UUID) -> Person | None:
    """A person, or whoever their record was merged into, whatever the connection may see. None once nothing is known of them."""
    with scope.seeing(OPERATOR):
        found = Person.objects.filter(uuid=uuid).first()
        if found is not None and found.merged_into_id:
            found = Person.objects.filter(pk=who_they_are([found.pk])[found.pk]).first()
        return found if found is not None and found.is_known else None


# --- mandates --------------------------------------------------------------------------------------------------------


def mandates_given(person: Person) -> QuerySet[Mandate]:
    """Whom this person let act for them, the latest first; ended ones too."""
    return Mandate.objects.filter(principal=person).order_by("-given_at", "-pk")


def mandates_held(national_id: str, on: date) -> list[Mandate]:
    """For whom somebody with this number may act on a day, whatever the connection may see; the principals come along."""
    if not national_id:
        return []
    with scope.seeing(OPERATOR):
        return list(_live(on).filter(agent_index=index_of(national_id)).select_related("principal__village"))


def mandate_for(national_id: str, principal: UUID, procedure: str, on: date) -> Mandate | None:
    """The mandate under which this agent may do this procedure for this principal on a day; None: they may not."""
    return next(
        (
            each
            for each in mandates_held(national_id, on)
            if each.principal.uuid == principal and covers(each, procedure)
        ),
        None,
    )


def mandate_lives(mandate: UUID, procedure: str, on: date) -> bool:
    """Whether this mandate holds on a day and is for this procedure, whatever the connection may see."""
    with scope.seeing(OPERATOR):
        found = _live(on).filter(uuid=mandate).first()
    return found is not None and covers(found, procedure)


def agent_of(mandate: UUID) -> str:
    """Who acts under a mandate, by name, whatever the connection may see; "" for none and once erased."""
    with scope.seeing(OPERATOR):
        return Mandate.objects.filter(uuid=mandate).values_list("agent_name", flat=True).first() or ""


def covers(mandate: Mandate, procedure: str) -> bool:
    return mandate.scope == MandateScope.ALL or procedure in mandate.procedures


def is_live(mandate: Mandate, on: date) -> bool:
    return mandate.ended_at is None and mandate.valid_from <= on < mandate.valid_to


def _live(on: date) -> QuerySet[Mandate]:
    return Mandate.objects.filter(ended_at=None, valid_from__lte=on, valid_to__gt=on)


# --- corrections -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Correction:
    """A request, opened. `current`: what stood when they asked; "" once erased."""

    request: CorrectionRequest
    current: Any
    wanted: Any

    def is_late(self, now: datetime) -> bool:
        return self.request.state == CorrectionState.ASKED and now > self.request.acknowledge_by


def corrections_of(person: Person) -> list[Correction]:
    """All a person asked for, the latest first."""
    return opened(CorrectionRequest.objects.filter(person=person).order_by("-asked_at", "-pk"))


def corrections_in(actor: Actor, villages: Iterable[int], *, is_open: bool) -> QuerySet[CorrectionRequest]:
    """The requests of an area the actor may see: open ones by their clock, answered ones the latest first."""
    found = CorrectionRequest.objects.for_user(actor).filter(village_id__in=villages).select_related("person")
    if is_open:
        found = found.filter(state__in=OPEN).order_by("acknowledge_by", "pk")
    else:
        found = found.exclude(state__in=OPEN).order_by("-answered_at", "-pk")
    return found


def opened(requests: Iterable[CorrectionRequest]) -> list[Correction]:
    return [
        Correction(each, said.get("current", ""), said.get("wanted", ""))
        for each in requests
        for said in [_said(each)]
    ]


def sealed_for_correction(current: Any, wanted: Any, uuid: object) -> bytes:
    return seal(json.dumps({"current": current, "wanted": wanted}, ensure_ascii=False), _column(uuid))


def _said(request: CorrectionRequest) -> dict[str, Any]:
    if request.said is None:
        return {}
    found: dict[str, Any] = json.loads(unseal(request.said, _column(request.uuid)))
    return found


def _column(uuid: object) -> str:
    return f"people_correctionrequest.said:{uuid}"


def _is_likely(person: Person, name: str, birth: str) -> bool:
    agrees = []
    if name:
        agrees.append(person.name_key == name_key(nfc(name)))
    year = read_count(birth[:4])
    if year is not None and person.birth_year is not None:
        agrees.append(person.birth_year == year)
    return not agrees or any(agrees)
