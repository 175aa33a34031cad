"""Forms 01 to 04 that were kept to be sent with the agency's own signature: of dossiers filed online, where the unit has a seal.

Source: Circular 01/2018/TT-VPCP, annex: electronically the forms bear the organisation's signature (its text was not seen).
"""

from dataclasses import dataclass
from uuid import UUID, uuid5

from bakhong.documents.models import File
from bakhong.documents.queries.files import latest
from bakhong.documents.queries.seals import seal_on
from bakhong.dossiers.models import Dossier, Event, Kind
from bakhong.dossiers.queries.undone import last_standing

FORMS: dict[str, tuple[str, ...]] = {
    "01": (Kind.RECEIVE,),
    "02": (Kind.ASK_SUPPLEMENT,),
    "03": (Kind.REFUSE, Kind.STOP),
    "04": (Kind.APOLOGISE,),
}
TITLES = {
    "01": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    "02": "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    "03": "Phiếu từ chối tiếp nhận, giải quyết hồ sơ",
    "04": "Phiếu xin lỗi và hẹn lại ngày trả kết quả",
}


@dataclass(frozen=True)
class Slip:
    """A slip that bears the seal. `title` as the form's name is, in Vietnamese."""

    form: str
    title: str
    file: File


def form_of(kind: str) -> str:
    """The form that tells a resident of such an event; "" for none."""
    return next((form for form, kinds in FORMS.items() if kind in kinds), "")


def slip_key(dossier: Dossier, number: int) -> UUID:
    """Of the slip about the event with this number."""
    return uuid5(dossier.uuid, f"slip:{number}")


def slip_about(event: Event) -> File | None:
    """The slip kept of an event, its last version."""
    file = File.objects.filter(uuid=slip_key(event.dossier, event.number)).first()
    return latest(file) if file is not None else None


def sealed_slip(dossier: Dossier, form: str) -> Slip | None:
    """The slip of this form that holds now, once it bears the seal. The connection must see the dossier's files."""
    event = last_standing(dossier, *FORMS.get(form, ()))
    file = slip_about(event) if event is not None else None
    if file is None or file.revoked_at is not None or file.erased_at is not None or not seal_on(file):
        return None
    return Slip(form, TITLES[form], file)
