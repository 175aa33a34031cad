"""An agent goes on with a draft somebody else began for themself."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bakhong.accounts.residents import Claims
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.eforms.actions.prefilling import require_known
from bakhong.eforms.actions.starting import copy_to, lock, note
from bakhong.eforms.models import Draft, KnownBy, OperatedBy


def act_for(*, draft: Draft, mandate: UUID, claims: Claims | None, by: Actor, at: datetime) -> None:
    """From now on the draft says that an agent had it in hand, and under which mandate. Said again it is said once.

    Raises: NotAllowed, for who does not hold this mandate of the draft's person; NotFound; Closed.
    """
    with transaction.atomic():
        draft_now = lock(draft, by=by)
        require_known(
            person=draft_now.person,
            known_by=KnownBy.E_IDENTITY,
            mandate=mandate,
            claims=claims,
            by=by,
            on=day_of(at),
        )
        if (draft_now.mandate, draft_now.operated_by) != (mandate, OperatedBy.RELATIVE):
            draft_now.mandate, draft_now.operated_by = mandate, OperatedBy.RELATIVE
            draft_now.save(update_fields=["mandate", "operated_by"])
            note("eforms.act_for", draft_now, by, at, mandate=str(mandate))
    copy_to(draft_now, draft)
