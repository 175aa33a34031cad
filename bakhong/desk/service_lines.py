"""Services in words and signs: what stands, since when, who said so, and why it is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bakhong.core.days import day_of
from bakhong.people.models import Adoption, Household, Organisation, Person, PhoneSubscription, State, Subject
from bakhong.people.queries.adoption import ServiceLine, standing_of, standing_of_subject
from bakhong.people.rules.reasons import reasons
from bakhong.people.rules.services import NONE, Service, services, services_for

KINDS: dict[str, Any] = {
    "person": Person,
    "household": Household,
    "subscription": PhoneSubscription,
    "organisation": Organisation,
}
_WHY = {
    "gone": gettext_lazy("Không còn ở địa phương"),
    "age_unknown": gettext_lazy("Chưa rõ ngày sinh"),
    "too_old": gettext_lazy("Quá tuổi"),
    "away": gettext_lazy("Đang đi vắng"),
    "no_smartphone": gettext_lazy("Không dùng điện thoại thông minh"),
    "device_unknown": gettext_lazy("Chưa rõ dùng điện thoại gì"),
}


@dataclass(frozen=True)
class Shown:
    """A line ready to be shown. `sign`: the kind of a state mark; `undo`: the fact this actor wrote today and may take back at once."""

    line: ServiceLine
    sign: str
    word: str
    why: str
    reason: str
    undo: Adoption | None


def lines_of(subject: Subject, on: date, actor_id: str) -> list[Shown]:
    """The services of a person, household, subscription or organisation."""
    return [_shown(each, on, actor_id) for each in standing_lines(subject, on)]


def standing_lines(subject: Subject, on: date) -> tuple[ServiceLine, ...]:
    if isinstance(subject, Person):
        return standing_of(subject, on)
    kind = next(kind for kind, model in KINDS.items() if isinstance(subject, model))
    device = ""
    if isinstance(subject, PhoneSubscription) and subject.is_smartphone is not None:
        device = "smartphone" if subject.is_smartphone else "basic"
    return standing_of_subject(kind, subject.pk, on, device=device)


def state_word(service: Service, state: str) -> str:
    """The service's own word for a state, in Vietnamese; else the common one."""
    if get_language() != "en" and state in service.words:
        return service.words[state]
    return str(State(state).label)


def why_word(service: Service, code: str) -> str:
    """Why a service is not for somebody."""
    if code == "too_young":
        return _("Chưa đủ %(age)s tuổi") % {"age": service.eligible.age_min}
    return str(_WHY[code]) if code else ""


def reason_word(code: str) -> str:
    found = reasons().get(code)
    return found.words(get_language() or "vi") if found else ""


def audience(service: Service) -> str:
    """Whom a service is counted for, as it stands beside every number.

    "người từ 15 tuổi, có mặt, dùng điện thoại thông minh"
    """
    if service.counted != "person":
        return str(_COUNTED[service.counted])
    rule = service.eligible
    parts = [_("người từ %(age)s tuổi") % {"age": rule.age_min} if rule.age_min else _("mọi người")]
    if rule.presence == "present":
        parts.append(_("không đi vắng"))
    if rule.has_smartphone:
        parts.append(_("dùng điện thoại thông minh"))
    return ", ".join(parts)


_COUNTED = {
    "household": gettext_lazy("hộ gia đình"),
    "subscription": gettext_lazy("thuê bao dùng điện thoại thông minh"),
    "organisation": gettext_lazy("hộ kinh doanh, doanh nghiệp"),
}


def matrix(members: Iterable[Person], on: date) -> list[tuple[Service, list[tuple[Person, Shown]]]]:
    """The services that are for any member of a household, each with its line of every member."""
    found = [(each, lines_of(each, on, "")) for each in members]
    rows = [
        (service, [(each, lines[number]) for each, lines in found])
        for number, service in enumerate(services_for("person"))
    ]
    return [row for row in rows if any(_matters(shown.line) for _each, shown in row[1])]


def _matters(line: ServiceLine) -> bool:
    return line.is_eligible or line.is_reached


def _shown(line: ServiceLine, on: date, actor_id: str) -> Shown:
    sign, word = _sign(line)
    latest = line.facts[0] if line.facts else None
    is_mine = latest is not None and latest.recorded_by == actor_id and day_of(latest.learned_at) == on
    reason = reason_word(line.reason) if line.is_missing else ""
    return Shown(
        line, sign, word, why_word(line.service, line.why_not_eligible), reason, latest if is_mine else None
    )


def _sign(line: ServiceLine) -> tuple[str, str]:
    if line.covered_by and line.state in ("", NONE):
        return "done", _("Đã có %(service)s") % {"service": services()[line.covered_by].short_vi}
    if not line.state:
        return "none", _("Chưa ghi") if line.is_eligible else _("Không thuộc diện")
    kinds = {"refused": "error", "lapsed": "late", NONE: "none"}
    kind = "done" if line.is_reached else kinds.get(line.state, "doing")
    return kind, state_word(line.service, line.state)
