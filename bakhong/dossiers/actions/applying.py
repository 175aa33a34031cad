"""The application on paper, and the applicant's own signature on it: wanted by them, never asked of them.

The PDF is made when it is first needed, from the answers that were handed in. A signature is a new version of it, an attachment, and an
event of the dossier that changes no state. Without one nothing is missing.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.throttle import claim_code, uncount
from bakhong.core.actor import Actor, Operator
from bakhong.core.errors import NotFound, Refusal
from bakhong.documents.actions.signing import start_signing
from bakhong.documents.actions.storing import store_made
from bakhong.documents.models import File, SigningJob
from bakhong.dossiers.actions.stepping import Taken, happen
from bakhong.dossiers.applicants import number_index, number_of
from bakhong.dossiers.models import Attachment, Dossier, Given, Kind
from bakhong.dossiers.permissions import require_for
from bakhong.dossiers.queries.applications import APPLICATION, application_key, application_of, may_be_signed
from bakhong.dossiers.rules.transitions import transitions
from bakhong.dossiers.writing.application import application_pdf
from bakhong.eforms.queries.forms import spec_of
from bakhong.people.queries.identity import index_of

_DIGITS = 12


def make_application(*, dossier: Dossier, by: Actor, at: datetime) -> File:
    """The application as a stored PDF, made the first time and kept. Raises: NotFound where nothing was answered here."""
    if dossier.draft is None:
        raise NotFound(_("Hồ sơ này không có tờ khai ở đây."))
    key = application_key(dossier)
    kept: File | None = File.objects.filter(uuid=key).first()
    if kept is not None:
        return kept
    return store_made(
        key=key,
        content=application_pdf(dossier),
        name=f"{spec_of(dossier.draft.version).title.vi}.pdf",
        owner=("dossier", dossier.uuid),
        unit=dossier.village,
        purpose=APPLICATION,
        by=by,
        at=at,
        person_uuid=dossier.person.uuid if dossier.person is not None else None,
    )


def start_application_signing(
    *, dossier: Dossier, provider: str, account: str, by: Actor, at: datetime, own_number: str = ""
) -> SigningJob:
    """Ask the applicant's telephone for their signature. A request that still waits is given again: pressed twice, the phone rings once.

    `account`: the card's number typed; "" for `own_number` (what the e-identity of this visit says), or for staff the applicant's.
    Call it outside a transaction (`documents.actions.signing.start_signing`).

    Raises: NotAllowed; NotFound; NotSigned; TooMany; Refusal where it is signed, over, or the number is not the applicant's.
    """
    require_for(transitions()[Kind.SIGN_APPLICATION], dossier, by=by)
    stands = application_of(dossier, at=at)
    if stands.signed is not None:
        raise Refusal(_("Đơn này đã được ký số."))
    if not may_be_signed(dossier):
        raise Refusal(_("Hồ sơ đã giải quyết xong, không cần ký đơn nữa."))
    number = _number(dossier, account, own_number, by, at)
    if stands.waiting is not None:
        return stands.waiting
    return start_signing(
        files=[make_application(dossier=dossier, by=by, at=at)],
        provider=provider,
        user_id=number,
        by=by,
        at=at,
        reason=_("Người nộp ký đơn, tờ khai"),
        place=dossier.village.name,
    )


def application_signed(*, dossier_uuid: UUID, file: File, job: SigningJob) -> None:
    """The documents room says that an application was signed: it belongs to the dossier from now on. The event says by whose certificate.

    A signature that comes when all is over stays with the file: nobody reads the application any more.
    """
    with transaction.atomic():
        rows = Dossier.objects.select_for_update(of=("self",)).select_related("person", "village")
        found: Dossier | None = rows.filter(uuid=dossier_uuid).first()
        rule = transitions()[Kind.SIGN_APPLICATION]
        if found is None or found.state not in rule.sources:
            return
        Attachment.objects.create(
            village_id=found.village_id,
            dossier=found,
            dossier_uuid=found.uuid,
            person_id=found.person_id,
            paper=APPLICATION,
            file=file.uuid,
            sha256=file.sha256,
            name=file.name,
            how=Given.SIGNED,
            at=file.made_at,
            by=job.signer,
        )
        happen(
            Taken(found, rule, "", None),
            by=Operator(id=job.signer, label=_("Người nộp")),
            at=file.made_at,
            change={"file_count": found.file_count + 1},
            data={"file": str(file.uuid), "signer": job.signer_name},
        )


def _number(dossier: Dossier, account: str, own_number: str, by: Actor, at: datetime) -> str:
    """The number at the provider: only the applicant's own, or that of whoever signed in. Staff answer for what they type."""
    if isinstance(by, StaffActor):
        return _twelve(account or number_of(dossier.applicant_national_id, dossier.uuid))
    if own_number and account in ("", own_number):
        return own_number
    key = claim_code(
        f"sign:{dossier.uuid}", at=at
    )  # else a stranger's telephone could be made to ring all day
    number = _twelve(account)
    index = dossier.applicant_national_id_index
    if index is not None:
        is_theirs = bytes(index) == number_index(number)
    else:
        # No number in the form: the card that the draft was bound with, and nobody else's.
        card = dossier.draft.card_index if dossier.draft is not None else None
        is_theirs = card is not None and bytes(card) == index_of(number)
    if not is_theirs:
        raise Refusal(_("Số này không phải số căn cước đã ghi trong đơn. Xem lại từng số."))
    uncount(key, at)
    return number


def _twelve(text: str) -> str:
    digits = "".join(sign for sign in text[:40] if sign in "0123456789")
    if len(digits) != _DIGITS:
        raise Refusal(_("Gõ đủ 12 số căn cước đã đăng ký chữ ký số."))
    return digits
