"""What a resident answered to a question asked again: sealed on the supplement, and opened for whoever may see the dossier."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from bakhong.dossiers.models import Supplement
from bakhong.people.sealed import blind_index, seal, unseal

_COLUMN = "dossiers_supplement.answers"


def seal_answers(answers: Mapping[str, Any], uuid: UUID) -> bytes:
    return seal(json.dumps(dict(answers), ensure_ascii=False), f"{_COLUMN}:{uuid}")


def answers_of(supplement: Supplement) -> dict[str, Any]:
    """path of a question → its answer as the form reads it; empty before they answered, and once erased."""
    if supplement.answers is None:
        return {}
    found: dict[str, Any] = json.loads(unseal(supplement.answers, f"{_COLUMN}:{supplement.uuid}"))
    return found


def digest_of_answers(answers: Mapping[str, Sequence[str]]) -> str:
    """Tells the same answers from others without holding them: a telephone number could be guessed from a plain digest."""
    return blind_index(json.dumps(dict(answers), sort_keys=True, ensure_ascii=False), _COLUMN).hex()
