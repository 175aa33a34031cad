"""Deciding, signing, handing over: the result is made, signed, and what it states is known from then on."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.accounts.queries import seat_of
from bakhong.accounts.rules.positions import Seat
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.documents.actions.storing import revoke_file, store_made
from bakhong.documents.models import File
from bakhong.documents.problems import NotSigned
from bakhong.documents.queries.files import latest
from bakhong.documents.rules.codes import new_code
from bakhong.dossiers.actions.certifying import entries_of
from bakhong.dossiers.actions.duties import met_before_deciding
from bakhong.dossiers.actions.numbering import enter
from bakhong.dossiers.actions.stepping import Taken, happen, take, words
from bakhong.dossiers.actions.timing import procedure_of
from bakhong.dossiers.models import Dossier, Kind, ResultMode, State
from bakhong.dossiers.permissions import RECEIVE
from bakhong.dossiers.queries.answers import standing_sheet
from bakhong.dossiers.queries.books import NUMBER, result_book
from bakhong.dossiers.queries.signers import named_signer
from bakhong.dossiers.rules.books import DOCUMENT, span
from bakhong.dossiers.rules.transitions import transitions
from bakhong.dossiers.writing.results import result_pdf
from bakhong.eforms.queries.answers import answers_in
from bakhong.people.actions.detailing import record_details
from bakhong.procedures.rules.catalogue import Procedure, Result
from bakhong.procedures.rules.papers import facts_of


def approve(
    *,
    dossier: Dossier,
    by: Actor,
    at: datetime,
    answers: Mapping[str, Any] | None = None,
    result: str = "",
    note: str = "",
    expected_number: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Decide: the result is made as PDF with a code to check it by, and waits for its signature.

    `answers`: what the procedure's result asks of who decides (day, amount …), over what was proposed before. `result`: its code, the
    first one of the procedure where "". The number is never told, it comes from the office's book (`numbering.py`); whoever counts on one
    says it as `expected_number`.

    Raises: Refusal naming what is not filled in, or while something is owed; NotAllowed; Conflict, also when the number is another.
    """
    said = {"answers": dict(answers or {}), "result": result, "note": note}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.APPROVE, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        procedure, chosen = _result(found, result)
        told = _said(chosen, {**found.result_answers, **(answers or {})}, day_of(at))
        met_before_deciding(found, by, at)
        number = _number(found, procedure, chosen, expected_number, by, at)
        if NUMBER in told:
            told[NUMBER] = number
        signer = seat_of(by, found.village, day_of(at))
        file = _made(found, procedure, chosen, told, signer, by, at)
        happen(
            taken,
            by=by,
            at=at,
            to=State.APPROVED,
            step=next((each.code for each in procedure.steps if each.role == "approve"), found.step),
            change={
                "result_code": chosen.code,
                "result_number": number[:40],
                "result_answers": told,
                "result_file": file.uuid,
                "agency": "",
            },
            note=note,
            data={"result": chosen.code, "seat": asdict(signer)},
        )
        return found


def reopen(
    *,
    dossier: Dossier,
    note: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Undo the decision, as long as nobody has signed: the paper made says from now on that it does not hold.

    Raises: Refusal without a word why; NotAllowed; Conflict.
    """
    if not words(note, 500):
        raise Refusal(_("Ghi vì sao bỏ duyệt."))
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.REOPEN, by=by, version=version, key=key, said={"note": note})
        if taken.done is not None:
            return taken.dossier
        file = _file(taken.dossier)
        if file is not None:
            revoke_file(file=file, why=_("Bỏ duyệt trước khi ký"), by=by, at=at)
        happen(taken, by=by, at=at, to=State.IN_PROGRESS, change={"result_file": None}, note=note)
        return taken.dossier


def sign(
    *,
    dossier: Dossier,
    how: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """The result is signed: "digital" (the documents room has signed the file) or "pen" (on paper, with the stamp). What it states is
    recorded of the applicant in the same transaction. A digital result asked for electronically is handed over at once.

    Raises: Refusal when there is no digital signature, or when one given electronically was signed by pen; NotAllowed; Conflict.
    """
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.SIGN, by=by, version=version, key=key, said={"how": how})
        if taken.done is not None:
            return taken.dossier
        return _signed(taken, how, by, at)


def signed_elsewhere(*, dossier: Dossier, by: Actor, at: datetime) -> Dossier:
    """The documents room says that the file was signed, perhaps on somebody's telephone: the signature itself is the right to it,
    of whom the paper names.

    Raises: NotSigned(other_signer), Conflict.
    """
    with transaction.atomic():
        found: Dossier = (
            Dossier.objects.select_for_update(of=("self",))
            .select_related("person", "village")
            .get(pk=dossier.pk)
        )
        if found.state != State.APPROVED:
            return found
        named = named_signer(found)
        if named is None or named.id != by.id:
            raise NotSigned("other_signer")
        return _signed(Taken(found, transitions()[Kind.SIGN], "", None), "digital", by, at)


def return_result(
    *,
    dossier: Dossier,
    how: str,
    by: Actor,
    at: datetime,
    came_in_person: bool | None = None,
    note: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Hand the result over: "electronic", "desk", "post" or "home". `came_in_person` None: whoever takes it at the desk came.

    Raises: Refusal; NotAllowed; Conflict.
    """
    if how not in ResultMode.values:
        raise Refusal(_("Chọn cách trả kết quả."))
    said = {"how": how, "came": came_in_person, "note": note}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.RETURN_RESULT, by=by, version=version, key=key, said=said)
        if taken.done is None:
            if how != ResultMode.ELECTRONIC and not by.may(RECEIVE, taken.dossier.village_id):
                raise NotAllowed(_("Cán bộ ghi lại việc trả kết quả bản giấy."))
            came = how == ResultMode.DESK if came_in_person is None else came_in_person
            _returned(taken, how, came, note, by, at)
        return taken.dossier


