"""For whom this visit may read and fill in: whoever signed in, and who let them act for them."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from bakhong.accounts.residents import Claims, ResidentActor, claims
from bakhong.core.days import day_of
from bakhong.eforms.models import Draft, KnownBy
from bakhong.people.models import Person
from bakhong.people.queries.residents import covers, mandate_for, mandate_lives, mandates_held, person_by


@dataclass(frozen=True)
class Beginning:
    """A draft begun by somebody signed in: whom it is about (None: nobody of the roll), and the mandate it is begun under."""

    person: Person | None
    mandate: UUID | None


def themself(request: HttpRequest) -> Person | None:
    """The record of whoever signed in; None where nobody did, and where there is none. One look a request."""
    resident: ResidentActor | None = getattr(request, "resident", None)
    if resident is None or resident.person is None:
        return None
    if not hasattr(request, "own_record"):
        request.own_record = person_by(resident.person)  # type: ignore[attr-defined]
    found: Person | None = request.own_record  # type: ignore[attr-defined]
    return found


def beginning(request: HttpRequest, operated_by: str, procedure: str, mandate: str) -> Beginning | None:
    """What a signed-in resident's draft begins with: for themself, or for who let them do this procedure. None: as anybody's draft."""
    if getattr(request, "resident", None) is None:
        return None
    if not mandate:
        return Beginning(themself(request), None) if operated_by == "resident" else None
    said, on = claims(request), day_of(timezone.now())
    held = mandates_held(said.national_id, on) if said and said.level >= 2 else []
    named = next((each for each in held if str(each.uuid) == mandate), None)
    found = mandate_for(said.national_id, named.principal.uuid, procedure, on) if said and named else None
    return Beginning(found.principal, found.uuid) if found else None


def person_seen(request: HttpRequest, draft: Draft) -> int | None:
    """Whose data the connection may show while this draft is open: its person's, if that is who signed in or who let them act.

    Whoever merely holds the draft's code sees the draft, and nobody.
    """
    if draft.person_id is None or getattr(request, "resident", None) is None:
        return None
    own = themself(request)
    if own is not None and own.pk == draft.person_id:
        return own.pk
    said, on = claims(request), day_of(timezone.now())
    held = mandates_held(said.national_id, on) if said and said.level >= 2 and draft.mandate else []
    is_theirs = any(each.uuid == draft.mandate and each.principal_id == draft.person_id for each in held)
    return draft.person_id if is_theirs else None


def may_go_on(request: HttpRequest, draft: Draft, procedure: str) -> bool:
    """What was begun for another ends with the mandate, also for whoever holds its code; whom it is about may always go on."""
    if draft.mandate is None:
        return True
    own = themself(request)
    if own is not None and own.pk == draft.person_id:
        return True
    return mandate_lives(draft.mandate, procedure, day_of(timezone.now()))


def holds_mandate(request: HttpRequest, mandate: UUID, procedure: str) -> bool:
    """Whether whoever signed in may do this procedure under this mandate now; nobody who is not signed in may."""
    said = claims(request)
    held = mandates_held(said.national_id, day_of(timezone.now())) if said and said.level >= 2 else []
    return any(each.uuid == mandate and covers(each, procedure) for each in held)


def own_claims(request: HttpRequest, draft: Draft) -> Claims | None:
    """What the e-identity of this visit says, where this visit is who began the draft for themself: nobody else's claims speak in it."""
    resident: ResidentActor | None = getattr(request, "resident", None)
    own = themself(request) if draft.mandate is not None else None
    is_theirs = draft.mandate is None or (own is not None and own.pk == draft.person_id)
    is_own = resident is not None and draft.opened_by == resident.id and is_theirs
    return claims(request) if is_own and draft.known_by == KnownBy.E_IDENTITY else None
