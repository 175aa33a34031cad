"""The papers of a dossier being taken in: what the procedure names, what lies with the draft, what is ticked on the page.

A file belongs to a paper by its key (`dossiers.queries.papers`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.documents.actions.storing import store_file
from bakhong.documents.keeping import MAX_BYTES
from bakhong.documents.models import File, Purpose
from bakhong.dossiers.actions.said import PaperGiven
from bakhong.dossiers.models import Given
from bakhong.dossiers.queries.papers import MOST_KEPT, files_by_paper, keys_of
from bakhong.eforms.models import Draft
from bakhong.eforms.rules.logic import evaluate
from bakhong.procedures.labels import HELD_BY
from bakhong.procedures.rules.catalogue import Paper, Procedure


@dataclass
class PaperRow:
    """One paper as the page shows it. `is_lost`: looked up where it should be and not found."""

    paper: Paper
    number: int
    files: list[File] = field(default_factory=list)
    is_seen: bool = False
    is_lost: bool = False
    reason: str = ""
    problem: str = ""

    @property
    def held_by(self) -> str:
        return str(HELD_BY.get(self.paper.held_by, self.paper.held_by))

    @property
    def field(self) -> str:
        return f"paper-{self.paper.code}"

    def given(self) -> list[PaperGiven]:
        if self.is_lost:
            files: Sequence[File | None] = self.files or [None]
            return [PaperGiven(self.paper.code, file, Given.NOT_FOUND, self.reason) for file in files]
        found = [PaperGiven(self.paper.code, file, Given.SCANNED) for file in self.files]
        return found or ([PaperGiven(self.paper.code, None, Given.ORIGINAL_SEEN)] if self.is_seen else [])


def rows_of(
    procedure: Procedure, draft: Draft, answers: Mapping[str, Any], posted: QueryDict | None = None
) -> list[PaperRow]:
    """The papers these answers make necessary, in the procedure's order."""
    needed = [each for each in procedure.papers if each.when is None or evaluate(each.when, answers)]
    files = files_by_paper(draft.uuid, [each.code for each in needed])
    rows = [PaperRow(each, number, files[each.code]) for number, each in enumerate(needed, start=1)]
    if posted is None:
        return rows
    for row in rows:
        row.is_seen = f"{row.field}-seen" in posted
        row.is_lost = f"{row.field}-lost" in posted
        row.reason = posted.get(f"{row.field}-reason", "").replace("\x00", "").strip()[:300]
    return rows


def keep_upload(upload: "UploadedFile[Any]", *, draft: Draft, row: PaperRow, by: Actor, at: datetime) -> None:
    """Keep one photo or PDF of a paper. The same content again is the same file.

    Raises: Refusal (too large, not what it says, too many).
    """
    content = read_upload(upload)
    digest = hashlib.sha256(content).hexdigest()
    if any(file.sent_sha256 == digest for file in row.files):
        return
    if len(row.files) >= MOST_KEPT:
        raise Refusal(_("%(paper)s: nhiều nhất %(n)s tệp.") % {"paper": row.paper.name(), "n": MOST_KEPT})
    row.files.append(
        store_file(
            key=_free_key(draft, row),
            content=content,
            name=upload.name or "",
            owner=("draft", draft.uuid),
            unit=draft.village,
            purpose=Purpose.ATTACHMENT,
            by=by,
            at=at,
        )
    )


def read_upload(upload: "UploadedFile[Any]") -> bytes:
    """Raises: Refusal, before reading more than may be kept."""
    if (upload.size or 0) > MAX_BYTES:
        raise Refusal(_("Tệp quá lớn. Mỗi tệp nhiều nhất 10 MB."))
    content: bytes = upload.read()
    return content


def _free_key(draft: Draft, row: PaperRow) -> UUID:
    keys = keys_of(draft.uuid, row.paper.code)
    used = set(File.objects.filter(uuid__in=keys).values_list("uuid", flat=True))
    free = next((key for key in keys if key not in used), None)
    if free is None:
        raise Refusal(_("%(paper)s: đã gửi và bỏ quá nhiều lần.") % {"paper": row.paper.name()})
    return free
