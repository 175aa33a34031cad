"""What the desk asks beside the queries of the rooms: light enough to stand on every line of a page."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from bakhong.indicators.models import Finding
from bakhong.indicators.queries.words import is_english
from bakhong.indicators.rules.advice import advice
from bakhong.ui.figures import language


@dataclass(frozen=True)
class Flag:
    """An open finding as it sits on a number."""

    uuid: UUID
    severity: str  # "error" or "warning"
    message: str
    advice: str


def flags_on(figures: Collection[UUID]) -> dict[UUID, list[Flag]]:
    """The open findings about figures, by the figure's uuid; errors first. One query."""
    found: dict[UUID, list[Flag]] = defaultdict(list)
    if not figures:
        return found
    rows = (
        Finding.objects.open()
        .filter(figures__uuid__in=list(figures))
        .order_by("severity", "id")  # "error" sorts before "warning"
        .values_list("figures__uuid", "uuid", "severity", "message_en" if is_english() else "message", "code")
    )
    for figure, uuid, severity, message, code in rows:
        found[figure].append(Flag(uuid, severity, message, advice(code, language())))
    return found
