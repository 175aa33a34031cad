"""What was corrected in a form and nobody who holds it was asked to set right."""

from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import Sheet
from bakhong.people.models import CorrectionRequest


def unreported(draft: Draft, sheet: Sheet) -> set[str]:
    """Paths of answers that say otherwise than their source without a request about it: rows of a group, what the source cannot take."""
    asked = set(
        CorrectionRequest.objects.filter(about_kind="draft", about=draft.uuid).values_list("key", flat=True)
    )
    corrected = {path for path, row in sheet.rows.items() if row.is_corrected}
    lines = (line for line in sheet.asked.lines if line.path in corrected)
    return {line.path for line in lines if sheet.spec.key_of(line.group, line.question) not in asked}
