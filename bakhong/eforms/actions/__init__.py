"""Deeds of this room."""

from bakhong.eforms.actions.correcting import correct_answer
from bakhong.eforms.actions.refusals import Closed, Incomplete, SourceChanged, Stale, Theirs
from bakhong.eforms.actions.saving import Saved, save_page, save_pages
from bakhong.eforms.actions.starting import Started, bind_card, drop_draft, link_person, start_draft
from bakhong.eforms.actions.submitting import offer_anew, submit_draft

__all__ = [
    "Closed",
    "Incomplete",
    "Saved",
    "SourceChanged",
    "Stale",
    "Started",
    "Theirs",
    "bind_card",
    "correct_answer",
    "drop_draft",
    "link_person",
    "offer_anew",
    "save_page",
    "save_pages",
    "start_draft",
    "submit_draft",
]
