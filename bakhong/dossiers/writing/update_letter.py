"""The letter that asks whoever keeps a register to bring it up to date, in the layout of Decree 30/2020/NĐ-CP."""

from collections.abc import Sequence
from datetime import datetime

from bakhong.documents.writing.pdf import typst_pdf
from bakhong.dossiers.applicants import number_of
from bakhong.dossiers.models import UpdateRequest
from bakhong.dossiers.queries.updates import register_name
from bakhong.dossiers.writing.shared import TYPST, head
from bakhong.places.models import Unit


def update_letter(unit: Unit, requests: Sequence[UpdateRequest], *, to: str, at: datetime) -> bytes:
    """One letter for these, all of one register. Its number stays free for the office's book; the personal numbers are whole, because
    nobody finds a record without them: whoever calls it notes the look."""
    told = head(unit, at) | {
        "subject": "Đề nghị cập nhật dữ liệu",
        "to": to,
        "register": register_name(requests[0].register),
        "rows": [_row(each) for each in requests],
    }
    return typst_pdf(TYPST / "letters" / "update_request.typ", told, at=at)


def _row(request: UpdateRequest) -> dict[str, str]:
    dossier = request.dossier
    return {
        "name": dossier.applicant_name,
        "number": number_of(dossier.applicant_national_id, dossier.uuid) or "chưa có",
        "paper": request.name,
        "reason": request.reason,
        "code": dossier.code or str(dossier.uuid)[-6:],
    }
