"""Why a dossier pays less or nothing: what was claimed, and whether somebody of the office looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bakhong.dossiers.models import Channel, Dossier, Event, Kind
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.eforms.models import Draft, KnownBy
from bakhong.people.models import Person
from bakhong.people.queries.known import known_values
from bakhong.procedures.rules.catalogue import Procedure


@dataclass(frozen=True)
class Claimed:
    """`seen_by`: who saw the papers and when; "" while it is the resident's word alone."""

    code: str
    words: str
    seen_by: str = ""
    seen_at: datetime | None = None


def claimed(dossier: Dossier) -> list[Claimed]:
    """The exemptions that were ticked, by the resident or at the desk. Those that the answers speak for are not among them."""
    procedure = procedure_of(dossier)
    words = {each.code: each.vi for each in procedure.fee.exemptions} if procedure is not None else {}
    looked = _looked(dossier) if dossier.exemptions else {}
    return [
        Claimed(code, words.get(code, code), *looked.get(code, ("", None))) for code in dossier.exemptions
    ]


def _looked(dossier: Dossier) -> dict[str, tuple[str, datetime]]:
    """code → by whom and when it was seen: taken in at the desk, or noted later."""
    found: dict[str, tuple[str, datetime]] = {}
    kinds = (Kind.FILE, Kind.PASS_DUTY, Kind.SET_DUTY)
    for event in Event.objects.filter(dossier=dossier, kind__in=kinds).order_by("number"):
        is_at_desk = event.kind == Kind.FILE and dossier.channel != Channel.ONLINE
        seen = dossier.exemptions if is_at_desk else event.data.get("exemptions", [])
        found |= {code: (event.by_label, event.at) for code in seen if code not in found}
    return found


def ticked_beforehand(draft: Draft, procedure: Procedure, on: date) -> Mapping[str, str]:
    """code → where it is known from, "" for what the applicant ticked at home. Results are looked at with the applicant present only."""
    listed = {each.code for each in procedure.fee.exemptions}
    said = dict.fromkeys((code for code in draft.wishes.get("exemptions", []) if code in listed), "")
    if draft.person is None or draft.known_by != KnownBy.OFFICER:
        return said
    return {**said, **_known(procedure, draft.person, on)}


def _known(procedure: Procedure, person: Person, on: date) -> Mapping[str, str]:
    """code → where it is known from, of those that results of earlier dossiers show for this person."""
    shown_by = {each.fact for each in procedure.fee.exemptions if each.fact}
    if not shown_by:
        return {}
    values = known_values(person, shown_by, on=on, registers=()).values
    return {
        each.code: values[each.fact].label
        for each in procedure.fee.exemptions
        if each.fact in values and each.is_shown_by(values[each.fact].value)
    }
