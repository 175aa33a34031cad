"""A draft found again by its return code, with the card's number as second factor once one is known."""

import hmac
from datetime import datetime

from django.utils.translation import gettext as _

from bakhong.accounts.throttle import SOURCE_TRIES, claim_code, uncount
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound
from bakhong.eforms.contents import code_digest
from bakhong.eforms.models import Draft, State
from bakhong.eforms.rules.codes import read_code
from bakhong.people import scope
from bakhong.people.queries.identity import index_of


def find_by_code(code: str, national_id: str, at: datetime, *, source: str = "") -> Draft:
    """The draft of a code and a card number, open or submitted. A draft in which no number is known yet opens with the code alone.

    Ten wrong tries an hour for one code, and `SOURCE_TRIES` for one `source` where it is given (an address); right ones do not count. A
    wrong code and a wrong number answer alike.

    Raises: NotFound; accounts.throttle.TooMany.
    """
    read = read_code(code)
    digest = code_digest(read or "")
    # The source first: whoever tried too much counts on nobody's code any more.
    keys = [claim_code(f"draft-source:{source}", at=at, tries=SOURCE_TRIES)] if source else []
    keys += [claim_code(f"draft:{digest.hex()}", at=at)] if read else []
    with scope.seeing(OPERATOR):
        found: Draft | None = (
            Draft.objects.select_related("version__form", "village", "person")
            .filter(code_digest=digest)
            .exclude(state=State.DROPPED)
            .first()
        )
    if found is None or not _opens(found, national_id) or _is_over(found, at):
        raise NotFound(
            _("Không thấy tờ khai nào với mã và số thẻ này. Hãy xem lại từng chữ, hoặc gọi bộ phận một cửa.")
        )
    for key in keys:
        uncount(key, at)
    return found


def _opens(draft: Draft, national_id: str) -> bool:
    if draft.card_index is None:
        return True
    digits = "".join(char for char in national_id[:40] if char in "0123456789")
    return hmac.compare_digest(bytes(draft.card_index), index_of(digits))


def _is_over(draft: Draft, at: datetime) -> bool:
    return draft.state == State.OPEN and draft.expires_on < day_of(at)
