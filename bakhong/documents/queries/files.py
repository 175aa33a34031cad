"""Files by person, by the code printed on them, by their content."""

from uuid import UUID

from django.db.models import QuerySet

from bakhong.documents import scope
from bakhong.documents.models import File, SigningLine
from bakhong.documents.rules.codes import typed


def papers_of(person_uuid: UUID) -> QuerySet[File]:
    """A resident's document store, newest first: what they gave and what they were given."""
    return File.objects.filter(person_uuid=person_uuid, replaced_by=None, erased_at=None).order_by("-id")


def latest(file: File) -> File:
    """The version that stands: what replaced it, and what replaced that."""
    newer = File.objects.filter(replaces=file).first()
    return latest(newer) if newer is not None else file


def by_code(text: str) -> File | None:
    """The last version of the file whose printed code somebody typed or scanned. Anybody may ask, and sees that one file."""
    code = typed(text)
    if not code:
        return None
    with scope.code(code):
        return File.objects.select_related("village").filter(verify_code=code).order_by("-id").first()


def by_content(sha256: str) -> File | None:
    """The paper of ours with exactly this content, also one that was replaced or revoked since. Anybody may ask, and sees that one file.

    A paper of ours bears a code; what residents gave us does not count, whoever signed it.
    """
    with scope.content(sha256):
        found = File.objects.select_related("village").filter(sha256=sha256).exclude(verify_code="")
        return found.order_by("-id").first()


def signers_of(file: File) -> list[str]:
    """The persons who have signed this version, as their certificates name them, first to last."""
    names: list[str] = []
    with scope.everything():
        while line := SigningLine.objects.select_related("job", "file").filter(signed=file).first():
            if not line.job.is_seal:
                names.insert(0, line.job.signer_name)
            file = line.file
    return names
