"""How a dossier came to the office: by which channel, whether anybody of the family had to come for it, and who fills the form in.

An officer says it in one choice; from it No 3 is counted and the fee is taken. The first choice is the usual one and costs no key.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from bakhong.core.actor import Actor
from bakhong.dossiers.models import Channel
from bakhong.eforms.actions.wishing import save_wishes
from bakhong.eforms.models import Draft, OperatedBy

WISH = "arrival"  # its name among the wishes of a draft


@dataclass(frozen=True)
class Arrival:
    """`came_in_person`: the applicant, or who acts for them, came to the office. `is_met`: the applicant stands before the officer, so that
    the roll may fill in for them."""

    code: str
    words: Any
    channel: str
    came_in_person: bool
    operated_by: str
    is_met: bool


DESK = Arrival(
    "desk", _("Người nộp đến quầy"), Channel.DIRECT.value, True, OperatedBy.OFFICER.value, is_met=True
)
ARRIVALS = (
    DESK,
    Arrival(
        "other",
        _("Người khác đi nộp thay"),
        Channel.DIRECT.value,
        True,
        OperatedBy.RELATIVE.value,
        is_met=False,
    ),
    Arrival(
        "team",
        _("Tổ công nghệ số đi nộp giúp"),
        Channel.DIRECT.value,
        False,
        OperatedBy.DIGITAL_TEAM.value,
        is_met=False,
    ),
    Arrival("post", _("Gửi qua bưu điện"), Channel.POST.value, False, OperatedBy.OFFICER.value, is_met=False),
    Arrival(
        "home",
        _("Cán bộ nhận tại nhà, tại thôn"),
        Channel.DIRECT.value,
        False,
        OperatedBy.OFFICER.value,
        is_met=True,
    ),
)
_BY_CODE = {each.code: each for each in ARRIVALS}
_OF_OPERATOR = {OperatedBy.RELATIVE: _BY_CODE["other"], OperatedBy.DIGITAL_TEAM: _BY_CODE["team"]}


def arrival(code: str, otherwise: Arrival = DESK) -> Arrival:
    return _BY_CODE.get(code, otherwise)


def arrival_of(draft: Draft) -> Arrival:
    """What was said when it was opened; else who fills it in tells. Who began at home and is here now came to the desk."""
    said = draft.wishes.get(WISH)
    usual = _OF_OPERATOR.get(OperatedBy(draft.operated_by), DESK)
    return arrival(said, usual) if isinstance(said, str) else usual


def arrivals_by(channels: Collection[str]) -> list[Arrival]:
    """Those the procedure is taken in by."""
    return [each for each in ARRIVALS if each.channel in channels]


def keep_arrival(*, draft: Draft, said: Arrival, by: Actor, at: datetime) -> None:
    """Raises: Refusal (closed)."""
    if arrival_of(draft) != said:
        save_wishes(draft=draft, wishes={WISH: said.code}, by=by, at=at)
