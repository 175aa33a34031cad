"""The procedure of a dossier, as it was when the dossier was handed in."""

from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier
from bakhong.procedures.queries.local import procedure, version_of
from bakhong.procedures.rules.catalogue import Procedure


def procedure_of(dossier: Dossier) -> Procedure | None:
    """None for one the catalogue does not have (copied from another system)."""
    found = version_of(dossier.procedure, dossier.procedure_version)
    return found or procedure(dossier.village, dossier.procedure, day_of(dossier.submitted_at))


def step_name(dossier: Dossier) -> str:
    """Where the dossier is, in words; "" where nobody knows."""
    found = procedure_of(dossier)
    step = found.step(dossier.step) if found is not None else None
    return step.name() if step is not None else ""
