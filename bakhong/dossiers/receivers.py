"""What this room hears: a file of ours was signed, a fee was paid or taken back, something happened to a dossier, a person was erased."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.dispatch import receiver
from django.utils import timezone

from bakhong.core.actor import OPERATOR, Actor, Operator
from bakhong.documents.actions.storing import erase_file
from bakhong.documents.models import File, Purpose, SigningJob
from bakhong.documents.signals import file_signed
from bakhong.dossiers.actions.applying import application_signed
from bakhong.dossiers.actions.duties import fee_paid, undo_duty
from bakhong.dossiers.actions.exchange_telling import queue_telling
from bakhong.dossiers.actions.results import signed_elsewhere, still_to_be_sealed
from bakhong.dossiers.actions.slips import slip_wanted
from bakhong.dossiers.actions.telling import tell
from bakhong.dossiers.adapters.registry import exchanges
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.queries.fees import ABOUT
from bakhong.dossiers.signals import dossier_changed
from bakhong.eforms.actions.erasing import forget_begun
from bakhong.payments.models import Charge
from bakhong.payments.signals import charge_paid, charge_reopened
from bakhong.people import scope
from bakhong.people.signals import erased


@receiver(file_signed)
def result_signed(sender: Any, file: File, replaced: File, job: SigningJob, **more: Any) -> None:
    """A signed result ends the work on its dossier, a signed application is attached to it: in the signature's own transaction.

    The agency's seal follows a signature and ends nothing.
    """
    if replaced.owner_kind != "dossier":
        return
    if job.is_seal:
        still_to_be_sealed(replaced)
        return
    if replaced.purpose == Purpose.APPLICATION:
        application_signed(dossier_uuid=replaced.owner, file=file, job=job)
        return
    found = Dossier.objects.filter(result_file=replaced.uuid).first()
    if found is not None:
        signed_elsewhere(dossier=found, by=_signer(job), at=file.made_at)


@receiver(charge_paid)
def duty_met(sender: Any, charge: Charge, at: datetime, **more: Any) -> None:
    """The dossier goes on in the payment's own transaction. Who takes money need not see dossiers: the program does this."""
    _of_its_dossier(charge, lambda found: fee_paid(dossier=found, by=OPERATOR, at=at))


@receiver(charge_reopened)
def duty_undone(sender: Any, charge: Charge, at: datetime, **more: Any) -> None:
    """The money went back: never silently."""
    _of_its_dossier(charge, lambda found: undo_duty(dossier=found, charge=charge.uuid, by=OPERATOR, at=at))


def _of_its_dossier(charge: Charge, do: Callable[[Dossier], object]) -> None:
    if charge.about_kind != ABOUT or charge.about is None:
        return
    with scope.seeing(OPERATOR):
        found = Dossier.objects.filter(uuid=charge.about).first()
        if found is not None:
            do(found)


def _signer(job: SigningJob) -> Actor:
    """Who signed, as the certificate names them."""
    return Operator(id=job.signer, label=job.signer_name or job.signer)


@receiver(dossier_changed)
def tell_of_it(sender: Any, event: Event, **more: Any) -> None:
    """The resident, or whoever works on it, is told; in the deed's transaction, so that nobody hears of what did not happen."""
    tell(event)


@receiver(dossier_changed)
def send_slip(sender: Any, event: Event, **more: Any) -> None:
    """To who filed online, with the agency's own signature where it has one."""
    slip_wanted(event)


@receiver(dossier_changed)
def tell_other_systems(sender: Any, event_id: int, **more: Any) -> None:
    """A line of the outbox for each system that is set up, in the deed's transaction."""
    systems = tuple(exchanges())
    if systems:
        queue_telling(event=Event.objects.get(pk=event_id), systems=systems)


@receiver(erased)
def forget_persons(sender: Any, person_ids: Collection[int], **more: Any) -> None:
    """Runs while the deed holds `app.erasing`. That there was a dossier, its states and days, stays; whose it was and what it said goes."""
    with connection.cursor() as cursor:
        for statement in _FORGET:
            cursor.execute(statement, {"ids": list(person_ids)})
    uuids = Dossier.objects.filter(person_id__in=person_ids).values_list("uuid", flat=True)
    for file in File.objects.filter(owner_kind="dossier", owner__in=list(uuids), erased_at=None):
        erase_file(file=file, by=OPERATOR, at=timezone.now())
    forget_begun(list(uuids), by=OPERATOR, at=timezone.now())


_FORGET = (
    """UPDATE dossiers_dossier SET applicant_name = '', applicant_sort_key = '', applicant_phone = NULL, applicant_phone_tail = '',
       applicant_email = NULL, applicant_national_id = NULL, applicant_national_id_index = NULL, applicant_id_tail = '',
       applicant_address = '', agent_name = '', result_address = '', result_number = '', result_answers = '{}',
       summary = '' WHERE person_id = ANY(%(ids)s)""",
    """UPDATE dossiers_event SET note = '', data = '{}'
        WHERE person_id = ANY(%(ids)s) AND kind NOT IN ('apologise', 'warn', 'escalate', 'take_back')""",
    "UPDATE dossiers_event SET note = '' WHERE person_id = ANY(%(ids)s) AND note <> ''",
    "UPDATE dossiers_supplement SET note = '', items = '[]', answers = NULL WHERE person_id = ANY(%(ids)s)",
    "DELETE FROM dossiers_sending WHERE person_id = ANY(%(ids)s) AND state <> 'done'",
    """UPDATE dossiers_pulled SET body = NULL, problem = '', detail = ''
        WHERE dossier_id IN (SELECT id FROM dossiers_dossier WHERE person_id = ANY(%(ids)s))""",
    "UPDATE dossiers_agencyask SET what = '', answer = '' WHERE person_id = ANY(%(ids)s)",
    "UPDATE dossiers_booknumber SET what = '' WHERE person_id = ANY(%(ids)s)",
    "UPDATE dossiers_attachment SET name = '' WHERE person_id = ANY(%(ids)s)",
    "UPDATE dossiers_papercheck SET reason = CASE WHEN state = 'not_found' THEN 'đã xoá' ELSE '' END WHERE person_id = ANY(%(ids)s)",
    """UPDATE dossiers_updaterequest SET name = '', reason = 'đã xoá',
       answer_words = CASE WHEN answer_words = '' THEN '' ELSE 'đã xoá' END WHERE person_id = ANY(%(ids)s)""",
)
