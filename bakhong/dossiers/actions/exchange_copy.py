"""Noting which fields of a dossier were typed into another system as well: each field of each system counts once."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound, Refusal
from bakhong.dossiers.models import CopyEvent, Dossier
from bakhong.dossiers.permissions import ASSIST, require
from bakhong.dossiers.queries.exchange_copy import copy_lines
from bakhong.dossiers.rules.targets import targets


def note_copied(
    *, dossier: Dossier, target: str, fields: Collection[str], by: Actor, at: datetime
) -> CopyEvent:
    """Add these fields to what was copied to the system. Said again, nothing changes.

    Raises: NotAllowed; NotFound for an unknown system; Refusal for a field that has nothing to copy.
    """
    require(ASSIST, dossier.village_id, by=by)
    found = targets().get(target)
    if found is None or not found.takes(dossier.procedure):
        raise NotFound(_("Không có hệ thống này."))
    offered = [each.code for each in copy_lines(dossier, found)]
    if not fields or not set(fields) <= set(offered):
        raise Refusal(_("Chọn ít nhất một ô đã chép."))
    with transaction.atomic():
        Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
        made, is_new = CopyEvent.objects.get_or_create(
            dossier=dossier,
            target=target,
            defaults={
                "village_id": dossier.village_id,
                "dossier_uuid": dossier.uuid,
                "person_id": dossier.person_id,
                "offered": len(offered),
                "first_at": at,
                "last_at": at,
                "by": by.id,
            },
        )
        copied = sorted(set(made.copied) | set(fields))
        if copied == made.copied:
            return made
        made.copied, made.copied_count, made.last_at = copied, len(copied), at
        made.offered = max(made.offered, len(offered), len(copied))
        made.save(update_fields=["copied", "copied_count", "last_at", "offered"])
        if is_new:
            _trail(made, dossier, by, at)
    return made


def _trail(made: CopyEvent, dossier: Dossier, by: Actor, at: datetime) -> None:
    """Once for each system: a line for each field would bury the trail."""
    audit.record(
        by=by,
        at=at,
        deed="dossiers.copy_fields",
        object_kind="dossier",
        object_id=dossier.uuid,
        place_id=dossier.village_id,
        target=made.target,
    )
