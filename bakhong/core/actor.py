"""Who does a deed: rooms below `accounts` know actors, never users."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Somebody (or something) that does a deed.

    `id` is stable and opaque ("staff:018f…", "operator"), stored without a foreign key; `label` is for people to read.
    """

    @property
    def id(self) -> str: ...

    @property
    def label(self) -> str: ...

    def may(self, permission: str, place_id: int | None = None) -> bool:
        """True when this actor holds `permission` at the place (None: anywhere at all)."""
        ...


@dataclass(frozen=True)
class Operator:
    """The person at the server's own command line, who holds every permission; the audit trail says so."""

    id: str = "operator"
    label: str = "Người vận hành máy chủ"

    def may(self, permission: str, place_id: int | None = None) -> bool:
        return True


OPERATOR = Operator()
