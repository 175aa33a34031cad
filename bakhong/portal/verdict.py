"""What may be said of a paper: whether it is ours, whether it still holds, and what is on it, to be compared with what one has in hand.

The order decides. A content that is ours is judged by what we know of it, a stranger's only by its signatures, which never make it ours.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from bakhong.accounts.queries import official_of_certificate
from bakhong.core.days import day_of
from bakhong.core.numbers import format_day, format_money
from bakhong.documents.models import File, Purpose
from bakhong.documents.queries.files import by_code, by_content
from bakhong.documents.queries.seals import sealing_of
from bakhong.documents.queries.verification import Verification
from bakhong.documents.queries.verification import verify as verified
from bakhong.dossiers.queries.issued import DIGITAL, PEN, Issued, issued
from bakhong.payments.queries.confirmations import confirmation_of
from bakhong.payments.writing.receipts import receipt_number
from bakhong.people.rules.names import veiled

DONE, INFO, LATE, ERROR = "done", "info", "late", "error"


@dataclass(frozen=True)
class Verdict:
    """`kind` of the note on top, its `head` and `sentences`; `rows`: (what, value) to be compared with the paper.

    `result`: the signatures, where a file was looked at. `copy_of`: whose electronic copy may be asked for, by this code.
    """

    kind: str
    head: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    result: Verification | None = None
    file: File | None = None
    copy_of: Issued | None = field(default=None, repr=False)


def of_code(text: str) -> Verdict | None:
    """By the code that somebody read off a paper; None where no paper bears it."""
    file = by_code(text)
    if file is None:
        return None
    paper = issued(file)
    kind, head, sentences = _standing(file, paper) or (
        DONE,
        _("Xã có phát hành giấy mang mã này"),
        (
            _("So từng dòng dưới đây với giấy bạn cầm. Khác một dòng là giấy giả."),
            _("Mã trên giấy giả có thể là mã chép từ giấy thật: đừng chỉ nhìn mã."),
        ),
    )
    may_copy = paper is not None and file.revoked_at is None and file.erased_at is None and bool(paper.how)
    return Verdict(
        kind, head, sentences, _rows(file, paper), file=file, copy_of=paper if may_copy and paper and _tails(paper) else None
    )  # fmt: skip


def of_file(content: bytes, *, at: datetime) -> Verdict:
    """From the file alone; it is not kept.

    Raises: Unreadable.
    """
    file = by_content(hashlib.sha256(content).hexdigest())
    result = verified(
        content, at=at, known_since=file.made_at if file is not None else None, is_passing_by=True
    )
    return _of_ours(file, result) if file is not None else _of_a_stranger(result, at)


def _of_ours(file: File, result: Verification) -> Verdict:
    paper = issued(file)
    kind, head, sentences = _standing(file, paper) or (
        DONE,
        _("Xã đã phát hành giấy này"),
        _said(paper, result),
    )
    return Verdict(kind, head, sentences, _rows(file, paper), result if result.signers else None, file)


def _said(paper: Issued | None, result: Verification) -> tuple[str, ...]:
    same = _("Tệp này đúng từng chữ với bản xã lưu.")
    if paper is not None and paper.how == PEN:
        return same, _("Tệp này không có chữ ký số: bản có giá trị là bản giấy có chữ ký và dấu.")
    if result.holds:
        return same, _("Chữ ký đúng, nội dung không bị sửa từ khi ký.")
    return (same, result.problem) if result.signers else (same,)


def _standing(file: File, paper: Issued | None) -> tuple[str, str, tuple[str, ...]] | None:
    """Why a paper of ours is not to be used; None where it holds."""
    if file.revoked_at is not None:
        told = _("Thu hồi ngày %(day)s. Đừng dùng giấy này.") % {"day": format_day(day_of(file.revoked_at))}
        return ERROR, _("Giấy này đã bị thu hồi"), (told,)
    newest = by_code(file.verify_code)
    if newest is not None and newest.pk != file.pk:
        if newest.revoked_at is not None:
            return _standing(newest, paper)
        if file.is_signed:
            return (
                LATE,
                _("Bản này đã ký, chưa có chữ ký số của cơ quan"),
                (_("Bản có cả chữ ký số của cơ quan mang cùng mã kiểm tra. Hãy xin bản đó."),),
            )
        return (
            LATE,
            _("Đây là bản trước khi ký: chưa có giá trị"),
            (_("Bản đã ký mang cùng mã kiểm tra. Hãy xin bản đó."),),
        )
    if paper is not None and not paper.how:
        return (
            LATE,
            _("Giấy này chưa ký: chưa có giá trị"),
            (_("Xã đã soạn giấy này nhưng chưa ai ký. Đừng dùng giấy này."),),
        )
    return None


def _of_a_stranger(result: Verification, at: datetime) -> Verdict:
    """A signature of somebody whose authority we believe says who signed, and never that the paper is the commune's."""
    if not result.holds:
        return Verdict(ERROR, _("Chưa thể tin giấy này"), (result.problem,), result=result)
    names = ", ".join(dict.fromkeys(each.name for each in result.signers))
    on = day_of(at)
    officials = [
        found
        for each in result.signers
        if (found := official_of_certificate(each.serial, each.issuer, each.name, on))
    ]
    about = _("Chữ ký đúng, nội dung không bị sửa từ khi ký.")
    if officials:
        told = _(
            "Người ký là %(name)s, %(position)s, nhưng giấy này không có trong hệ thống của xã. Hãy gọi xã để hỏi."
        )
        sentences = [told % {"name": each.name, "position": each.position} for each in officials]
        return Verdict(
            INFO, _("Chữ ký đúng của %(names)s") % {"names": names}, (*sentences, about), result=result
        )
    return Verdict(
        INFO,
        _("Chữ ký đúng của %(names)s, nhưng không phải giấy do xã phát hành") % {"names": names},
        (about, _("Ai có chứng thư số cũng ký được như vậy. Nếu giấy nói là của xã, đừng tin; hãy gọi xã.")),
        result=result,
    )


