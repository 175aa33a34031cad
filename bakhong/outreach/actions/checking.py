"""What a visit may say, before anything is stored."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from bakhong.core.errors import Refusal
from bakhong.outreach.actions.said import Helped, Met, Promise
from bakhong.outreach.models import Outcome, PartOfDay, Result, SignedHow, Team, TeamMember, WhosePhone
from bakhong.people.actions.secrets import no_codes, no_secrets
from bakhong.people.models import Household, Person
from bakhong.people.rules.reasons import reasons
from bakhong.people.rules.services import services

OLDEST = timedelta(days=366)  # a sheet found a year later is not typed in any more
UNMET = frozenset({Outcome.NOBODY_HOME, Outcome.MOVED})


def checked_visit(
    *,
    household: Household | None,
    outcome: str,
    part_of_day: str,
    visited_on: date,
    today: date,
    team: Team | None,
    members: Sequence[TeamMember],
    persons: Sequence[Met],
    note: str,
    next_on: date | None,
    next_part: str,
    promises: Sequence[Promise],
) -> None:
    """Raises: Refusal."""
    if outcome not in Outcome.values:
        raise Refusal(_("Chọn kết quả của lượt đến nhà."))
    if part_of_day not in PartOfDay.values or (next_part and next_part not in PartOfDay.values):
        raise Refusal(_("Chọn buổi: sáng, trưa, chiều hay tối."))
    if visited_on > today:
        raise Refusal(_("Ngày đến nhà không thể ở tương lai."))
    if visited_on < today - OLDEST:
        raise Refusal(_("Ngày đến nhà đã quá một năm. Kiểm tra lại năm."))
    if next_on is not None and next_on < visited_on:
        raise Refusal(_("Ngày hẹn lại không thể trước ngày đến nhà."))
    if household is None and not persons:
        raise Refusal(_("Chọn hộ, hoặc ít nhất một người."))
    for member in members:
        if team is not None and member.team_id != team.pk:
            raise Refusal(_("%(name)s không ở trong tổ này.") % {"name": member.name})
        if visited_on < member.valid_from or (member.valid_to and visited_on >= member.valid_to):
            raise Refusal(_("%(name)s không ở trong tổ vào ngày đến nhà.") % {"name": member.name})
    no_secrets(note)
    _checked_persons(outcome, household, persons)
    _checked_promises(persons, promises, visited_on)


def _checked_persons(outcome: str, household: Household | None, persons: Sequence[Met]) -> None:
    if len({met.person.pk for met in persons}) != len(persons):
        raise Refusal(_("Một người chỉ ghi một lần trong một lượt đến nhà."))
    for met in persons:
        if household is not None and met.person.household_id != household.pk:
            raise Refusal(_("%(name)s không ở trong hộ này.") % {"name": met.person.name})
        if met.helped and outcome in UNMET:
            raise Refusal(_("Không gặp ai thì không thể ghi là đã làm dịch vụ nào."))
        if len({each.service for each in met.helped}) != len(met.helped):
            raise Refusal(_("Một dịch vụ chỉ ghi một lần cho một người."))
        for value in met.learnt.values():
            if isinstance(value, str) and not value.replace(" ", "").isdigit():  # a telephone is a number
                no_codes(value)
        for each in met.helped:
            _checked_help(each, met.person, household is not None)


def _checked_help(each: Helped, person: Person, has_household: bool) -> None:
    service = services().get(each.service)
    if service is None or service.counted not in ("person", "household"):
        raise Refusal(_("Không có dịch vụ này cho người dân hoặc hộ."))
    if service.counted == "household" and not has_household:
        raise Refusal(_("Dịch vụ này ghi cho cả hộ: chọn hộ trước."))
    if each.result not in Result.values or (each.whose_phone and each.whose_phone not in WhosePhone.values):
        raise Refusal(_("Chọn kết quả và điện thoại nhận mã."))
    if each.result == Result.TRIED and not each.reason:
        raise Refusal(_("Chọn lý do chưa làm được cho %(name)s.") % {"name": person.name})
    if each.reason and each.reason not in reasons():
        raise Refusal(_("Không có lý do này trong danh sách."))
    if each.result == Result.REGISTERED and "registered" not in service.ladder:
        raise Refusal(_("Dịch vụ này không có bước chờ duyệt: ghi là đã xong hoặc chưa được."))
    if each.provider and service.providers and each.provider not in service.providers:
        raise Refusal(_("Không có nhà cung cấp này cho dịch vụ đã chọn."))
    no_secrets(each.consent, each.evidence, each.provider)


def _checked_promises(persons: Sequence[Met], promises: Sequence[Promise], visited_on: date) -> None:
    there = {met.person.pk for met in persons if met.was_met}
    for each in promises:
        if each.person.pk not in there:
            raise Refusal(_("Người ký cam kết phải là người đã gặp trong lượt này."))
        if not each.services or not set(each.services) <= set(services()):
            raise Refusal(_("Cam kết phải nói rõ làm dịch vụ nào."))
        if each.due_on < visited_on:
            raise Refusal(_("Hạn của cam kết không thể trước ngày ký."))
        if each.signed_how not in SignedHow.values:
            raise Refusal(_("Chọn cách ký cam kết."))
        no_secrets(each.text)
