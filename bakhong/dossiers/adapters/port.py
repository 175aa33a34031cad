"""What another system has to be able to do, and how it says no. national/README.md describes the wire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True)
class Check:
    """Whether it answers, and a sentence for the operator."""

    ok: bool
    detail: str


@dataclass(frozen=True)
class Batch:
    """Dossiers filed there, in order. `cursor`: where to go on asking; the same as before where nothing is new."""

    items: Sequence[Mapping[str, Any]]
    cursor: str


class NoAnswer(Exception):
    """It did not answer, or not so that it can be believed: it is asked again. `problem`: a code of exchange_words.py."""

    def __init__(self, problem: str, detail: str = "") -> None:
        self.problem, self.detail = problem, detail
        super().__init__(problem)


class Declined(Exception):
    """It answered that it does not take this one: somebody has to look. `detail` is its own code, nothing personal."""

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(detail)


class Exchange(Protocol):
    """Another system. A push is done when it returns; the same `key` again is the same push, however often it is sent."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...

    def push_state(self, key: UUID, body: Mapping[str, Any]) -> None:
        """Raises: NoAnswer; Declined."""
        ...

    def push_result(self, key: UUID, body: Mapping[str, Any], name: str, content: bytes) -> None:
        """Raises: NoAnswer; Declined."""
        ...

    def pull_filed(self, cursor: str) -> Batch:
        """What was filed after `cursor` ("": from the beginning). Raises: NoAnswer."""
        ...

    def check(self) -> Check: ...
