"""Setting up teams: who is in them, for which villages, from when until when."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bakhong.accounts.models import User
from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.numbers import format_day
from bakhong.core.text import squeeze
from bakhong.outreach.models import MemberRole, Team, TeamMember, TeamVillage
from bakhong.outreach.permissions import PLAN, require
from bakhong.people.actions.secrets import no_codes, no_secrets
from bakhong.people.rules.numbers import phone as phone_in
from bakhong.places.models import Unit


def make_team(
    *,
    unit: Unit,
    name: str,
    valid_from: date,
    by: Actor,
    at: datetime,
    villages: Sequence[Unit] = (),
    continues: Team | None = None,
    decision: str = "",
    note: str = "",
) -> Team:
    """A team of a commune. `continues`: the team of a former commune that it was before.

    Raises: NotAllowed; Refusal without a name.
    """
    require(PLAN, unit.pk, by=by)
    if not squeeze(name):
        raise Refusal(_("Ghi tên tổ, ví dụ: Tổ công nghệ số cộng đồng thôn Xuân Thành."))
    no_codes(name)
    no_secrets(note)
    with transaction.atomic():
        team = Team.objects.create(
            unit=unit,
            name=squeeze(name)[:120],
            valid_from=valid_from,
            continues=continues,
            decision=squeeze(decision)[:120],
            note=squeeze(note)[:300],
        )
        _note(by, at, "outreach.make_team", team)
        if villages:
            assign_villages(team=team, villages=villages, on=valid_from, by=by, at=at)
    return team


def end_team(*, team: Team, on: date, by: Actor, at: datetime) -> None:
    """The team works no more from a day on, and neither do its members. Ending twice changes nothing.

    Raises: NotAllowed; Refusal when it had not begun.
    """
    require(PLAN, team.unit_id, by=by)
    if team.valid_to is not None:
        return
    if on <= team.valid_from:
        raise Refusal(
            _("Ngày kết thúc phải sau ngày %(day)s, ngày tổ bắt đầu.") % {"day": format_day(team.valid_from)}
        )
    with transaction.atomic():
        team.valid_to = on
        team.save(update_fields=["valid_to"])
        for rows in (team.members.filter(valid_to=None), team.villages.filter(valid_to=None)):
            rows.filter(valid_from__lt=on).update(valid_to=on)
            rows.filter(valid_from__gte=on).update(valid_to=F("valid_from"))
        _note(by, at, "outreach.end_team", team)


def add_member(
    *,
    team: Team,
    by: Actor,
    at: datetime,
    valid_from: date,
    name: str = "",
    phone: str = "",
    user: User | None = None,
    role: str = MemberRole.MEMBER,
    position: str = "",
    valid_to: date | None = None,
    substitutes: TeamMember | None = None,
) -> TeamMember:
    """Somebody joins the team, with an account or without. `substitutes`: for whom, then until `valid_to`.

    Raises: NotAllowed; Refusal without a name, for a telephone that is none, or a wrong period; Conflict when they are in it already.
    """
    require(PLAN, team.unit_id, by=by)
    name = squeeze(name)[:120] or (user.name if user else "")
    if not name or role not in MemberRole.values:
        raise Refusal(_("Ghi họ và tên của thành viên."))
    number = phone_in(phone).value or ""
    if phone.strip() and not number:
        raise Refusal(_("Số điện thoại gồm 10 chữ số, ví dụ 0912 345 678."))
    if valid_to is not None and valid_to <= valid_from:
        raise Refusal(_("Ngày thôi tham gia phải sau ngày bắt đầu."))
    if substitutes is not None and substitutes.team_id != team.pk:
        raise Refusal(_("Chỉ thay cho người cùng tổ."))
    try:
        with transaction.atomic():
            member = TeamMember.objects.create(
                team=team,
                user=user,
                name=name,
                phone=number,
                role=role,
                position=squeeze(position)[:120],
                valid_from=valid_from,
                valid_to=valid_to,
                substitutes=substitutes,
            )
            _note(by, at, "outreach.add_member", team, member=str(member.uuid), role=str(role))
    except IntegrityError:
        raise Conflict(_("Người này đang ở trong tổ rồi.")) from None
    return member


def end_member(*, member: TeamMember, on: date, by: Actor, at: datetime) -> None:
    """They are in the team no more from a day on; a day before they began means that they never were.

    Raises: NotAllowed.
    """
    require(PLAN, member.team.unit_id, by=by)
    with transaction.atomic():
        member.valid_to = max(on, member.valid_from)
        member.save(update_fields=["valid_to"])
        _note(by, at, "outreach.end_member", member.team, member=str(member.uuid))


def assign_villages(*, team: Team, villages: Sequence[Unit], on: date, by: Actor, at: datetime) -> None:
    """From a day on the team goes to exactly these villages; what it did before stays on record.

    Raises: NotAllowed, also for a village where the actor may not plan.
    """
    for place_id in {team.unit_id, *(village.pk for village in villages)}:
        require(PLAN, place_id, by=by)
    wanted = {village.pk: village for village in villages}
    with transaction.atomic():
        rows = TeamVillage.objects.select_for_update().filter(team=team, valid_to=None)
        standing = {row.village_id: row for row in rows}
        for village_id, row in standing.items():
            if village_id not in wanted:
                row.valid_to = max(on, row.valid_from)
                row.save(update_fields=["valid_to"])
        TeamVillage.objects.bulk_create(
            [TeamVillage(team=team, village=wanted[pk], valid_from=on) for pk in wanted if pk not in standing]
        )
        _note(by, at, "outreach.assign_villages", team, villages=len(wanted))


def _note(by: Actor, at: datetime, deed: str, team: Team, **details: Any) -> None:
    audit.record(
        by=by, at=at, deed=deed, object_kind="team", object_id=team.uuid, place_id=team.unit_id, **details
    )
