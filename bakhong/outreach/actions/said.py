"""What somebody says of a visit, before it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bakhong.outreach.models import Result, SignedHow, WhosePhone
from bakhong.people.models import Person

BORROWED = (WhosePhone.RELATIVE, WhosePhone.OFFICER)


@dataclass(frozen=True)
class Helped:
    """What became of one service for one person: `result` of `models.Result`; `tried` needs the code of a reason why not.

    On a borrowed telephone (`whose_phone` relative or officer) what was done needs the person's consent: `consent` says how they agreed
    (not needed where they have agreed to it before).
    """

    service: str
    result: str = Result.DONE
    reason: str = ""
    provider: str = ""
    whose_phone: str = ""
    consent: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Met:
    """A person of the household; `learnt`: what was heard about them, attributes of `people.rules.standing`."""

    person: Person
    was_met: bool = True
    helped: tuple[Helped, ...] = ()
    learnt: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Promise:
    """A signed promise of one person: these services by that day."""

    person: Person
    services: tuple[str, ...]
    due_on: date
    signed_how: str = SignedHow.SIGNATURE
    text: str = ""
