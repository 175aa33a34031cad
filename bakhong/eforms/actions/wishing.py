"""What is chosen beside the form's own questions: how the result is to be given back, which fees are waived, where to write to."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.eforms.actions.starting import copy_to, lock, note
from bakhong.eforms.models import Draft

Wish = str | list[str]
_MOST = 20  # texts of one wish, each of at most so many signs
_LONGEST = 120


def save_wishes(*, draft: Draft, wishes: Mapping[str, Wish], by: Actor, at: datetime) -> None:
    """Keep these beside what was chosen before; what they mean is the door's. The same again changes nothing.

    Raises: Refusal for what is no short text or list of them; Closed; NotFound; NotAllowed.
    """
    if not all(map(_is_short, [*wishes, *wishes.values()])):
        raise Refusal(_("Lựa chọn này không đọc được."))
    with transaction.atomic():
        draft_now = lock(draft, by=by)
        after = {**draft_now.wishes, **wishes}
        if after != draft_now.wishes:
            draft_now.wishes = after
            draft_now.save(update_fields=["wishes"])
            note("eforms.save_wishes", draft_now, by, at)
    copy_to(draft_now, draft)


def _is_short(wish: Wish) -> bool:
    texts = [wish] if isinstance(wish, str) else wish
    return len(texts) <= _MOST and all(
        isinstance(text, str) and len(text) <= _LONGEST and text.isprintable() for text in texts
    )
