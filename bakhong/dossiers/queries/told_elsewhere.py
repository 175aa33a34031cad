"""What another system told of the applicant of a dossier that has no form of ours behind it."""

from django.utils.translation import gettext as _

from bakhong.dossiers.applicants import email_of, number_of, phone_of
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.filed_elsewhere import SYSTEMS
from bakhong.eforms.queries.review import ReviewLine, ReviewSection


def told_elsewhere(dossier: Dossier) -> list[ReviewSection]:
    """One section, as the answers of a form are shown; what was not told is left out. `kind` says which numbers are masked."""
    codes = {system: code for system, code in dossier.external_codes.items() if system in SYSTEMS}
    source = ", ".join(f"{SYSTEMS[system]}: {code}" for system, code in codes.items())
    told = (
        (_("Họ và tên"), dossier.applicant_name, "text"),
        (_("Số định danh"), number_of(dossier.applicant_national_id, dossier.uuid), "national_id"),
        (_("Số điện thoại"), phone_of(dossier.applicant_phone, dossier.uuid), "phone"),
        (_("Thư điện tử"), email_of(dossier.applicant_email, dossier.uuid), "email"),
        (_("Địa chỉ"), dossier.applicant_address, "text"),
        (_("Người nộp thay"), dossier.agent_name, "text"),
        (_("Trích yếu hồ sơ"), dossier.summary, "text"),
    )
    lines = [_line(label, value, kind, source) for label, value, kind in told if value]
    return [ReviewSection("", _("Người nộp, theo nơi đã nộp"), lines)] if lines else []


def _line(label: str, value: str, kind: str, source: str) -> ReviewLine:
    return ReviewLine(
        path="",
        label=label,
        value=value,
        source=source,
        is_missing=False,
        is_corrected=False,
        page="",
        can_correct=False,
        kind=kind,
    )
