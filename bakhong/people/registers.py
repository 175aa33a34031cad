"""The port to the State's registers: population, civil status, social insurance, health insurance, land.

`adapters/registers/README.md` says what an adapter has to do. `settings.REGISTERS` names the class of each register that is connected; no
other is asked. A register that does not answer in time is silent: whoever asked goes on without it and says so.
"""

import logging
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from bakhong.people.rules.dictionary import REGISTERS, dictionary, fits, tidy

_IDENTITY = "person.national_id"  # asked for along, to see whom the answer is about
_log = logging.getLogger(__name__)
_REST = 30.0  # seconds during which a register that kept somebody waiting is not asked again


@dataclass(frozen=True)
class Check:
    """Whether a register answers, and a sentence for the operator."""

    ok: bool
    detail: str


class NotFound:
    """The register answered: it has nobody with this number. Never the same as silence."""


NOT_FOUND = NotFound()


class Silent(Exception):
    """The register did not answer, or not so that it could be understood. The text is for the operator and holds no personal value."""


class Register(Protocol):
    """One register. `is_local`: it answers from this machine, at once, so that nobody has to watch the time."""

    code: str
    name: str
    keys: frozenset[str]
    is_local: bool

    def lookup(self, national_id: str, keys: Collection[str]) -> Mapping[str, Any] | NotFound:
        """What it holds of these names of the dictionary; a name it has nothing for is left out. Raises: Silent."""
        ...

    def check(self) -> Check: ...


def checks() -> list[tuple[str, str, Check]]:
    """(code, name, whether it answers) of each register that is connected. What a check trips over counts as no answer."""
    return [(code, each.name, _checked(each)) for code, each in connected().items()]


def _checked(register: Register) -> Check:
    try:
        return register.check()
    except Exception as error:
        return Check(False, f"không trả lời ({type(error).__name__})")


@dataclass(frozen=True)
class Answer:
    """What one register said. `state`: "found", "not_found" or "silent"; `odd`: names whose value had not the shape it must have."""

    register: str
    name: str
    state: str
    values: Mapping[str, Any]
    odd: tuple[str, ...] = ()


def connected() -> Mapping[str, Register]:
    """code → register, of those this installation is connected to, in the order of the dictionary."""
    named: Mapping[str, str] = settings.REGISTERS
    return {code: _made(code, named[code]) for code in REGISTERS if named.get(code)}


def names_of(codes: Collection[str]) -> list[str]:
    """What people call these registers, of those that are connected."""
    return [each.name for code, each in connected().items() if code in codes]


def ask(codes: Collection[str], national_id: str, keys: Collection[str]) -> list[Answer]:
    """Ask these registers at once for what they hold of these names; each answers within `settings.REGISTER_SECONDS` or is silent."""
    found = [each for code, each in connected().items() if code in codes and each.keys & set(keys)]
    waiting = [_Asked(each, national_id, each.keys & set(keys)) for each in found]
    until = time.monotonic() + settings.REGISTER_SECONDS
    return [asked.answer(until) for asked in waiting]


class _Asked:
    """One question under way. What is far away is asked in a thread of its own, which nobody waits for longer than agreed."""

    def __init__(self, register: Register, national_id: str, keys: frozenset[str]) -> None:
        self._register = register
        self._number = national_id
        self._keys = keys
        self._said: Mapping[str, Any] | NotFound | None = None
        self._thread: threading.Thread | None = None
        if register.is_local:
            self._ask()
        elif _quiet_until.get(register.code, 0.0) <= time.monotonic():
            self._thread = threading.Thread(target=self._ask, daemon=True)
            self._thread.start()

    def answer(self, until: float) -> Answer:
        if self._thread is not None:
            self._thread.join(max(0.0, until - time.monotonic()))
            if self._thread.is_alive():
                _quiet_until[self._register.code] = time.monotonic() + _REST
                _log.warning("Register %s did not answer in time.", self._register.code)
        return self._judged(self._said)

    def _ask(self) -> None:
        try:
            self._said = self._register.lookup(self._number, self._keys | (self._register.keys & {_IDENTITY}))
        except Silent as silence:
            _log.warning("Register %s: %s", self._register.code, silence)
        except Exception as error:
            # Whatever an adapter trips over, the page goes on. Its words may quote a person: only their kind is written down.
            _log.warning("Register %s: %s", self._register.code, type(error).__name__)

    def _judged(self, said: Mapping[str, Any] | NotFound | None) -> Answer:
        code, name = self._register.code, self._register.name
        if isinstance(said, NotFound):
            return Answer(code, name, "not_found", {})
        if not isinstance(said, Mapping):
            return Answer(code, name, "silent", {})
        if said.get(_IDENTITY, self._number) != self._number:
            # It speaks of somebody else: nothing it says may be shown.
            return Answer(code, name, "silent", {}, (_IDENTITY,))
        known = dictionary()
        asked = {key: tidy(known[key], value) for key, value in said.items() if key in self._keys}
        asked = {key: value for key, value in asked.items() if value not in ("", None)}
        good = {key: value for key, value in asked.items() if fits(known[key], value)}
        return Answer(code, name, "found", good, tuple(sorted(asked.keys() - good.keys())))


_quiet_until: dict[str, float] = {}


@lru_cache(maxsize=32)
def _made(code: str, path: str) -> Register:
    register: Register = import_string(path)()
    assert register.code == code, f"{path} is not the register {code}"
    assert register.keys <= dictionary().keys(), f"{path} answers for names the dictionary does not have"
    return register
