"""Forgetting whose a stall was: it ends, since nobody can answer for its card any more. (In people, what they owned becomes nobody's.)"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.text import identity_key
from bakhong.messaging.actions.forgetting import forget
from bakhong.payments.models import AccountChange, ChangeState, Stall, Sticker, StickerCheck
from bakhong.people.models import OrganisationKind

# Four eyes stand in the database: who decides is never who asked, also where the operator asked.
_ERASURE = "erasure"


def forget_stalls(*, organisation_ids: Collection[int], called: Collection[str], at: datetime) -> None:
    """Stalls of their household businesses end, without a name, an account or a code; those of an enterprise only lose their name.

    Part of an erasure, on a connection that sees all stalls. `called`: their names as `identity_key` has them.
    """
    stalls = list(
        Stall.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(organisation__in=list(organisation_ids))
    )
    business = [each for each in stalls if each.organisation.kind == OrganisationKind.HOUSEHOLD_BUSINESS]
    named = [each for each in stalls if each not in business and identity_key(each.owner_name) in called]
    Stall.objects.filter(pk__in=[each.pk for each in named]).update(
        owner_name="", phone="", owner_before="", phone_before=""
    )
    ids = [each.pk for each in business]
    _forget_accounts(ids, at)
    _forget_codes(ids, at)
    for each in business:
        _end(each, at)
    Stall.objects.filter(pk__in=ids).update(
        name="", trade="", owner_name="", phone="", owner_before="", phone_before="",
        bank_bin="", account="", account_holder="",
    )  # fmt: skip
    forget(about=[each.uuid for each in (*business, *named)], at=at)


def _forget_accounts(stalls: Collection[int], at: datetime) -> None:
    changes = AccountChange.objects.filter(stall__in=list(stalls))
    changes.filter(state=ChangeState.ASKED).update(
        state=ChangeState.REFUSED, decided_at=at, decided_by=_ERASURE
    )
    changes.update(bank_bin="", account="", account_holder="", why="", decided_note="")


def _forget_codes(stalls: Collection[int], at: datetime) -> None:
    cards = Sticker.objects.filter(stall__in=list(stalls))
    cards.filter(ended_at=None).update(ended_at=at, ended_why=_("điểm bán đã nghỉ"))
    cards.update(payload="")
    checks = StickerCheck.objects.filter(stall__in=list(stalls))
    forget(about=list(checks.values_list("uuid", flat=True)), at=at)
    checks.filter(alarmed_at__isnull=False, settled_at=None).update(settled_at=at)
    checks.update(scanned="", settled_note="")


def _end(stall: Stall, at: datetime) -> None:
    """The day it ends lies after the day it began, also where that is today."""
    if stall.valid_to is not None:
        return
    Stall.objects.filter(pk=stall.pk).update(valid_to=max(day_of(at), stall.valid_from + timedelta(days=1)))
    audit.record(
        by=OPERATOR,
        at=at,
        deed="payments.close_stall",
        object_kind="stall",
        object_id=stall.uuid,
        place_id=stall.village_id,
    )
