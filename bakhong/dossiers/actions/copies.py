"""Certified copies at the desk (procedure 2.000815): a batch of one person taken in by one press, and everything else by a second.

Each step is the deed it always is; nothing is left out for the sake of speed, least of all the fee.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.dossiers.actions.duties import set_duty
from bakhong.dossiers.actions.fees import DOCUMENTS as GROUP
from bakhong.dossiers.actions.filing import stored_receipt
from bakhong.dossiers.actions.results import approve, return_result, sign
from bakhong.dossiers.actions.said import PaperGiven, Receipt
from bakhong.dossiers.actions.walk_in import receive_at_desk
from bakhong.dossiers.models import Dossier, Given, ResultMode, State
from bakhong.dossiers.permissions import CERTIFY, RECEIVE, may_certify, require
from bakhong.dossiers.queries.copies import lane_procedure
from bakhong.dossiers.queries.fees import is_owed
from bakhong.dossiers.rules.originals import LANE
from bakhong.eforms.actions import save_page, start_draft
from bakhong.eforms.models import Draft, KnownBy, OperatedBy
from bakhong.eforms.queries.answers import open_sheet
from bakhong.eforms.queries.forms import spec_of
from bakhong.people.models import Person
from bakhong.places.models import Unit

MOST = 20  # kinds of documents of one dossier, as its form allows
SIGN = "documents.sign"
OPEN = (State.RECEIVED, State.IN_PROGRESS)


@dataclass(frozen=True)
class Original:
    """A document shown: its name, the pages with text of one copy, how many copies."""

    name: str
    pages: int
    copies: int


def receive_copies(
    *,
    key: UUID,
    unit: Unit,
    originals: Sequence[Original],
    name: str,
    by: Actor,
    at: datetime,
    person: Person | None = None,
    phone: str = "",
    purpose: str = "",
) -> Receipt:
    """Take in a batch: one dossier, one receipt. The originals were seen by the officer, the person stands there.

    `name` as the book asks for it, where `person` (who is present) does not tell it. The same key again is answered with the same receipt.

    Raises: Refusal without documents or with too many, Incomplete with what is wrong in a line; NotAllowed; NotFound where the commune
    does not do this.
    """
    require(RECEIVE, unit.pk, by=by)
    earlier = stored_receipt(key)
    if earlier is not None:
        return earlier
    procedure = lane_procedure(unit, at)
    if procedure is None:
        raise NotFound(_("Xã này chưa mở thủ tục chứng thực bản sao."))
    if not 1 <= len(originals) <= MOST:
        raise Refusal(_("Ghi từ 1 đến %(most)s loại giấy tờ một lần.") % {"most": MOST})
    draft = start_draft(
        key=key,
        form=procedure.form,
        procedure=procedure.code,
        unit=unit,
        operated_by=OperatedBy.OFFICER.value,
        person=person,
        known_by=KnownBy.OFFICER.value if person is not None else KnownBy.NOBODY.value,
        by=by,
        at=at,
    ).draft
    _fill(draft, originals, {"full_name": name, "phone": phone, "purpose": purpose}, by, at)
    return receive_at_desk(
        draft=draft,
        procedure=procedure,
        papers=[PaperGiven("original", None, Given.ORIGINAL_SEEN.value)],
        result_mode=ResultMode.DESK.value,
        by=by,
        at=at,
    )


def finish_copies(
    *, dossier: Dossier, is_signed: bool, by: Actor, at: datetime, version: int | None = None
) -> Dossier:
    """As far as this person may bring it in one go, all of it or nothing: certified (the numbers are given) and, where `is_signed` says
    that the papers bear signature and stamp, signed by pen and handed over.

    What is not paid yet goes to the financial duty and stays there until its charge is paid.

    Raises: NotAllowed where nothing of what comes next is this person's; NotFound for another procedure; Conflict; Refusal.
    """
    if dossier.procedure != LANE:
        raise NotFound(_("Hồ sơ này không phải chứng thực bản sao."))
    with transaction.atomic():
        found, before = dossier, dossier.version
        if is_owed(found) and found.state in OPEN:
            return set_duty(dossier=found, by=by, at=at, version=version)
        for state, may, deed in _steps(is_signed):
            if found.state in state and may(by, found.village_id):
                found = deed(dossier=found, by=by, at=at, version=version)
                version = None
        if found.version == before:
            require(_needed(found), found.village_id, by=by)
            raise Conflict(
                _("Hồ sơ đang ở trạng thái “%(state)s” nên chưa làm tiếp được ở đây.")
                % {"state": State(found.state).label}
            )
        return found


def _steps(
    is_signed: bool,
) -> list[tuple[tuple[State, ...], Callable[[Actor, int], bool], Callable[..., Dossier]]]:
    """From which states, who may, which deed."""
    certify = (OPEN, may_certify, approve)
    if not is_signed:
        return [certify]
    return [
        certify,
        ((State.APPROVED,), partial(_holds, SIGN), partial(sign, how="pen")),
        ((State.DONE,), partial(_holds, RECEIVE), partial(return_result, how="desk")),
    ]


def _holds(permission: str, by: Actor, place_id: int) -> bool:
    return by.may(permission, place_id)


def _needed(found: Dossier) -> str:
    """The permission for what comes next."""
    return {State.DONE.value: RECEIVE, State.APPROVED.value: SIGN}.get(found.state, CERTIFY)


def _fill(draft: Draft, originals: Sequence[Original], said: dict[str, str], by: Actor, at: datetime) -> None:
    """The form that residents fill in, from the lines of the desk's page."""
    posted = {code: [text] for code, text in said.items() if text}
    for row, each in enumerate(originals):
        path = f"{GROUP}.{row}.document_"
        posted |= {
            f"{path}name": [each.name],
            f"{path}pages": [str(each.pages)],
            f"{path}copies": [str(each.copies)],
        }
    _make_rows(draft, len(originals), by, at)
    for page in spec_of(draft.version).pages:
        save_page(draft=draft, page=page.code, posted=posted, by=by, at=at)


def _make_rows(draft: Draft, wanted: int, by: Actor, at: datetime) -> None:
    """As many rows as there are documents, whatever an attempt under the same key left behind."""
    page = next(page for page in spec_of(draft.version).pages if any(q.code == GROUP for q in page.questions))
    there = open_sheet(draft).asked.rows.get(GROUP, 1)
    for _row in range(there, wanted):
        save_page(draft=draft, page=page.code, posted={"_add": [GROUP]}, by=by, at=at)
    for row in range(there, wanted, -1):
        save_page(draft=draft, page=page.code, posted={"_remove": [f"{GROUP}.{row - 1}"]}, by=by, at=at)
