"""What an answer holds, opened; and what is sensitive, sealed for its row."""

import json
from typing import Any

from bakhong.eforms.models import Answer, Draft
from bakhong.people.sealed import blind_index, seal, unseal

Value = Any  # JSON


def fill(answer: Answer, *, value: Value, offered: Value, is_sealed: bool) -> None:
    """Write what stands and what was offered, in the open or sealed."""
    if is_sealed:
        text = json.dumps({"value": value, "offered": offered}, ensure_ascii=False)
        answer.value = answer.offered = None
        answer.sealed = seal(text, _column(answer))
    else:
        answer.value, answer.offered, answer.sealed = value, offered, None


def value_of(answer: Answer) -> Value:
    return _opened(answer)["value"]


def offered_of(answer: Answer) -> Value:
    return _opened(answer)["offered"]


def code_digest(code: str) -> bytes:
    """What a return code is found by."""
    return blind_index(code, "eforms_draft.code")


def sealed_code(code: str, draft_uuid: object) -> bytes:
    return seal(code, f"eforms_draft.code:{draft_uuid}")


def code_of(draft: Draft) -> str:
    """The return code, for whoever just opened the draft."""
    return unseal(draft.code_sealed, f"eforms_draft.code:{draft.uuid}")


def _opened(answer: Answer) -> dict[str, Value]:
    if answer.sealed is None:
        return {"value": answer.value, "offered": answer.offered}
    found: dict[str, Value] = json.loads(unseal(answer.sealed, _column(answer)))
    return found


def _column(answer: Answer) -> str:
    return f"eforms_answer.value:{answer.uuid}"
