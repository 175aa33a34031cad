"""What a dossier costs: computed from the procedure as the commune offers it, from the answers and the exemptions shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.places.models import Unit
from bakhong.procedures.queries.catalogue import offer
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.fees import Due, exemptions_of, fee


def due_now(
    procedure: Procedure,
    unit: Unit,
    answers: Mapping[str, Any],
    exemptions: Sequence[str],
    channel: str,
    at: datetime,
) -> Due:
    """In đồng. How many pages and copies is asked by the form under these names.

    Raises: Refusal for an exemption the procedure does not know, or a number of pages that cannot be.
    """
    speaking = {each.code for each in exemptions_of(procedure, answers)} | set(exemptions)
    told = {"pages": _count(answers, "pages"), "copies": _count(answers, "copies")}
    offered = offer(unit, procedure.code, day_of(at))
    try:
        if offered is None:
            return fee(procedure, **told, exemptions=sorted(speaking), channel=channel)
        return offered.fee(**told, exemptions=tuple(sorted(speaking)), channel=channel)
    except ValueError as error:
        raise Refusal(_("Số trang, số bản hoặc diện miễn giảm chưa đúng. Xem lại rồi làm tiếp.")) from error


def _count(answers: Mapping[str, Any], name: str) -> int:
    value = answers.get(name)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value else 1