def _rows(file: File, paper: Issued | None) -> tuple[tuple[str, str], ...]:
    rows = [(_("Nơi phát hành"), str(file.village.full_name))]
    if paper is not None:
        how = {DIGITAL: _("ký số"), PEN: _("ký tay, đóng dấu")}.get(paper.how, _("chưa ký"))
        signed = f"{', '.join(paper.signers)} ({how})" if paper.how and paper.signers else how
        rows += [
            (_("Giấy"), paper.what),
            (_("Số"), paper.number),
            (_("Ngày"), format_day(paper.on)),
            (_("Cấp cho"), paper.about),
            (_("Người ký"), signed),
            (_("Con dấu số"), _sealed(paper)),
        ]
    else:
        rows += _of_money(file) or [*_of_slip(file), (_("Ngày"), format_day(day_of(file.made_at)))]
    rows.append((_("Dấu vân tay của tệp (SHA-256)"), file.sha256))
    return tuple(row for row in rows if row[1])


def _of_slip(file: File) -> list[tuple[str, str]]:
    """A slip of the desk that was sent: its form's name with the dossier's code, and whose seal it bears."""
    if file.owner_kind != "dossier" or file.purpose != Purpose.SLIP:
        return []
    return [(_("Giấy"), file.name.removesuffix(".pdf")), (_("Con dấu số"), sealing_of(file).name)]


def _sealed(paper: Issued) -> str:
    """Whose seal it bears; that it should bear one; "" where the commune has none."""
    if paper.sealing is None:
        return ""
    return paper.sealing.name or (_("chưa có chữ ký số của cơ quan") if paper.sealing.is_missing else "")


def _of_money(file: File) -> list[tuple[str, str]]:
    receipt = confirmation_of(file)
    if receipt is None:
        return []
    return [
        (_("Giấy"), _("Xác nhận đã nhận tiền")),
        (_("Số"), receipt_number(receipt)),
        (_("Ngày"), format_day(day_of(receipt.at))),
        (_("Người trả"), veiled(receipt.payer_name)),
        (_("Số tiền"), format_money(receipt.amount)),
    ]


def _tails(paper: Issued) -> bool:
    """Whether there is anything to know them by."""
    return bool(paper.dossier.applicant_id_tail or paper.dossier.applicant_phone_tail)
