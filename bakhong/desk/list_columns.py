"""What a form says of the columns of a list that is looked through before it is taken in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bakhong.core.errors import Refusal
from bakhong.people.rules.headings import IGNORE, Layout

NOT_TAKEN = _("Hai cột cùng được chọn là “%(name)s”. Chọn một cột, cột kia để “Không nhập”.")
NOT_USED = _("Hai cột cùng được chọn là “%(name)s”. Chọn một cột, cột kia để “Không dùng”.")


def fields_said(
    request: HttpRequest, layouts: Iterable[Layout], names: Mapping[str, Any], *, twice: Any
) -> dict[tuple[str, int], str]:
    """(sheet, column) → field. Every column shown is said, so that an earlier word can be taken back.

    Raises: Refusal (`twice`) where two columns of a sheet are said to hold the same.
    """
    fields: dict[tuple[str, int], str] = {}
    for number, layout in enumerate(layouts):
        posted = {each.index: request.POST.get(f"field-{number}-{each.index}", "") for each in layout.columns}
        told = {index: field for index, field in posted.items() if field in names}
        refuse_twice((field for field in told.values() if field != IGNORE), names, twice=twice)
        fields |= {(layout.sheet, index): field for index, field in told.items()}
    return fields


def refuse_twice(told: Iterable[str], names: Mapping[str, Any], *, twice: Any) -> None:
    """Raises: Refusal where two columns are said to hold the same."""
    again = [field for field, number in Counter(told).items() if number > 1]
    if again:
        raise Refusal(str(twice) % {"name": names[again[0]]})
