"""What is told to an action of this room, and what it answers."""

from dataclasses import dataclass

from bakhong.documents.models import File
from bakhong.dossiers.models import Dossier


@dataclass(frozen=True)
class PaperGiven:
    """A paper as it comes. `how`: a value of `models.Given`. `reason`: why it is taken though a register should hold it ("not_found").

    Several of one paper are its pages.
    """

    paper: str
    file: File | None = None
    how: str = "uploaded"
    reason: str = ""


@dataclass(frozen=True)
class Receipt:
    """Given only when everything is stored for good. `files`: (name, SHA-256 in hex) of every file, in order.

    `tracking_code` opens the page on which anybody who has it follows the dossier. `is_repeated`: it had been handed in before.
    """

    dossier: Dossier
    tracking_code: str
    files: tuple[tuple[str, str], ...]
    is_repeated: bool = False


@dataclass(frozen=True)
class Wanted:
    """One thing to give again. `what`: "paper" or "question"; `code`: the paper's code or the answer's path; `reason`: a code of
    return_reasons.toml; `words`: in the officer's own words, needed for "other"."""

    what: str
    code: str
    reason: str
    words: str = ""
