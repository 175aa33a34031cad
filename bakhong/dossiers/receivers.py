"""What this room hears: a file of ours was signed; a person was erased."""

from typing import Any

from django.dispatch import receiver

from bakhong.core.actor import Actor, Operator
from bakhong.documents.models import File, SigningJob
from bakhong.documents.signals import file_signed
from bakhong.dossiers.actions.results import signed_elsewhere
from bakhong.dossiers.models import Dossier


@receiver(file_signed)
def result_signed(sender: Any, file: File, replaced: File, job: SigningJob, **more: Any) -> None:
    """The signature of a result ends the work on its dossier, in the signature's own transaction."""
    if replaced.owner_kind != "dossier":
        return
    found = Dossier.objects.filter(result_file=replaced.uuid).first()
    if found is not None:
        signed_elsewhere(dossier=found, by=_signer(job), at=file.made_at)


def _signer(job: SigningJob) -> Actor:
    """Who signed, as the certificate names them."""
    return Operator(id=job.signer, label=job.signer_name or job.signer)
