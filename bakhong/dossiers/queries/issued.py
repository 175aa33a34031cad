"""What a paper that came out of a dossier is, for whoever holds the paper or its code: enough to compare with it, nobody's whole name."""

from dataclasses import dataclass
from datetime import date

from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.documents.models import File, Purpose
from bakhong.documents.queries.files import signers_of
from bakhong.documents.queries.seals import Sealing, sealing_of
from bakhong.dossiers.models import Dossier, Event, Kind
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.signers import named_signer
from bakhong.people import scope
from bakhong.people.rules.names import veiled

DIGITAL, PEN, UNSIGNED = "digital", "pen", ""


@dataclass(frozen=True)
class Issued:
    """`about`: the applicant's name, veiled. `how`: DIGITAL, PEN, or UNSIGNED while it has no value yet. `signers`: names of persons;
    `sealing`: the agency's own signature, of what was signed digitally.

    `on`: the day of the signature, of the draft while there is none.
    """

    dossier: Dossier
    what: str
    number: str
    on: date
    about: str
    how: str
    signers: tuple[str, ...]
    sealing: Sealing | None = None


def issued(file: File) -> Issued | None:
    """None for what is no result of a dossier."""
    if file.owner_kind != "dossier" or file.purpose != Purpose.RESULT:
        return None
    with scope.seeing(OPERATOR):
        dossier = Dossier.objects.select_related("village", "person").filter(uuid=file.owner).first()
        if dossier is None:
            return None
        signing = _last(dossier, Kind.SIGN) if dossier.finished_at else None
        how = str(signing.data.get("how", "")) if signing is not None else UNSIGNED
        return Issued(
            dossier=dossier,
            what=_name(dossier),
            number=dossier.result_number,
            on=day_of(signing.at if signing is not None else file.made_at),
            about=veiled(dossier.applicant_name),
            how=how,
            signers=tuple(signers_of(file)) if how == DIGITAL else _named(dossier),
            sealing=sealing_of(file) if how == DIGITAL else None,
        )


def _last(dossier: Dossier, kind: str) -> Event | None:
    found: Event | None = Event.objects.filter(dossier=dossier, kind=kind).order_by("-number").first()
    return found


def _named(dossier: Dossier) -> tuple[str, ...]:
    signer = named_signer(dossier)
    return (signer.seat.words,) if signer is not None else ()


def _name(dossier: Dossier) -> str:
    procedure = procedure_of(dossier)
    results = procedure.results if procedure is not None else ()
    chosen = next((each for each in results if each.code == dossier.result_code), None)
    return chosen.name() if chosen is not None else dossier.procedure_name