def _signed(taken: Taken, how: str, by: Actor, at: datetime) -> Dossier:
    found = taken.dossier
    file = _file(found)
    if how not in ("digital", "pen"):
        raise Refusal(_("Chọn cách ký."))
    if how == "digital" and (file is None or not file.is_signed):
        raise Refusal(_("Văn bản kết quả chưa có chữ ký số."))
    if how == "pen" and found.result_mode == ResultMode.ELECTRONIC:
        raise Refusal(_("Người dân nhận bản điện tử, nên kết quả phải ký số."))
    happen(
        taken,
        by=by,
        at=at,
        to=State.DONE,
        change={"finished_at": at, "result_file": file.uuid if file is not None else None},
        data={"how": how},
    )
    learn(found, by, at)
    if how == "digital" and found.result_mode == ResultMode.ELECTRONIC:
        again = Taken(found, transitions()[Kind.RETURN_RESULT], "", None)
        _returned(again, ResultMode.ELECTRONIC, False, "", by, at)
    return found


def still_to_be_sealed(file: File) -> None:
    """With the dossier held, so that what is revoked meanwhile gets no version that holds; in the seal's own transaction.

    Raises: NotSigned(revoked).
    """
    Dossier.objects.select_for_update(of=("self",)).get(uuid=file.owner)
    if File.objects.get(pk=file.pk).revoked_at is not None:
        raise NotSigned("revoked")


def _returned(taken: Taken, how: str, came: bool, note: str, by: Actor, at: datetime) -> None:
    happen(
        taken,
        by=by,
        at=at,
        to=State.RETURNED,
        change={"returned_at": at},
        note=note,
        data={"how": how},
        came_in_person=came,
    )


def _result(found: Dossier, code: str) -> tuple[Procedure, Result]:
    procedure = procedure_of(found)
    if procedure is None or not procedure.results:
        raise Refusal(_("Thủ tục của hồ sơ này không còn trong danh mục."))
    chosen = next((each for each in procedure.results if code in ("", each.code)), None)
    if chosen is None:
        raise Refusal(_("Thủ tục này không có kết quả đó."))
    return procedure, chosen


def _said(chosen: Result, told: Mapping[str, Any], on: date) -> dict[str, str]:
    """What the result asks for, as texts; a day not said is today.

    Raises: Refusal naming all that is missing.
    """
    kept: dict[str, str] = {}
    for each in chosen.asks:
        value = told.get(each.code, "")
        text = value.isoformat() if isinstance(value, date) else str(value).replace("\0", "").strip()[:300]
        kept[each.code] = text or (on.isoformat() if each.type == "date" else "")
    missing = [each.vi for each in chosen.asks if not kept[each.code] and each.code != NUMBER]
    if missing:
        raise Refusal(_("Chưa ghi: %(names)s.") % {"names": ", ".join(missing)})
    return kept


def _number(
    found: Dossier, procedure: Procedure, chosen: Result, expected: str, by: Actor, at: datetime
) -> str:
    """The number the book gives, as printed; "" for a result without one.

    Raises: Conflict where the caller counts on another: a number is not replaced without a word.
    """
    book = result_book(chosen)
    if book is None:
        return ""
    rows = enter(
        dossier=found, book=book.code, entries=entries_of(found, procedure, chosen, book, at), by=by, at=at
    )
    number = span([each.number for each in rows]) if book.of == DOCUMENT else str(rows[0])
    if expected and expected != number:
        raise Conflict(
            _(
                "Số %(told)s vừa được cấp cho hồ sơ khác; số tiếp theo là %(next)s. Xem lại rồi bấm duyệt lần nữa."
            )
            % {"next": number, "told": expected[:40]}
        )
    return number


def _made(
    found: Dossier,
    procedure: Procedure,
    chosen: Result,
    told: Mapping[str, str],
    signer: Seat,
    by: Actor,
    at: datetime,
) -> File:
    code = new_code()
    content = result_pdf(
        dossier=found,
        procedure=procedure,
        result=chosen,
        said=told,
        signer=signer,
        code=code,
        at=at,
    )
    return store_made(
        key=uuid5(found.uuid, f"result:{found.version}"),
        content=content,
        name=f"{chosen.name()} {found.code or ''}.pdf",
        owner=("dossier", found.uuid),
        unit=found.village,
        purpose="result",
        by=by,
        at=at,
        person_uuid=found.person.uuid if found.person is not None else None,
        code=code,
    )


def _file(found: Dossier) -> File | None:
    """The result's file as it stands: the signed version once there is one."""
    file = File.objects.filter(uuid=found.result_file).first() if found.result_file else None
    return latest(file) if file is not None else None


def learn(found: Dossier, by: Actor, at: datetime) -> None:
    """Results become facts: the next dossier asks less."""
    procedure = procedure_of(found)
    chosen = (
        next((each for each in procedure.results if each.code == found.result_code), None)
        if procedure
        else None
    )
    if chosen is None or found.person is None or found.draft is None:
        return
    values = facts_of(chosen, answers_in(standing_sheet(found)), found.result_answers)
    if values:
        record_details(
            person=found.person,
            values=values,
            source="result",
            origin=("dossier", found.uuid),
            true_on=day_of(found.finished_at or at),
            by=by,
            at=at,
            permission=None,
        )
