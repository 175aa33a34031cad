"""What waits for somebody who comes to the desk: a form begun at home, a dossier handed in online, a result to take along."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from bakhong.core.actor import Actor
from bakhong.dossiers.applicants import number_index
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.models import State as DossierState
from bakhong.dossiers.queries.form_here import without_dossier
from bakhong.dossiers.queries.queue import of_unit
from bakhong.eforms.contents import code_digest
from bakhong.eforms.models import Draft, State
from bakhong.eforms.rules.codes import read_code
from bakhong.people.models import Mandate, Person
from bakhong.people.queries import roll
from bakhong.people.queries.identity import index_of
from bakhong.people.queries.residents import mandates_held
from bakhong.places.models import Unit

MOST = 9
_OVER = (DossierState.RETURNED, DossierState.REFUSED, DossierState.STOPPED)


@dataclass(frozen=True)
class Waiting:
    """The open forms and unfinished dossiers of one applicant in the commune, the latest first."""

    drafts: tuple[Draft, ...] = ()
    dossiers: tuple[Dossier, ...] = ()


def of_applicant(person: Person | None, national_id: str, *, actor: Actor, unit: Unit, on: date) -> Waiting:
    """By who they are on the roll, or by the number of the card in hand."""
    if person is None and not national_id:
        return Waiting()
    drafts, dossiers = Q(), Q()
    if person is not None:
        drafts, dossiers = Q(person=person), Q(person=person)
    if national_id:
        drafts |= Q(card_index=index_of(national_id))
        dossiers |= Q(applicant_national_id_index=number_index(national_id))
    return Waiting(
        tuple(_open(actor, unit, on).filter(drafts).order_by("-saved_at")[:MOST]),
        tuple(
            Dossier.objects.for_user(actor)
            .filter(dossiers, of_unit(unit, on))
            .exclude(state__in=_OVER)
            .order_by("-submitted_at", "-id")
            .only("uuid", "code", "summary", "procedure_name", "state")[:MOST]
        ),
    )


def by_code(text: str, *, actor: Actor, unit: Unit, on: date) -> Draft | None:
    """The form, open or sent, whose return code was typed. The desk needs no card for it: its staff see the commune's forms anyway."""
    code = read_code(text)
    if code is None:
        return None
    rows = Draft.objects.for_user(actor).filter(village=unit, code_digest=code_digest(code))
    found: Draft | None = rows.exclude(state=State.DROPPED).select_related("version__form", "person").first()
    is_over = found is not None and found.state == State.OPEN and found.expires_on < on
    return None if is_over else found


def granted(agent: str, *, actor: Actor, unit: Unit, on: date) -> list[Mandate]:
    """For which of the unit's residents whoever has this number may act today."""
    held = mandates_held(agent, on)
    theirs = roll.residents(actor, unit, on).filter(pk__in=[each.principal_id for each in held])
    seen = set(theirs.values_list("pk", flat=True))
    return [each for each in held if each.principal_id in seen]


def _open(actor: Actor, unit: Unit, on: date) -> QuerySet[Draft]:
    rows = (
        Draft.objects.for_user(actor)
        .filter(village=unit, state=State.OPEN, expires_on__gte=on)
        .select_related("version__form")
        .defer("version__spec")
    )
    return without_dossier(rows)
