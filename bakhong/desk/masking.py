"""Numbers in a dossier that nobody has to read in order to work on it: masked until somebody says why they look."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bakhong.core.actor import Actor
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.answers import standing_review
from bakhong.dossiers.queries.told_elsewhere import told_elsewhere
from bakhong.eforms.queries.answers import Sheet
from bakhong.eforms.queries.review import ReviewLine, ReviewSection
from bakhong.people.models import Seen
from bakhong.people.queries.identity import mask

# type of a question → what a look behind its mask is called
HIDDEN = {"national_id": Seen.NATIONAL_ID.value, "phone": Seen.PHONE.value}


def reviewed(dossier: Dossier, lang: str, *, is_revealed: bool = False) -> list[ReviewSection]:
    """The answers as they stand, for a page of staff."""
    sections = standing_review(dossier, lang) if dossier.draft is not None else told_elsewhere(dossier)
    if is_revealed:
        return sections
    return [replace(each, lines=[masked_line(line) for line in each.lines]) for each in sections]


def masked_line(line: ReviewLine) -> ReviewLine:
    return replace(line, value=mask(line.value), before=mask(line.before)) if line.kind in HIDDEN else line


def hidden_in(sections: Iterable[ReviewSection]) -> set[str]:
    """What is there to be seen behind the masks."""
    return {
        HIDDEN[line.kind] for each in sections for line in each.lines if line.kind in HIDDEN and line.value
    }


def mask_known(asked: Sequence[Any], sheet: Sheet, by: Actor) -> set[str]:
    """Take away the boxes of numbers the officer did not type themself; wrong ones stay to be mended. Returns what is behind the masks."""
    typed = {path for path, row in sheet.rows.items() if row.typed_by == by.id and row.origin == "typed"}
    found = set()
    for each in asked:
        kind = each.line.question.type
        if kind in HIDDEN and each.text and each.path not in typed and not each.bound.errors:
            each.masked = mask(each.text)
            found.add(HIDDEN[kind])
    return found
