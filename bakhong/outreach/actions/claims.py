"""What a team is paid for a month: drafted from its visit log, approved once, never twice for one person and day."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import squeeze
from bakhong.outreach.models import Claim, ClaimLine, ClaimState, Team, TeamMember, VisitMember
from bakhong.outreach.permissions import CLAIMS, PLAN, require
from bakhong.outreach.rules.allowances import month_of, next_month

MOST_AMOUNT = 100_000_000  # đồng


def draft_claim(
    *, team: Team, month: date, team_amount: int, day_amount: int, basis: str, by: Actor, at: datetime
) -> Claim:
    """The team's claim for a month from its visits, made anew while it is a draft. Days that another claim holds are left out.

    A member-day is a day on which the member went on at least one visit that was not taken back, of this team.
    Raises: NotAllowed; Refusal for amounts, a month to come or a month without visits; Conflict once approved.
    """
    require(PLAN, team.unit_id, by=by)
    month = month_of(month)
    if month > day_of(at):
        raise Refusal(_("Chưa lập được bảng kê của tháng chưa đến."))
    if not (0 <= team_amount <= MOST_AMOUNT and 0 <= day_amount <= MOST_AMOUNT):
        raise Refusal(_("Mức chi là số đồng từ 0 đến 100.000.000."))
    if not squeeze(basis):
        raise Refusal(_("Ghi căn cứ của mức chi: nghị quyết, quyết định nào."))
    days = _days(team, month)
    claim: Claim
    try:
        with transaction.atomic():
            claim, is_new = Claim.objects.select_for_update().get_or_create(
                team=team,
                month=month,
                defaults={
                    "unit_id": team.unit_id,
                    "team_amount": team_amount,
                    "day_amount": day_amount,
                    "basis": squeeze(basis)[:300],
                    "made_at": at,
                    "made_by": by.id,
                },
            )
            if claim.state == ClaimState.APPROVED:
                raise Conflict(_("Bảng kê tháng này đã duyệt, không lập lại được."))
            if not is_new:
                claim.lines.all().delete()
                claim.team_amount, claim.day_amount, claim.basis = (
                    team_amount,
                    day_amount,
                    squeeze(basis)[:300],
                )
                claim.made_at, claim.made_by = at, by.id
                claim.save()
            members = TeamMember.objects.in_bulk({member for member, _ in days})
            taken = set(
                ClaimLine.objects.filter(
                    day__gte=month,
                    day__lt=next_month(month),
                    person_key__in=map(_person_key, members.values()),
                ).values_list("person_key", "day")
            )
            lines = _lines(claim, days, members, taken)
            if not lines:
                raise Refusal(
                    _("Tháng này tổ chưa có lượt đến nhà nào ghi người đi, hoặc mọi ngày đã kê ở bảng khác.")
                )
            ClaimLine.objects.bulk_create(lines)
            _note(by, at, "outreach.draft_claim", claim, lines=len(lines))
    except IntegrityError as error:
        if "claim_day_once" not in str(error):
            raise
        raise Conflict(_("Có ngày vừa được kê ở bảng khác. Lập lại bảng kê.")) from None
    return claim


def approve_claim(*, claim: Claim, by: Actor, at: datetime) -> Claim:
    """From now on nothing of it changes. Approving twice changes nothing.

    Raises: NotAllowed; Refusal when whoever drafted it approves it.
    """
    require(CLAIMS, claim.unit_id, by=by)
    with transaction.atomic():
        found: Claim = Claim.objects.select_for_update().get(pk=claim.pk)
        if found.state == ClaimState.APPROVED:
            return found
        if found.made_by == by.id:
            raise Refusal(_("Người lập bảng kê không tự duyệt. Nhờ kế toán hoặc chủ tịch duyệt."))
        found.state, found.approved_at = ClaimState.APPROVED, at
        found.approved_by, found.approver_name = by.id, by.label[:120]
        found.save()
        _note(by, at, "outreach.approve_claim", found)
    return found


def withdraw_claim(*, claim: Claim, by: Actor, at: datetime) -> None:
    """A draft is thrown away; its days may be claimed elsewhere.

    Raises: NotAllowed; Conflict once approved.
    """
    require(PLAN, claim.unit_id, by=by)
    with transaction.atomic():
        found = Claim.objects.select_for_update().filter(pk=claim.pk).first()
        if found is None:
            return
        if found.state == ClaimState.APPROVED:
            raise Conflict(_("Bảng kê đã duyệt, không bỏ được."))
        _note(by, at, "outreach.withdraw_claim", found)
        found.delete()


def _days(team: Team, month: date) -> Counter[tuple[int, date]]:
    """(member, day) → visits."""
    rows = VisitMember.objects.filter(
        member__team=team,
        visit__retracted_at=None,
        visit__visited_on__gte=month,
        visit__visited_on__lt=next_month(month),
    )
    return Counter(rows.values_list("member_id", "visit__visited_on"))


def _lines(
    claim: Claim,
    days: Counter[tuple[int, date]],
    members: dict[int, TeamMember],
    taken: set[tuple[str, date]],
) -> list[ClaimLine]:
    made: dict[tuple[str, date], ClaimLine] = {}
    for (member_id, day), visits in sorted(days.items()):
        key = (_person_key(members[member_id]), day)
        if key in taken:
            continue
        if key in made:  # one person twice in the team
            made[key].visits += visits
        else:
            made[key] = ClaimLine(claim=claim, member_id=member_id, person_key=key[0], day=day, visits=visits)
    return list(made.values())


def _person_key(member: TeamMember) -> str:
    """One person in two teams has one key: their account, else their telephone; without either, the member alone."""
    if member.user_id:
        return f"user:{member.user_id}"
    return f"phone:{member.phone}" if member.phone else f"member:{member.uuid}"


def _note(by: Actor, at: datetime, deed: str, claim: Claim, **details: Any) -> None:
    audit.record(
        by=by, at=at, deed=deed, object_kind="claim", object_id=claim.uuid, place_id=claim.unit_id, **details
    )
