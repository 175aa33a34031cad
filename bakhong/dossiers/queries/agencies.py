"""Which steps of a dossier other agencies do, and how far they are."""

from bakhong.dossiers.models import AgencyAsk, Dossier
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.procedures.rules.catalogue import Step


def waited_for(dossier: Dossier) -> list[AgencyAsk]:
    """What has not been answered yet, the first asked first."""
    return list(AgencyAsk.objects.filter(dossier=dossier, answered_at=None).order_by("sent_at", "id"))


def has_done(dossier: Dossier, step: Step) -> bool:
    """Whether the agency answered: asked for this step, or by its name."""
    answered = AgencyAsk.objects.filter(dossier=dossier, answered_at__isnull=False)
    return answered.filter(step=step.code).exists() or answered.filter(step="", agency=step.agency).exists()


def steps_to_send(dossier: Dossier) -> list[Step]:
    """The procedure's steps of other agencies that were not sent yet, the nearest first."""
    procedure = procedure_of(dossier)
    sent = set(AgencyAsk.objects.filter(dossier=dossier).values_list("step", flat=True))
    steps = procedure.steps if procedure is not None else ()
    return [each for each in steps if each.role == "agency" and each.code not in sent]
