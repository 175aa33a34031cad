"""Who is paid by the State and how: recorded from lists, and changed one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import squeeze
from bakhong.outreach.models import Beneficiary, BenefitKind, Channel, PaymentChannel
from bakhong.outreach.permissions import PLAN, require
from bakhong.people.models import Person
from bakhong.people.queries.doubles import who_they_are, with_doubles


@dataclass(frozen=True)
class Paid:
    """A person gets this benefit. `channel` "": the list does not say how. `true_from` None: ever since."""

    person: Person
    kind: str
    channel: str = ""
    paid_by: str = ""
    true_from: date | None = None
    detail: str = ""


@dataclass(frozen=True)
class Recorded:
    """How many are new on the list, and of how many the way they are paid is new or has changed."""

    new: int
    changed: int


@transaction.atomic
def record_beneficiaries(*, entries: Sequence[Paid], by: Actor, at: datetime) -> Recorded:
    """Takes in a list. The same list again changes nothing.

    Raises: NotAllowed; Refusal for a kind or channel that is none, or for a day to come.
    """
    new = changed = 0
    touched = []
    standing = _standing(entries)
    for each in entries:
        require(PLAN, each.person.village_id, by=by)
        _check(each.kind, each.channel, each.true_from, at)
        found, is_new = standing.get((each.person.pk, each.kind)), False
        if found is None:
            found, is_new = _on_list(each, by, at)
        is_changed = bool(each.channel) and _say(found, each.channel, each.true_from, each.detail, by, at)
        new, changed = new + is_new, changed + is_changed
        if is_new or is_changed:
            touched.append((each.person.uuid, each.person.village_id))
    audit.record_many(by=by, at=at, deed="outreach.record_benefit", object_kind="person", objects=touched)
    return Recorded(new, changed)


def _check(kind: str, channel: str, true_from: date | None, at: datetime) -> None:
    if kind not in BenefitKind.values or channel not in ("", *Channel.values):
        raise Refusal(_("Chọn loại chế độ, và tiền mặt hoặc tài khoản."))
    if true_from and true_from > day_of(at):
        raise Refusal(_("Ngày bắt đầu không thể ở tương lai."))


def _standing(entries: Sequence[Paid]) -> dict[tuple[int, str], Beneficiary]:
    """(person id, kind) → the row that says so already, of them or of a double of theirs; their own where there are both."""
    owner = with_doubles({each.person.pk for each in entries})
    rows = Beneficiary.objects.filter(person__in=owner, valid_to=None)
    own_last = sorted(rows, key=lambda row: owner[row.person_id] == row.person_id)
    return {(owner[row.person_id], row.kind): row for row in own_last}


def _on_list(each: Paid, by: Actor, at: datetime) -> tuple[Beneficiary, bool]:
    return Beneficiary.objects.get_or_create(
        person=each.person,
        kind=each.kind,
        valid_to=None,
        defaults={
            "village_id": each.person.village_id,
            "paid_by": squeeze(each.paid_by)[:120],
            "valid_from": None,
            "recorded_by": by.id,
            "recorded_at": at,
        },
    )


def _say(
    found: Beneficiary, channel: str, true_from: date | None, detail: str, by: Actor, at: datetime
) -> bool:
    """True when it was not what stood already; what stands is not said twice."""
    last = found.channels.order_by("-pk").first()
    if last is not None and last.channel == channel and true_from in (None, last.true_from):
        return False
    if last is not None and true_from is None:
        true_from = day_of(at)  # it changed, and nobody said when: from the day it was learned
    PaymentChannel.objects.create(
        beneficiary=found,
        village_id=found.village_id,
        channel=channel,
        true_from=true_from,
        source_detail=squeeze(detail)[:200],
        recorded_by=by.id,
        learned_at=at,
    )
    return True


@transaction.atomic
def change_channel(
    *, beneficiary: Beneficiary, channel: str, true_from: date | None, by: Actor, at: datetime
) -> None:
    """From that day (None: from today) they are paid otherwise. What was before is kept.

    Raises: NotAllowed; Refusal.
    """
    require(PLAN, beneficiary.village_id, by=by)
    _check(beneficiary.kind, channel or "?", true_from, at)
    found = Beneficiary.objects.select_for_update().get(pk=beneficiary.pk)
    if _say(found, channel, true_from, "", by, at):
        _trail(found, "outreach.change_channel", by, at)


@transaction.atomic
def end_benefit(*, beneficiary: Beneficiary, until: date, by: Actor, at: datetime) -> None:
    """They get it no longer from that day on, whichever record of theirs says so. Twice is once.

    Raises: NotAllowed; Refusal for a day before it began, or one to come.
    """
    require(PLAN, beneficiary.village_id, by=by)
    found = Beneficiary.objects.select_for_update().get(pk=beneficiary.pk)
    if until > day_of(at) or (found.valid_from and until <= found.valid_from):
        raise Refusal(_("Ngày thôi hưởng phải sau ngày bắt đầu và không ở tương lai."))
    if found.valid_to is None:
        same = with_doubles(set(who_they_are([found.person_id]).values()))
        rows = Beneficiary.objects.filter(person__in=same, kind=found.kind, valid_to=None)
        rows.exclude(valid_from__gte=until).update(valid_to=until)
        _trail(found, "outreach.end_benefit", by, at)


@transaction.atomic
def resume_benefit(*, beneficiary: Beneficiary, by: Actor, at: datetime) -> None:
    """It was ended by mistake: they get it as before. Twice is once.

    Raises: NotAllowed; Conflict when they are on the list again already.
    """
    require(PLAN, beneficiary.village_id, by=by)
    found = Beneficiary.objects.select_for_update(of=("self",)).get(pk=beneficiary.pk)
    if found.valid_to is None:
        return
    found.valid_to = None
    try:
        with transaction.atomic():
            found.save(update_fields=["valid_to"])
    except IntegrityError:
        raise Conflict(_("Người này đã được ghi lại vào danh sách rồi.")) from None
    _trail(found, "outreach.resume_benefit", by, at)


def _trail(found: Beneficiary, deed: str, by: Actor, at: datetime) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="person",
        object_id=found.person.uuid,
        place_id=found.village_id,
    )
