"""Reads of this room."""

from bakhong.eforms.queries.answers import (
    Provenance,
    Sheet,
    answers_of,
    conditions_data,
    open_sheet,
    provenance,
)
from bakhong.eforms.queries.forms import current_version, spec_of
from bakhong.eforms.queries.pages import PageForm, dense_form, page_form, posted_lists
from bakhong.eforms.queries.resuming import find_by_code
from bakhong.eforms.queries.review import ReviewLine, ReviewSection, review

__all__ = [
    "PageForm",
    "Provenance",
    "ReviewLine",
    "ReviewSection",
    "Sheet",
    "answers_of",
    "conditions_data",
    "current_version",
    "dense_form",
    "find_by_code",
    "open_sheet",
    "page_form",
    "posted_lists",
    "provenance",
    "review",
    "spec_of",
]
