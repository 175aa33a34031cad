"""Whom the result of a dossier names as its signer: who decided it, in the words of their seat on that day."""

from dataclasses import dataclass

from bakhong.dossiers.models import Dossier, Event, Kind


@dataclass(frozen=True)
class NamedSigner:
    """`id` of the actor; `words`: "KT. Chủ tịch, Phó Chủ tịch Hà Văn An"."""

    id: str
    name: str
    words: str


def named_signer(dossier: Dossier) -> NamedSigner | None:
    """None before it was decided."""
    decided: Event | None = (
        Event.objects.filter(dossier=dossier, kind=Kind.APPROVE).order_by("-number").first()
    )
    if decided is None:
        return None
    name = str(decided.data.get("signer_name") or decided.by_label)
    return NamedSigner(
        id=str(decided.data.get("signer") or decided.by),
        name=name,
        words=str(decided.data.get("seat") or name),
    )
