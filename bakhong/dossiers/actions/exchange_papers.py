"""The item of another system as it is kept while it waits, and its papers as files of ours."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.documents.actions.storing import store_file
from bakhong.dossiers.actions.exchange_words import words_of
from bakhong.dossiers.actions.said import PaperGiven
from bakhong.dossiers.models import Attachment, Dossier, Given, Pulled
from bakhong.dossiers.rules.national import Filed, FiledPaper
from bakhong.dossiers.rules.papers import OTHER
from bakhong.people.sealed import seal, unseal
from bakhong.procedures.queries.local import version_of

_COLUMN = "dossiers_pulled.body"


class CannotTake(Refusal):
    """What was filed cannot become a dossier here; `problem` is a code of exchange_words.py."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(words_of(problem))


def sealed(pulled: Pulled, item: Mapping[str, Any]) -> bytes:
    return seal(json.dumps(dict(item)), f"{_COLUMN}:{pulled.uuid}")


def opened(pulled: Pulled) -> dict[str, Any]:
    """What waits. Raises: ValueError for what is no item."""
    assert pulled.body is not None
    found: dict[str, Any] = json.loads(unseal(pulled.body, f"{_COLUMN}:{pulled.uuid}"))
    return found


def new_papers(filed: Filed, dossier: Dossier, by: Actor, at: datetime) -> list[PaperGiven]:
    """Its papers that the dossier does not have yet, each content once, kept under the dossier. One of no name of ours is another paper.

    Raises: CannotTake for what is no base64; Unreadable for a file that is not what it says.
    """
    found = version_of(dossier.procedure, dossier.procedure_version)
    known = {each.code for each in found.papers} if found is not None else set()
    contents = {_key(dossier.uuid, content): (each, content) for each, content in _contents(filed.papers)}
    had = set(Attachment.objects.filter(dossier=dossier).values_list("file", flat=True))
    return [
        PaperGiven(
            each.paper if each.paper in known else OTHER,
            store_file(
                key=key,
                content=content,
                name=each.name,
                owner=("dossier", dossier.uuid),
                unit=dossier.village,
                purpose="attachment",
                by=by,
                at=at,
            ),
            Given.UPLOADED,
        )
        for key, (each, content) in contents.items()
        if key not in had
    ]


def _key(dossier: UUID, content: bytes) -> UUID:
    return uuid5(dossier, f"pulled:{hashlib.sha256(content).hexdigest()}")


def _contents(papers: Iterable[FiledPaper]) -> list[tuple[FiledPaper, bytes]]:
    return [(each, _content(each.content)) for each in papers]


def _content(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CannotTake("bad_file") from None
