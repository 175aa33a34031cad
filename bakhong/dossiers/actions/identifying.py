"""Whose dossier it is: of somebody who filed without an account, known once an officer has their card in hand."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.dossiers.actions.results import learn
from bakhong.dossiers.actions.stepping import happen, take
from bakhong.dossiers.applicants import number_index, person_meant
from bakhong.dossiers.models import (
    AgencyAsk,
    Attachment,
    Dossier,
    Event,
    Kind,
    PaperCheck,
    State,
    Supplement,
    UpdateRequest,
)
from bakhong.eforms.actions.judging import recognise
from bakhong.people.models import Person

_ABOUT_THEM = (Event, Attachment, PaperCheck, Supplement, AgencyAsk, UpdateRequest)


def identify(
    *,
    dossier: Dossier,
    number: str,
    by: Actor,
    at: datetime,
    came_in_person: bool = False,
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """The applicant is this resident of the roll: from now on they find the dossier among their own, what they typed is judged by what was
    known of them, and its result is known of them too.

    `number`: 12 digits, read from the card by whoever has it in hand.

    Raises: Refusal where it is another's, or nobody's the actor may see; NotAllowed; Conflict.
    """
    said = {"number": number_index(number).hex(), "came": came_in_person}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.IDENTIFY, by=by, version=version, key=key, said=said)
        found = taken.dossier
        if taken.done is not None:
            return found
        if found.person_id is not None:
            raise Conflict(_("Hồ sơ này đã ghi là của ai rồi."))
        person = _person(found, number, by)
        for model in _ABOUT_THEM:
            model.objects.filter(dossier=found, person=None).update(person=person)
        happen(taken, by=by, at=at, change={"person": person}, came_in_person=came_in_person)
        if found.draft is not None:
            recognise(draft=found.draft, person=person, on=day_of(found.submitted_at), by=by, at=at)
        if found.state == State.DONE:
            learn(found, by, at)
        return found


def _person(dossier: Dossier, number: str, by: Actor) -> Person:
    own = dossier.applicant_national_id_index
    if own is not None and bytes(own) != number_index(number):
        raise Refusal(_("Số trên thẻ khác số trong hồ sơ, nên chưa ghi. Xem lại có đúng người không."))
    meant = person_meant(dossier.applicant_name, number)
    if meant is None or not Person.objects.for_user(by).filter(pk=meant.pk).exists():
        raise Refusal(
            _(
                "Danh sách dân cư của xã chưa có người mang số và họ tên này. Thêm người ấy vào danh sách trước."
            )
        )
    return meant
