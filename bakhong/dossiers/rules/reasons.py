"""Why a paper or an answer has to be given again, and why a dossier is refused or stopped: in the resident's words, from data."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

_DATA = Path(__file__).resolve().parent.parent / "data" / "return_reasons.toml"
# The one reason for which a paper that a register holds may be asked for.
NOT_FOUND = "not_found_in_register"


@dataclass(frozen=True)
class Reason:
    """`about`: what it may be said of: "paper", "question", "dossier" (refusing), "stop", "late" (apologising), "again" (a second return),
    "result" (revoking it).

    `words` may hold {name}, the paper or question; `do` says what to do next.
    """

    code: str
    about: frozenset[str]
    words: str
    do: str

    def said(self, name: str = "") -> str:
        """One or two plain sentences.

        >>> Reason("x", frozenset(), "Ảnh {name} bị mờ.", "Chụp lại rồi gửi.").said("giấy khai sinh")
        'Ảnh giấy khai sinh bị mờ. Chụp lại rồi gửi.'
        """
        return f"{self.words.replace('{name}', name)} {self.do.replace('{name}', name)}".strip()


@lru_cache(maxsize=1)
def reasons() -> MappingProxyType[str, Reason]:
    """code → reason, in the order of `data/return_reasons.toml`."""
    told = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            code: Reason(code, frozenset(row["about"]), row["words"], row.get("do", ""))
            for code, row in told.items()
        }
    )


def reasons_about(what: str) -> tuple[Reason, ...]:
    """The reasons that may be given about "paper", "question", "dossier", "stop", "late", "again" or "result", in the order of the file.

    >>> "blurred" in {reason.code for reason in reasons_about("paper")}
    True
    """
    return tuple(reason for reason in reasons().values() if what in reason.about)
