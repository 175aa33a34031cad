"""What is filled in for a person, and who may have it filled in.

Data of the roll and of registers only for who signed in with an e-identity (or holds their mandate), or for staff with the applicant
present; a card fills what the card says; whoever is not known gets nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bakhong.accounts.residents import Claims, ResidentActor
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotAllowed
from bakhong.eforms.contents import fill
from bakhong.eforms.models import Answer, Draft, KnownBy
from bakhong.eforms.permissions import is_staff
from bakhong.eforms.queries.forms import spec_of
from bakhong.eforms.rules.answers import fitting
from bakhong.eforms.rules.known_rows import without_self
from bakhong.eforms.rules.spec import FormSpec, Group
from bakhong.people import scope
from bakhong.people.actions.purposes import log_use
from bakhong.people.models import Person, Purpose
from bakhong.people.queries.consents import Basis, prefill_basis
from bakhong.people.queries.known import (
    KnownValue,
    card_values,
    known_values,
    member_row,
    register_answers,
    weighed,
)
from bakhong.people.queries.residents import mandates_held
from bakhong.people.registers import Answer as Answered
from bakhong.people.rules.idcard import Card

_OF_CLAIMS = {
    "person.national_id": "national_id",
    "person.full_name": "full_name",
    "person.birth": "birth",
    "person.sex": "sex",
    "person.address": "address",
}


@dataclass(frozen=True)
class Offers:
    """key → what is known; the registers asked, and those that did not answer. `own`: the person, as a row of a list would have them."""

    values: Mapping[str, KnownValue]
    asked: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    """What one path is filled in with."""

    path: str
    value: Any
    is_sealed: bool
    known: KnownValue


def require_known(
    *, person: Person | None, known_by: str, mandate: UUID | None, claims: Claims | None, by: Actor, on: date
) -> None:
    """Raises: NotAllowed, where somebody claims to have recognised a person and cannot have."""
    if known_by == KnownBy.OFFICER:
        may = is_staff(by) and (person is None or Person.objects.for_user(by).filter(pk=person.pk).exists())
    elif known_by == KnownBy.E_IDENTITY:
        may = isinstance(by, ResidentActor) and (
            person is None or by.person == person.uuid or _holds(mandate, person, claims, on)
        )
    else:
        may = True
    if not may:
        raise NotAllowed(_("Chưa xác định được đúng người này, nên không điền sẵn thông tin."))


def _holds(mandate: UUID | None, principal: Person, claims: Claims | None, on: date) -> bool:
    """Whether whoever signed in holds this mandate of the principal on that day."""
    if mandate is None or claims is None:
        return False
    held = mandates_held(claims.national_id, on)
    return any(each.uuid == mandate and each.principal_id == principal.pk for each in held)


def offers(
    *,
    draft: Draft,
    card: Card | None,
    claims: Claims | None,
    on: date,
    keys: Collection[str],
    answers: Sequence[Answered],
) -> Offers:
    """What may be filled in of this draft under these keys, by how its person was recognised. `answers`: what the registers said."""
    if draft.known_by == KnownBy.NOBODY or not keys:
        return Offers({})
    said = list(card_values(card).values()) if card is not None else []
    if draft.known_by == KnownBy.CARD:
        return Offers({each.key: each for each in said if each.key in keys})
    asked: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    if draft.person is not None and basis_of(draft.person, draft.known_by) != Basis.REFUSED:
        known = known_values(draft.person, keys, on=on, answers=answers)
        asked, silent = known.asked, known.silent
        said += known.values.values()
    if claims is not None and draft.known_by == KnownBy.E_IDENTITY and draft.mandate is None:
        said += claim_values(claims)
    best, _others = weighed(each for each in said if each.key in keys)
    has_list = any(isinstance(each.value, list) for each in best.values())
    own = member_row(draft.person) if has_list and draft.person is not None else {}
    return Offers(best, asked, silent, own)


def asked_before(person: Person | None, known_by: str, spec: FormSpec) -> list[Answered]:
    """What the registers say for a form about to be filled in: asked before any transaction opens. Whoever uses it notes it."""
    if person is None or known_by not in (KnownBy.OFFICER, KnownBy.E_IDENTITY):
        return []
    return register_answers(person, keys_of(spec)) if basis_of(person, known_by) != Basis.REFUSED else []


def basis_of(person: Person, known_by: str) -> Basis:
    """By what right what is known of them fills in a form: from home they may have taken their consent back."""
    return Basis.LEGAL_DUTY if known_by == KnownBy.OFFICER else prefill_basis(person)


def claim_values(claims: Claims) -> list[KnownValue]:
    label = _("Định danh điện tử")
    return [
        KnownValue(key, value, "e_identity", "e_identity", None, label, True)
        for key, name in _OF_CLAIMS.items()
        if (value := getattr(claims, name))
    ]


def keys_of(spec: FormSpec, codes: Collection[str] | None = None) -> set[str]:
    """The keys a form may be filled in with; with `codes`, only those of these questions and groups."""
    keys = {
        spec.key_of(group, question)
        for _page, group, question in spec.questions()
        if question.prefill and (codes is None or (group or question).code in codes)
    }
    return keys - {""}


def paths_of(spec: FormSpec, found: Offers, today: date) -> Iterable[Offer]:
    """Where each value goes; what does not fit its question is left for the person to type."""
    for _page, item in spec.items():
        if isinstance(item, Group):
            known = found.values.get(item.known_as) if item.known_as else None
            if known is not None:
                yield from _rows(item, known, found.own, today)
        elif item.prefill and item.known_as in found.values:
            known = found.values[item.known_as]
            value = fitting(item, known.value, today)
            if value is not None:
                yield Offer(item.code, value, item.is_sealed, known)


def _rows(group: Group, known: KnownValue, own: Mapping[str, str], today: date) -> Iterable[Offer]:
    said = [each for each in known.value if isinstance(each, dict)] if isinstance(known.value, list) else []
    rows = (without_self(said, own) if group.without_self else said)[: group.max]
    if rows:
        yield Offer(group.code, len(rows), False, known)
    for number, row in enumerate(rows):
        for question in group.questions:
            value = fitting(question, row.get(question.known_item), today) if question.known_item else None
            if value is not None and question.prefill:
                yield Offer(f"{group.code}.{number}.{question.code}", value, question.is_sealed, known)


def write_offers(
    draft: Draft, found: Iterable[Offer], *, taken: set[str], by: Actor, at: datetime
) -> list[Answer]:
    """New answers for paths nobody has answered yet; of a group somebody has begun to type in, none."""
    begun = {path.split(".")[0] for path in taken}
    rows = [
        _offered_answer(draft, each, by=by, at=at)
        for each in found
        if each.path not in taken and ("." not in each.path or each.path.split(".")[0] not in begun)
    ]
    Answer.objects.bulk_create(rows)
    return rows


def _offered_answer(draft: Draft, offer: Offer, *, by: Actor, at: datetime) -> Answer:
    """A row, not saved, with what the source says at a path of the draft that has no answer."""
    row = Answer(
        village_id=draft.village_id,
        draft=draft,
        draft_uuid=draft.uuid,
        path=offer.path,
        revision=draft.revision,
        typed_by=by.id,
        at=at,
    )
    put_offer(row, offer, at=at)
    return row


def put_offer(row: Answer, offer: Offer, *, at: datetime) -> None:
    """The answer is what the source says."""
    fill(row, value=offer.value, offered=offer.value, is_sealed=offer.is_sealed)
    row.origin = row.offered_origin = offer.known.source
    row.ref, row.source_label, row.as_of = offer.known.ref[:120], offer.known.label[:200], offer.known.as_of
    row.problem, row.is_corrected, row.verified_at = "", False, at


def note_use(draft: Draft, found: Offers, used: Iterable[Answer], *, by: Actor, at: datetime) -> None:
    """Whoever the data are about may read what they were used for."""
    if draft.person is None:
        return
    refs = {row.ref for row in used}
    keys = {known.key for known in found.values.values() if known.ref[:120] in refs}
    if keys or found.asked:
        with scope.admitting(draft.person.village_id):
            log_use(
                person=draft.person,
                purpose=Purpose.ON_BEHALF if draft.mandate else Purpose.PREFILL,
                keys=keys,
                about=("draft", draft.uuid),
                by=by,
                at=at,
                registers=found.asked,
                basis=basis_of(draft.person, draft.known_by),
            )


def prefill(
    *,
    draft: Draft,
    spec: FormSpec,
    card: Card | None,
    claims: Claims | None,
    answers: Sequence[Answered],
    by: Actor,
    at: datetime,
) -> Offers:
    """Fill in what is known and not typed yet, and note the use; registers that had nothing to say were asked all the same."""
    on = day_of(at)
    found = offers(draft=draft, card=card, claims=claims, on=on, keys=keys_of(spec), answers=answers)
    used: list[Answer] = []
    if found.values:
        taken = set(Answer.objects.filter(draft=draft).values_list("path", flat=True))
        used = write_offers(draft, paths_of(spec, found, on), taken=taken, by=by, at=at)
    note_use(draft, found, used, by=by, at=at)
    return found


def fill_in(*, draft: Draft, said: Iterable[KnownValue], by: Actor, at: datetime) -> None:
    """What another system told with the dossier this form is for stands in the form, where nothing was typed yet. Nobody is looked up."""
    told = Offers({each.key: each for each in said})
    taken = set(Answer.objects.filter(draft=draft).values_list("path", flat=True))
    write_offers(draft, paths_of(spec_of(draft.version), told, day_of(at)), taken=taken, by=by, at=at)
