"""Taking a whole list back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound
from bakhong.people.actions.retracting import retract_facts
from bakhong.people.models import Adoption, Fact, Import
from bakhong.people.permissions import IMPORT


def undo_import(*, import_id: UUID, by: Actor, at: datetime) -> dict[str, Any]:
    """Take one whole import back by new facts. `removed`: people no longer visible; `restored`: people who stand as before.

    Raises: NotFound; NotAllowed; Conflict when it was taken back already.
    """
    batch = Import.objects.select_related("commune").filter(uuid=import_id).first()
    if batch is None or not by.may(IMPORT, batch.commune_id):
        raise NotFound(_("Không có lần nhập này."))
    with transaction.atomic():
        batch = Import.objects.select_for_update().get(pk=batch.pk)
        if batch.undone_at is not None:
            raise Conflict(_("Lần nhập này đã được thu hồi rồi."))
        removed, restored = retract_facts(
            facts=list(Fact.objects.filter(batch=batch)),
            adoptions=list(Adoption.objects.filter(batch=batch)),
            by=by,
            at=at,
            deed="people.undo_import",
            permission=IMPORT,
        )
        batch.undone_at, batch.undone_by = at, by.id
        batch.save(update_fields=["undone_at", "undone_by"])
        audit.record(
            by=by,
            at=at,
            deed="people.undo_import",
            object_kind="import",
            object_id=batch.uuid,
            place_id=batch.commune_id,
            removed=len(removed),
            restored=len(restored),
        )
    return {"import_id": str(batch.uuid), "removed": len(removed), "restored": len(restored)}
