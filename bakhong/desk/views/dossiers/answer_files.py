"""Files that a form itself asks for, as they come from the dense screen."""

import hashlib
from typing import Any
from uuid import uuid5

from bakhong.accounts.access import StaffRequest
from bakhong.desk.frame import now
from bakhong.desk.paper_rows import read_upload
from bakhong.documents.actions.storing import store_file
from bakhong.documents.models import Purpose
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import open_sheet
from bakhong.eforms.queries.forms import spec_of


def answered_files(request: StaffRequest, draft: Draft) -> dict[str, list[str]]:
    """path → [uuid] of the form's own file questions: what was sent now, else what is there. A typed uuid counts for nothing."""
    if not any(question.type == "file" for _page, _group, question in spec_of(draft.version).questions()):
        return {}
    sheet = open_sheet(draft)
    found: dict[str, list[str]] = {}
    for line in sheet.asked.lines:
        if line.question.type == "file":
            upload = request.FILES.get(line.path)
            before = (
                "" if line.path in request.POST else sheet.values.get(line.path)
            )  # the button takes it back
            found[line.path] = [_answer_file(request, draft, line.path, upload)] if upload else [before or ""]
    return found


def _answer_file(request: StaffRequest, draft: Draft, path: str, upload: Any) -> str:
    content = read_upload(upload)
    file = store_file(
        key=uuid5(draft.uuid, f"answer/{path}/{hashlib.sha256(content).hexdigest()}"),
        content=content,
        name=upload.name or "",
        owner=("draft", draft.uuid),
        unit=draft.village,
        purpose=Purpose.ATTACHMENT,
        by=request.actor,
        at=now(),
    )
    return str(file.uuid)
