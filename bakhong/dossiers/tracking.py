"""The code by which anybody who has the slip follows the dossier: sealed on the dossier, found by its keyed digest."""

from typing import Any
from uuid import UUID

from bakhong.dossiers.models import Dossier
from bakhong.dossiers.rules.codes import plain_tracking_code
from bakhong.people.sealed import blind_index, seal, unseal

_COLUMN = "dossiers_dossier.tracking"


def tracking_code_of(dossier: Dossier) -> str:
    """The code that is printed on the slip."""
    return unseal(dossier.tracking, f"{_COLUMN}:{dossier.uuid}")


def tracking_digest(plain: str) -> bytes:
    """What a dossier is found by when its code comes back."""
    return blind_index(plain, _COLUMN)


def tracking_columns(code: str, uuid: UUID) -> dict[str, Any]:
    return {
        "tracking": seal(code, f"{_COLUMN}:{uuid}"),
        "tracking_digest": tracking_digest(plain_tracking_code(code)),
    }
