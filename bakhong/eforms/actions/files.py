"""A file as an answer: it must lie with this draft, or with the person it is about."""

from uuid import UUID

from bakhong.documents.models import File
from bakhong.eforms.models import Draft


def is_of_draft(text: str, draft: Draft) -> bool:
    file = File.objects.filter(uuid=UUID(text)).first()
    if file is None:
        return False
    if file.owner_kind == "draft" and file.owner == draft.uuid:
        return True
    return draft.person is not None and bool(draft.known_by) and file.person_uuid == draft.person.uuid
