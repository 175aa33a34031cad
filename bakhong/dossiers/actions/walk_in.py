"""At the desk a dossier is handed in and taken in at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bakhong.accounts.residents import Claims
from bakhong.core.actor import Actor
from bakhong.dossiers.actions.filing import filed
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import PaperGiven, Receipt
from bakhong.dossiers.models import State
from bakhong.dossiers.permissions import RECEIVE, require
from bakhong.eforms.actions.asking import ask_registers
from bakhong.eforms.actions.refusals import SourceChanged
from bakhong.eforms.actions.submitting import offer_anew
from bakhong.eforms.models import Draft
from bakhong.procedures.rules.catalogue import Procedure


def receive_at_desk(
    *,
    draft: Draft,
    procedure: Procedure | str,
    papers: Sequence[PaperGiven],
    result_mode: str,
    by: Actor,
    at: datetime,
    key: UUID | None = None,
    channel: str = "direct",
    exemptions: Sequence[str] = (),
    result_address: str = "",
    came_in_person: bool | None = None,
    claims: Claims | None = None,
) -> Receipt:
    """Hand in and take in at once, as at the desk: the receipt's dossier has its code and its due moment. The same draft again: the same.

    Raises: as `file_dossier` and `receive`.
    """
    require(RECEIVE, draft.village_id, by=by)
    heard = ask_registers(draft=draft, by=by, at=at)
    try:
        with transaction.atomic(durable=True):
            receipt = filed(
                draft=draft,
                procedure=procedure,
                channel=channel,
                papers=papers,
                result_mode=result_mode,
                by=by,
                at=at,
                key=key,
                exemptions=exemptions,
                result_address=result_address,
                came_in_person=came_in_person,
                claims=claims,
                heard=heard,
            )
            if receipt.dossier.state == State.SUBMITTED:
                received = receive(dossier=receipt.dossier, by=by, at=at)
                return Receipt(received, receipt.tracking_code, receipt.files, receipt.is_repeated)
            return receipt
    except SourceChanged:
        offer_anew(draft=draft, by=by, at=at, claims=claims, answers=heard)
        raise
