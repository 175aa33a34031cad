"""A question whose answer is a file: the file is kept, and its uuid becomes the answer."""

import hashlib
from uuid import UUID, uuid5

from django.http import HttpRequest
from django.utils import timezone

from bakhong.documents.actions.storing import store_file
from bakhong.documents.models import File, Purpose
from bakhong.portal.filing import Filing
from bakhong.portal.views.filing.common import actor_of
from bakhong.portal.views.filing.papers import read_upload


def stored_answers(request: HttpRequest, filing: Filing, page: str) -> dict[str, list[str]]:
    """path → [uuid] for the file questions of a page. A uuid that was typed, or is of another draft, counts for nothing.

    Raises: Refusal, where a file cannot be kept.
    """
    found: dict[str, list[str]] = {}
    for line in filing.asked.of_page(page):
        if line.question.type != "file":
            continue
        upload = request.FILES.get(line.path)
        if upload is not None:
            content = read_upload(upload)
            found[line.path] = [str(_store(request, filing, line.path, content, upload.name or ""))]
        else:
            found[line.path] = _kept(request, filing, line.path)
    return found


def _kept(request: HttpRequest, filing: Filing, path: str) -> list[str]:
    """What was saved before stays, unless it is taken back with the button beside it, which sends the question's name with nothing."""
    before = filing.sheet.values.get(path)
    is_there = before and File.objects.filter(uuid=before, owner=filing.draft.uuid, erased_at=None).exists()
    return [str(before)] if is_there and path not in request.POST else []


def _store(request: HttpRequest, filing: Filing, path: str, content: bytes, name: str) -> UUID:
    draft = filing.draft
    stored = store_file(
        key=uuid5(draft.uuid, f"answer/{path}/{hashlib.sha256(content).hexdigest()}"),
        content=content,
        name=name,
        owner=("draft", draft.uuid),
        unit=draft.village,
        purpose=Purpose.ATTACHMENT,
        by=actor_of(request, draft.uuid, draft.village),
        at=timezone.now(),
    )
    return stored.uuid
