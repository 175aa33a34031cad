"""Residents who sign in with an e-identity: known again by a digest, and by nothing they were called."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bakhong.accounts.models import Resident
from bakhong.accounts.permissions import Anonymous
from bakhong.accounts.residents import digest_of
from bakhong.audit.actions import record


@transaction.atomic
def welcome_resident(*, issuer: str, subject: str, level: int, person: UUID | None, at: datetime) -> Resident:
    """Somebody whose e-identity was checked: a new resident, or the same as last time. `person` is who they are in the roll."""
    resident, _made = Resident.objects.update_or_create(
        issuer=issuer,
        subject_digest=digest_of(issuer, subject),
        defaults={"person": person, "level": level, "signed_in_at": at},
        create_defaults={"person": person, "level": level, "signed_in_at": at, "made_at": at},
    )
    record(
        by=Anonymous(),
        at=at,
        deed="accounts.welcome_resident",
        object_kind="resident",
        object_id=resident.uuid,
        level=level,
        is_known=person is not None,
    )
    return resident


def forget_residents(*, persons: Collection[UUID]) -> int:
    """Their records in the roll are being erased: who signed in as them is forgotten, and their visits end. Returns how many."""
    gone, _by_table = Resident.objects.filter(person__in=persons).delete()
    return gone
