"""Whose business a stall is, chosen by somebody who has looked: names found it until then."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.payments.actions.stalls import check_organisation, keep_contact, locked
from bakhong.payments.models import Stall
from bakhong.payments.permissions import KEEP_STALLS, require_stalls
from bakhong.people.actions import add_organisation, close_organisation
from bakhong.people.models import Organisation, OrganisationKind, Person


def tie_stall(*, stall: Stall, organisation: Organisation, by: Actor, at: datetime) -> Stall:
    """From now on it is this one's: its charges stand among theirs, and they hear of its code. What was charged before stays.

    Whoever was asked until now is, for a month, told of another account too. A business that only this register had made, and that has no
    owner and no other stall, ends: nobody is counted twice.
    Raises: NotAllowed; Refusal for one that works elsewhere, or no more.
    """
    require_stalls(KEEP_STALLS, stall.village_id, by=by)
    with transaction.atomic():
        held = locked(stall)
        if held.organisation_id == organisation.pk:
            return held
        check_organisation(organisation, held.village, at)
        before = held.organisation
        kept = keep_contact(held, by, at, is_told=before.owner_id is not None)
        held.organisation = organisation
        held.save(update_fields=["organisation", *kept])
        audit.record(
            by=by,
            at=at,
            deed="payments.tie_stall",
            object_kind="stall",
            object_id=held.uuid,
            place_id=held.village_id,
            before=str(before.uuid),
            after=str(organisation.uuid),
        )
        _end_unused(before, by, at)
    return held


def tie_to_owner(*, stall: Stall, owner: Person, by: Actor, at: datetime) -> Stall:
    """A household business of the owner, who has none on the roll yet, called as the stall is. Raises: as `tie_stall`."""
    with transaction.atomic():
        made = add_organisation(
            village=owner.village,
            kind=OrganisationKind.HOUSEHOLD_BUSINESS,
            name=stall.name or stall.owner_name,
            owner=owner,
            source=_("Sổ điểm bán"),
            by=by,
            at=at,
        )
        return tie_stall(stall=stall, organisation=made, by=by, at=at)


def _end_unused(organisation: Organisation, by: Actor, at: datetime) -> None:
    is_ours = organisation.source == _("Sổ điểm bán") and not organisation.tax_code
    is_used = organisation.owner_id is not None or organisation.stalls.filter(valid_to=None).exists()
    if is_ours and not is_used and organisation.valid_to is None:
        close_organisation(organisation=organisation, ended_on=day_of(at), by=by, at=at)
