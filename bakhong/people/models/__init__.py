"""The tables of this room. Each row hangs on a village; every column says how private it is."""

from bakhong.people.models.adoption import Adoption, Holding, State, Subject
from bakhong.people.models.base import AreaQuerySet, OfAVillage
from bakhong.people.models.details import Detail, DetailSource
from bakhong.people.models.facts import Consent, Fact, Import, Look, Purpose, Reason, Seen, Source
from bakhong.people.models.organisations import Organisation, OrganisationKind, PhoneSubscription
from bakhong.people.models.people import (
    Device,
    Holder,
    Household,
    Person,
    PhoneNumber,
    Presence,
    Relation,
    Residence,
    Sex,
)
from bakhong.people.models.residents import (
    CorrectionRequest,
    CorrectionState,
    Mandate,
    MandateHow,
    MandateScope,
)

__all__ = [
    "Adoption",
    "AreaQuerySet",
    "Consent",
    "CorrectionRequest",
    "CorrectionState",
    "Detail",
    "DetailSource",
    "Device",
    "Fact",
    "Holder",
    "Holding",
    "Household",
    "Import",
    "Look",
    "Mandate",
    "MandateHow",
    "MandateScope",
    "OfAVillage",
    "Organisation",
    "OrganisationKind",
    "Person",
    "PhoneNumber",
    "PhoneSubscription",
    "Presence",
    "Purpose",
    "Reason",
    "Relation",
    "Residence",
    "Seen",
    "Sex",
    "Source",
    "State",
    "Subject",
]
