"""The tables of this room; every column says how private it is."""

from bakhong.dossiers.models.base import CaseQuerySet, OfACommune, OfADossier, units_seen
from bakhong.dossiers.models.books import BookNumber, BookYear
from bakhong.dossiers.models.choices import Channel, Check, Given, Kind, OperatedBy, ResultMode, State
from bakhong.dossiers.models.dossiers import Dossier
from bakhong.dossiers.models.events import AgencyAsk, Attachment, DayNumber, Event, OfficeCode, Supplement
from bakhong.dossiers.models.exchange import (
    ColumnMapping,
    CopyEvent,
    ExternalDossier,
    Point,
    ProvincialList,
    Pulled,
    Sending,
    Sent,
)
from bakhong.dossiers.models.papers import LookedUp, PaperCheck
from bakhong.dossiers.models.updates import UpdateAnswer, UpdateRequest

__all__ = [
    "AgencyAsk",
    "Attachment",
    "BookNumber",
    "BookYear",
    "CaseQuerySet",
    "Channel",
    "Check",
    "ColumnMapping",
    "CopyEvent",
    "DayNumber",
    "Dossier",
    "Event",
    "ExternalDossier",
    "Given",
    "Kind",
    "LookedUp",
    "OfACommune",
    "OfADossier",
    "OfficeCode",
    "OperatedBy",
    "PaperCheck",
    "Point",
    "ProvincialList",
    "Pulled",
    "ResultMode",
    "Sending",
    "Sent",
    "State",
    "Supplement",
    "UpdateAnswer",
    "UpdateRequest",
    "units_seen",
]
