"""Announcing, and taking it back."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.outreach.actions.planning import line, once, paragraphs, within
from bakhong.outreach.models import Announcement
from bakhong.outreach.permissions import PLAN, require
from bakhong.outreach.rules.announcements import problems
from bakhong.places.models import Unit
from bakhong.places.queries import contact_of

# No office asks for these, whoever says so.
NEVER = frozenset({"file", "otp", "password", "card_photo"})


class Suspicious(Refusal):
    """It reads like a swindle; `codes` of rules.announcements. What is not in NEVER may be sent by whoever stands by it."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(_("Lời văn có chỗ giống lời kẻ lừa đảo. Hãy sửa các chỗ được chỉ ra."))
        self.codes = tuple(codes)


def own_phones(unit: Unit, on: date) -> frozenset[str]:
    """The number residents call at this unit: the one an announcement may name without a warning."""
    contact = contact_of(unit, on)
    return frozenset({re.sub(r"\D", "", contact.phone)}) if contact and contact.phone else frozenset()


def announce(
    *,
    unit: Unit,
    title: str,
    body: str,
    villages: Sequence[Unit],
    starts_on: date,
    ends_on: date,
    accepted: Sequence[str],
    client_key: UUID,
    by: Actor,
    at: datetime,
) -> Announcement:
    """An announcement to these villages (none: everybody), valid from a day to a day. `accepted`: warnings its writer stands by.

    Raises: NotAllowed; Suspicious; Refusal; Conflict.
    """
    require(PLAN, unit.pk, by=by)
    title, body = line(title, 120, _("tiêu đề")), paragraphs(body, 3000, _("nội dung thông báo"))
    if ends_on < starts_on or ends_on < day_of(at):
        raise Refusal(_("Ngày cuối phải từ hôm nay trở đi và không trước ngày đầu."))
    villages = [within(unit, village, at) for village in villages]
    found = problems(f"{title}\n{body}", own_phones(unit, day_of(at)))
    if [code for code in found if code in NEVER or code not in accepted]:
        raise Suspicious(found)
    with transaction.atomic():
        made, is_new = once(
            Announcement,
            client_key=client_key,
            unit=unit,
            by=by,
            at=at,
            title=title,
            body=body,
            starts_on=starts_on,
            ends_on=ends_on,
            accepted=found,
        )
        if is_new:
            made.villages.set(villages)
            audit.record(
                by=by,
                at=at,
                deed="outreach.announce",
                object_kind="announcement",
                object_id=made.uuid,
                place_id=unit.pk,
                stood_by=found,
            )
    return made


@transaction.atomic
def withdraw_announcement(*, announcement: Announcement, by: Actor, at: datetime) -> None:
    """No longer read out or hung up. Twice is once.

    Raises: NotAllowed.
    """
    require(PLAN, announcement.unit_id, by=by)
    found = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if found.withdrawn_at is None:
        found.withdrawn_at = at
        found.save(update_fields=["withdrawn_at"])
        audit.record(
            by=by,
            at=at,
            deed="outreach.withdraw_announcement",
            object_kind="announcement",
            object_id=found.uuid,
            place_id=found.unit_id,
        )
