"""What stands under a resident's name, put into words for their own pages. The connection is opened to them by the middleware of people."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bakhong.core.actor import OPERATOR
from bakhong.core.numbers import format_day
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.models import State as DossierState
from bakhong.dossiers.queries.filed_elsewhere import Elsewhere, elsewhere_of
from bakhong.eforms.models import Draft
from bakhong.eforms.models import State as DraftState
from bakhong.people import scope
from bakhong.people.known_words import shown
from bakhong.people.models import Holding, Mandate, Person
from bakhong.people.queries.known import KnownValue, known_values
from bakhong.people.queries.residents import covers
from bakhong.people.rules.dictionary import Entry, dictionary
from bakhong.people.rules.services import services
from bakhong.procedures.queries.catalogue import code_of_draft, procedure_of_draft
from bakhong.ui.figures import language
from bakhong.ui.forms import parse_partial_day

_MASKED = ("national_id", "phone")
_DONE = (DossierState.DONE, DossierState.RETURNED)
_OVER = (DossierState.REFUSED, DossierState.STOPPED)
_WAITS = (DossierState.SUPPLEMENT, DossierState.DUTY)


@dataclass(frozen=True)
class KnownLine:
    """One thing the commune knows. `can_be_corrected`: a wish can be typed into one box."""

    key: str
    label: str
    shown: str
    source: str
    is_sensitive: bool
    can_be_corrected: bool


@dataclass(frozen=True)
class Filed:
    """One dossier. `kind` and `word`: its state as a sign, and in words; `there`: what other systems' lists say of it."""

    dossier: Dossier
    kind: str
    word: str
    there: Sequence[Elsewhere] = ()


@dataclass(frozen=True)
class Begun:
    """One draft that waits to be sent."""

    draft: Draft
    name: str


# --- dossiers --------------------------------------------------------------------------------------------------------


def filed_by(person: Person, now: datetime) -> list[Filed]:
    """Their dossiers, the latest first."""
    rows = Dossier.objects.filter(person=person).select_related("village").order_by("-submitted_at", "-pk")
    found = list(rows)
    with scope.seeing(OPERATOR):  # the lists are a commune's
        there = elsewhere_of(found)
    return [replace(as_filed(each, now), there=there[each.pk]) for each in found]


def as_filed(dossier: Dossier, now: datetime) -> Filed:
    state = DossierState(dossier.state)
    is_late = dossier.due_at is not None and dossier.finished_at is None and now > dossier.due_at
    if state in _DONE:
        kind = "done"
    elif state in _OVER:
        kind = "error"
    elif state in _WAITS or (is_late and dossier.waiting_since is None):
        kind = "late"
    else:
        kind = "doing"
    return Filed(dossier, kind, str(state.label))


def begun_by(person: Person, on: date) -> list[Begun]:
    """Drafts about this person that are not sent yet. Drafts are opened by their key alone, so they are looked for as the operator."""
    with scope.seeing(OPERATOR):
        rows = list(
            Draft.objects.filter(person=person, state=DraftState.OPEN, expires_on__gte=on)
            .select_related("version__form", "village")
            .order_by("-saved_at")
        )
    return [Begun(each, _name_of(each, on)) for each in rows]


def acted_for(mandate: Mandate, on: date, now: datetime) -> tuple[list[Begun], list[Filed]]:
    """The principal's drafts and dossiers of the procedures this mandate is for: what the agent may see of them."""
    with scope.seeing(OPERATOR):
        begun = [
            each for each in begun_by(mandate.principal, on) if covers(mandate, code_of_draft(each.draft, on))
        ]
        filed = [each for each in filed_by(mandate.principal, now) if covers(mandate, each.dossier.procedure)]
    return begun, filed


def _name_of(draft: Draft, on: date) -> str:
    found = procedure_of_draft(draft, on)
    return found.title(language()) if found else draft.version.form.code


# --- what is known ---------------------------------------------------------------------------------------------------


def known_lines(person: Person, on: date) -> list[KnownLine]:
    """What the commune itself holds, in the order of the dictionary. Registers of the State are not asked for a look at this page."""
    known = known_values(person, None, on=on, registers=())
    return [_line(entry, known.values[key]) for key, entry in dictionary().items() if key in known.values]


def service_lines(person: Person, on: date) -> list[tuple[str, str]]:
    """(service, since when) that the commune noted as used."""
    rows = Holding.objects.filter(person=person).order_by("service", "valid_from")
    known = services()
    return [
        (known[row.service].name(language()), format_day(row.valid_from) if row.valid_from else "")
        for row in rows
        if row.service in known
        and (row.valid_from is None or row.valid_from <= on)
        and (row.valid_to is None or row.valid_to > on)
    ]


def _line(entry: Entry, value: KnownValue) -> KnownLine:
    is_hidden = entry.is_sensitive or entry.type in _MASKED
    return KnownLine(
        key=entry.key,
        label=entry.label(language()),
        shown=shown(entry, value.value, is_hidden=is_hidden),
        source=value.label,
        is_sensitive=is_hidden,
        can_be_corrected=is_correctable(entry),
    )


def is_correctable(entry: Entry) -> bool:
    return entry.type != "list"


def iso_of(text: str) -> str:
    """A day as typed, as the dictionary writes it; "" when it is none.

    >>> iso_of("6/5/1990"), iso_of("1990"), iso_of("x")
    ('1990-05-06', '1990', '')
    """
    found = parse_partial_day(text)
    if found is None:
        return ""
    parts = [f"{found.year:04d}"] + [f"{part:02d}" for part in (found.month, found.day) if part is not None]
    return "-".join(parts)


def as_json(found: Any) -> bytes:
    return json.dumps(found, ensure_ascii=False, indent=2, default=_plain).encode()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def uuids(rows: Iterable[Begun]) -> list[UUID]:
    return [each.draft.uuid for each in rows]
