"""Whom the result of a dossier names as its signer: who decided it, in the words of their seat on that day."""

from dataclasses import dataclass

from bakhong.accounts.rules.positions import Seat
from bakhong.dossiers.models import Dossier, Event, Kind


@dataclass(frozen=True)
class NamedSigner:
    """`id` of the actor; `seat`: "KT. Chủ tịch, Phó Chủ tịch Hà Văn An"."""

    id: str
    seat: Seat


def named_signer(dossier: Dossier) -> NamedSigner | None:
    """None before it was decided."""
    rows = Event.objects.filter(dossier=dossier, kind=Kind.APPROVE)
    decided: Event | None = rows.order_by("-number").first()
    if decided is None:
        return None
    told = decided.data.get("seat") or {"name": decided.by_label, "position": ""}
    return NamedSigner(decided.by, Seat(**told))
