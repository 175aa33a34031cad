"""The form of a dossier that was filed in another system: filled in here by an officer, so that its result has something to say."""

from django.db.models import Exists, OuterRef, QuerySet

from bakhong.core.days import day_of
from bakhong.dossiers.applicants import ADDRESS, EMAIL, NAME, NUMBER, PHONE, email_of, number_of, phone_of
from bakhong.dossiers.models import Dossier, Kind
from bakhong.dossiers.queries.filed_elsewhere import SYSTEMS
from bakhong.dossiers.rules.transitions import transitions
from bakhong.eforms.models import Draft, Origin
from bakhong.eforms.models import State as DraftState
from bakhong.people.queries.known import KnownValue


def can_have_form(dossier: Dossier) -> bool:
    """Whether it came from elsewhere without a form of ours, and there is still something to be decided by one."""
    is_without = dossier.draft_id is None and bool(dossier.external_codes)
    return is_without and dossier.state in transitions()[Kind.FILL_FORM].sources


def open_form_of(dossier: Dossier) -> Draft | None:
    """The form an officer began for it. The connection must see the commune."""
    rows = Draft.objects.select_related("version__form", "village", "person").defer("version__spec")
    found: Draft | None = rows.filter(uuid=dossier.uuid, state=DraftState.OPEN).first()
    return found


def without_dossier(drafts: "QuerySet[Draft]") -> "QuerySet[Draft]":
    """Those that were not opened from a dossier's page: forms that are still to be handed in."""
    return drafts.exclude(Exists(Dossier.objects.filter(uuid=OuterRef("uuid"))))


def told_values(dossier: Dossier) -> list[KnownValue]:
    """What the other system told of the applicant, under the names by which forms ask for it."""
    names = [SYSTEMS[system] for system in dossier.external_codes if system in SYSTEMS]
    label = ", ".join(names) or str(Origin.PORTAL.label)
    told = {
        NAME: dossier.applicant_name,
        NUMBER: number_of(dossier.applicant_national_id, dossier.uuid),
        PHONE: phone_of(dossier.applicant_phone, dossier.uuid),
        EMAIL: email_of(dossier.applicant_email, dossier.uuid),
        ADDRESS: dossier.applicant_address,
    }
    day = day_of(dossier.submitted_at)
    return [
        KnownValue(key, value, Origin.PORTAL, f"portal:{dossier.uuid}", day, label, False)
        for key, value in told.items()
        if value
    ]
