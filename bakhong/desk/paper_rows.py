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
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.documents.actions.storing import copy_file, erase_file, store_file
from bakhong.documents.keeping import MAX_BYTES
from bakhong.documents.models import File, Purpose
from bakhong.dossiers.actions.said import PaperGiven
from bakhong.dossiers.models import Given
from bakhong.dossiers.queries.looking_up import can_ask
from bakhong.dossiers.queries.papers import MOST_KEPT, files_by_paper, free_key, is_reused
from bakhong.eforms.models import Draft
from bakhong.eforms.rules.logic import evaluate
from bakhong.procedures.labels import HELD_BY
from bakhong.procedures.rules.catalogue import Paper, Procedure


@dataclass
class PaperRow:
    """One paper as the page shows it. `is_found`, `is_lost`: looked up where it should be known, and there, or not; `told`: what a register
    said that was asked."""

    paper: Paper
    number: int
    draft: UUID
    files: list[File] = field(default_factory=list)
    is_seen: bool = False
    is_found: bool = False
    is_lost: bool = False
    told: str = ""
    reason: str = ""
    problem: str = ""

    @property
    def held_by(self) -> str:
        return str(HELD_BY.get(self.paper.held_by, self.paper.held_by))

    @property
    def can_ask(self) -> bool:
        return can_ask(self.paper)

    @property
    def field(self) -> str:
        return f"paper-{self.paper.code}"

    def given(self) -> list[PaperGiven]:
        if self.is_lost:
            files: Sequence[File | None] = self.files or [None]
            return [PaperGiven(self.paper.code, file, Given.NOT_FOUND, self.reason) for file in files]
        if self.is_found and not self.files:
            return [PaperGiven(self.paper.code, None, Given.REGISTER)]
        found = [PaperGiven(self.paper.code, file, self._how(file)) for file in self.files]
        return found or ([PaperGiven(self.paper.code, None, Given.ORIGINAL_SEEN)] if self.is_seen else [])

    def _how(self, file: File) -> str:
        return Given.REUSED if is_reused(self.draft, self.paper.code, file) else Given.SCANNED


def rows_of(
    procedure: Procedure, draft: Draft, answers: Mapping[str, Any], posted: QueryDict | None = None
) -> list[PaperRow]:
    """The papers these answers make necessary, in the procedure's order."""
    needed = [each for each in procedure.papers if each.when is None or evaluate(each.when, answers)]
    files = files_by_paper(draft.uuid, [each.code for each in needed])
    rows = [
        PaperRow(each, number, draft.uuid, files[each.code]) for number, each in enumerate(needed, start=1)
    ]
    if posted is None:
        return rows
    for row in rows:
        row.is_seen = f"{row.field}-seen" in posted
        if row.paper.held_by:
            row.is_found = f"{row.field}-found" in posted
            row.is_lost = f"{row.field}-lost" in posted
        row.reason = posted.get(f"{row.field}-reason", "").replace("\x00", "").strip()[:300]
    return rows


def keep_papers(
    rows: Sequence[PaperRow],
    *,
    draft: Draft,
    posted: QueryDict,
    files: "MultiValueDict[str, UploadedFile[Any]]",
    own: Sequence[File],
    by: Actor,
    at: datetime,
) -> None:
    """What the page sent: new photos, papers of `own` taken again, files taken back. What cannot be kept says why on its row."""
    again = posted.get("again", "")
    for row in rows:
        try:
            for upload in files.getlist(row.field):
                keep_upload(upload, draft=draft, row=row, by=by, at=at)
            for file in own:
                if again == f"{row.field}/{file.uuid}":
                    keep_again(file, draft=draft, row=row, by=by, at=at)
        except Refusal as refusal:
            row.problem = str(refusal)
        for file in [each for each in row.files if str(each.uuid) == posted.get("take_back")]:
            erase_file(file=file, by=by, at=at)
            row.files.remove(file)


def keep_upload(upload: "UploadedFile[Any]", *, draft: Draft, row: PaperRow, by: Actor, at: datetime) -> None:
    """Keep one photo or PDF of a paper. The same content again is the same file.

    Raises: Refusal (too large, not what it says, too many).
    """
    content = read_upload(upload)
    digest = hashlib.sha256(content).hexdigest()
    if any(file.sent_sha256 == digest for file in row.files):
        return
    _require_room(row)
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


def keep_again(file: File, *, draft: Draft, row: PaperRow, by: Actor, at: datetime) -> None:
    """Take a paper the applicant gave before instead of a new photo. The same again is the same.

    Raises: Refusal (too many); Damaged.
    """
    if any(kept.sha256 == file.sha256 for kept in row.files):
        return
    _require_room(row)
    row.files.append(
        copy_file(
            key=_free_key(draft, row, is_reused=True),
            file=file,
            owner=("draft", draft.uuid),
            unit=draft.village,
            purpose=Purpose.ATTACHMENT,
            by=by,
            at=at,
        )
    )


def _require_room(row: PaperRow) -> None:
    if len(row.files) >= MOST_KEPT:
        raise Refusal(_("%(paper)s: nhiều nhất %(n)s tệp.") % {"paper": row.paper.name(), "n": MOST_KEPT})


def _free_key(draft: Draft, row: PaperRow, *, is_reused: bool = False) -> UUID:
    free = free_key(draft.uuid, row.paper.code, is_reused=is_reused)
    if free is None:
        raise Refusal(_("%(paper)s: đã gửi và bỏ quá nhiều lần.") % {"paper": row.paper.name()})
    return free
