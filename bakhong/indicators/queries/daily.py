"""What a daily report would say now, which reports there are, and whether a stored one is still what was sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from bakhong.accounts.permissions import covered_ids
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM, day_before
from bakhong.core.numbers import format_day, format_int, format_percent, percent_of
from bakhong.indicators.models import DailyReport, Target
from bakhong.indicators.queries.cascades import rule_name
from bakhong.indicators.queries.computed import shown_measures
from bakhong.indicators.queries.counted import counted
from bakhong.indicators.queries.dashboards import dashboard
from bakhong.indicators.queries.standings import ask_of
from bakhong.indicators.queries.words import stage_name
from bakhong.indicators.rules import daily
from bakhong.indicators.rules.asks import Ask
from bakhong.indicators.rules.daily import Content, Restated, moved
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.measures import MeasureKey, measures
from bakhong.outreach.models import MET, VisitHelp
from bakhong.outreach.queries.obstacles import Wanted, obstacle_counts
from bakhong.outreach.queries.sessions import sessions_at
from bakhong.outreach.queries.visits import to_come_back, visits_of
from bakhong.people.models import Adoption
from bakhong.people.rules.reasons import reasons
from bakhong.people.rules.services import services
from bakhong.places.models import Level, Unit
from bakhong.ui.figures import language

MADE = "indicators.make_daily"
LEVELS = (Level.COMMUNE.value, Level.VILLAGE.value)
MOST_OBSTACLES = 3
_HELPED = ("done", "registered")
_COUNTED = ("registered", "approved", "activated", "in_use")


def compose(
    unit: Unit, day: date, *, plan: str, number: int, actor: Actor, at: datetime, people: str
) -> dict[str, Any]:
    """The content of a report of the day, as it is known now (`rules.daily`). `people`: the label of who makes it.

    The connection is open to the people of the unit (`people.scope`). In Vietnamese, whoever asks. About forty queries.
    """
    with override("vi"):
        content = _numbers_of(unit, day, actor, _measures_of(unit, day))
        return _worded(content, unit, day, plan, number, actor, at, people)


def _worded(
    content: dict[str, Any],
    unit: Unit,
    day: date,
    plan: str,
    number: int,
    actor: Actor,
    at: datetime,
    people: str,
) -> dict[str, Any]:
    content |= {
        "schema": daily.SCHEMA,
        "unit": {"code": unit.code, "name": unit.full_name, "level": unit.level},
        "day": day.isoformat(),
        "issue": number,
        "made_at": at.isoformat(),
        "made_by": people,
        "tomorrow": _tomorrow(unit, day, actor),
        "plan": plan,
    }
    return content | {"text": _message(content, at)}


def reports_of(unit: Unit) -> QuerySet[DailyReport]:
    """The newest first."""
    return DailyReport.objects.filter(unit=unit).order_by("-day", "-number")


def last_before(unit: Unit, day: date) -> DailyReport | None:
    """The last issue of the nearest earlier day with a report."""
    return reports_of(unit).filter(day__lt=day).first()


@dataclass(frozen=True)
class Verified:
    """`is_intact`: the content has its hash; `is_in_trail`: the trail of deeds noted the same hash when it was made."""

    is_intact: bool
    is_in_trail: bool

    @property
    def is_good(self) -> bool:
        return self.is_intact and self.is_in_trail


def verify(report: DailyReport) -> Verified:
    noted = Event.objects.filter(deed=MADE, object_kind="daily_report", object_id=str(report.uuid)).first()
    return Verified(
        daily.digest(report.content) == report.sha256,
        noted is not None and noted.details.get("sha256") == report.sha256,
    )


def restatement(report: DailyReport, actor: Actor) -> tuple[Restated, ...]:
    """What the same day counts today otherwise than when the report was frozen: facts that were learned later, or taken back."""
    keys = [
        MeasureKey(row["indicator"], row["stage"], row["population"]) for row in report.content["figures"]
    ]
    with override("vi"):
        now = _numbers_of(report.unit, report.day, actor, [key for key in keys if key in measures()])
    frozen = dict(report.content)
    if frozen["schema"] == 1:  # its obstacles were counted otherwise: with what lists said, and by services
        frozen["obstacles"] = now["obstacles"]
    return daily.restated(frozen, now)


# --- the numbers -----------------------------------------------------------------------------------------------------


def _numbers_of(unit: Unit, day: date, actor: Actor, keys: Sequence[MeasureKey]) -> dict[str, Any]:
    figures = _figures(unit, day, keys)
    since = min((date.fromisoformat(row["before"]["day"]) for row in figures if row["before"]), default=day)
    return {
        "figures": figures,
        "undated": _undated(unit, since, day, actor),
        **_work(unit, day, actor),
    }


def _undated(unit: Unit, since: date, day: date, actor: Actor) -> int:
    """What was said without a day of services, and counts from a day after `since`: the day of its list, or on which it was told."""
    told = Adoption.objects.for_user(actor).filter(
        village__in=covered_ids([unit.pk], day), retracts=None, retractions=None, state__in=_COUNTED
    )
    first, last = (datetime.combine(each + timedelta(days=1), time(), VIET_NAM) for each in (since, day))
    of_a_list = Q(happened_on__gt=since, happened_on__lte=day, batch__as_of=F("happened_on"))
    of_nobody_knows = Q(happened_on=None, learned_at__gte=first, learned_at__lt=last)
    return told.filter(of_a_list | of_nobody_knows).count()


def _figures(unit: Unit, day: date, keys: Sequence[MeasureKey]) -> list[dict[str, Any]]:
    now = counted([unit.pk], day, wanted=keys)
    before = _before(unit, day, keys)
    rows = []
    for key in keys:
        count = now.get((unit.pk, key))
        if count is None:
            continue
        name = rule_name(Ask(*key))
        rows.append(
            {
                "indicator": key.indicator,
                "stage": key.stage,
                "population": key.population,
                "title": name.title,
                "counted": name.population,
                "numerator": count.numerator,
                "denominator": count.denominator,
                "before": before.get(key),
            }
        )
    return rows


def _measures_of(unit: Unit, day: date) -> list[MeasureKey]:
    """What the unit has targets for first, then of every other indicator the roll counts what its dashboard shows."""
    decided = Target.objects.standing().filter(unit=unit, by_date__gte=day).order_by("by_date", "pk")
    asks = (ask_of(target) for target in decided if target.indicator in registry())
    keys = dict.fromkeys(MeasureKey(ask.indicator, ask.stage, ask.population) for ask in asks)
    asked = [key for key in keys if key in measures()]
    told = {key.indicator for key in asked}
    shown = shown_measures(dashboard(unit, on=day))
    return [*asked, *(key for key in shown if key.indicator not in told)]


def _before(unit: Unit, day: date, keys: Sequence[MeasureKey]) -> dict[MeasureKey, dict[str, Any]]:
    """What the last report of an earlier day said, whatever is known now, and what that day counts now (`recounted`).

    What it did not tell, and all without one, is what is counted now.
    """
    last = last_before(unit, day)
    if last is None:
        return _counted_before(unit, day_before(day), keys)
    now = _counted_before(unit, last.day, keys)
    told = {
        key: {
            "day": last.day.isoformat(),
            "numerator": row["numerator"],
            "denominator": row["denominator"],
            # Nobody was counted on that day: what is had now was not had then.
            "recounted": now[key]["recounted"] if key in now else 0,
        }
        for row in last.content["figures"]
        if (key := MeasureKey(row["indicator"], row["stage"], row["population"])) in keys
    }
    return now | told


def _counted_before(unit: Unit, day: date, keys: Sequence[MeasureKey]) -> dict[MeasureKey, dict[str, Any]]:
    return {
        key: {
            "day": day.isoformat(),
            "numerator": count.numerator,
            "denominator": count.denominator,
            "recounted": count.numerator,
        }
        for (_unit, key), count in counted([unit.pk], day, wanted=keys).items()
    }


def _work(unit: Unit, day: date, actor: Actor) -> dict[str, Any]:
    """Visits of the day, who was helped to what, and the three things that stood in the way of most people, as heard on the day."""
    visits = visits_of(actor, unit, day, since=day, until=day)
    rows = list(visits.values_list("pk", "household_id", "outcome"))
    helps = VisitHelp.objects.for_user(actor).filter(visit__in=[row[0] for row in rows], result__in=_HELPED)
    people: dict[str, set[int]] = {}
    for service, person in helps.values_list("service", "person_id"):
        people.setdefault(service, set()).add(person)
    stood = obstacle_counts(actor, unit, day, Wanted(since=day, until=day, heard=True))
    return {
        "visits": {
            "visits": len(rows),
            "households": len({row[1] for row in rows if row[1]}),
            "met": sum(row[2] in MET for row in rows),
        },
        "helped": [
            {"service": code, "name": _service(code), "people": len(found)}
            for code, found in sorted(people.items(), key=lambda item: (-len(item[1]), item[0]))
        ],
        "obstacles": [
            {"reason": each.code, "name": reasons()[each.code].vi, "people": each.times}
            for each in stood[:MOST_OBSTACLES]
        ],
    }


def _service(code: str) -> str:
    return services()[code].name_vi if code in services() else code


def _tomorrow(unit: Unit, day: date, actor: Actor) -> dict[str, Any]:
    """Households that wait for the team, and sessions that are planned."""
    start = datetime.combine(day + timedelta(days=1), time(), VIET_NAM)
    planned = sessions_at(actor, unit, day).filter(
        starts_at__gte=start, starts_at__lt=start + timedelta(days=1), cancelled_at=None
    )
    return {
        "come_back": len(to_come_back(actor, unit, day + timedelta(days=1))),
        "sessions": [
            f"{each.starts_at.astimezone(VIET_NAM):%H:%M} {each.provider}, {each.venue}"[:90]
            for each in planned.order_by("starts_at", "pk")[:2]
        ],
    }


# --- the words -------------------------------------------------------------------------------------------------------


def _message(content: dict[str, Any], at: datetime) -> str:
    day = date.fromisoformat(content["day"])
    head = [
        _("BÁO CÁO NGÀY %(day)s: %(unit)s") % {"day": format_day(day), "unit": content["unit"]["name"]},
        _("Bản số %(number)s, lập lúc %(time)s")
        % {"number": content["issue"], "time": f"{at.astimezone(VIET_NAM):%H:%M %d/%m/%Y}"},
    ]
    rows = content["figures"]
    # What moved first: the group wants to know what came of the day, and not every line fits.
    figures = [line_of(row, day) for row in sorted(rows, key=lambda row: not moved(row))]
    days = {row["before"]["day"] for row in rows if row["before"]}
    if len(days) == 1:
        before = date.fromisoformat(days.pop())
        head.append(_("Kết quả (+, − là so với %(day)s):") % {"day": f"{before:%d/%m}"})
    if content["undated"]:
        head.append(undated_line(content))
    tail = [_visits_line(content), *_obstacle_lines(content), *_plan_lines(content)]
    return daily.fit(head, figures, tail, _("… và %d chỉ tiêu khác trong bản in"))


def undated_line(content: Content) -> str:
    """That what was said without a day counts as of the days since; "" where nothing was, and in schema 1."""
    if not content.get("undated"):
        return ""
    text = _("Số trong ngày gồm cả %(count)s việc không rõ ngày, lấy ngày của danh sách hoặc ngày ghi.")
    return str(text % {"count": format_int(content["undated"], language())})


def line_of(row: dict[str, Any], day: date) -> str:
    """ "- Người dân có tài khoản định danh điện tử, đã kích hoạt: 92,1% (4.795/5.205 người trưởng thành), +12 trong ngày"."""
    lang = language()
    percent = percent_of(row["numerator"], row["denominator"], 1)
    text = "- {}: {} ({}/{} {})".format(
        ", ".join(filter(None, [_without_asides(row["title"]), stage_name(row["stage"])])),
        format_percent(percent, lang) if percent is not None else "–",
        format_int(row["numerator"], lang),
        format_int(row["denominator"], lang),
        _without_asides(row["counted"]),
    )
    return ", ".join([text, *_parts(row, day)])


def _parts(row: dict[str, Any], day: date) -> list[str]:
    """ "+3 trong ngày", "+112 do nhập danh sách, ghi bổ sung"; what did not move is left out."""
    found = moved(row)
    parts = []
    if found.happened:
        since = date.fromisoformat(row["before"]["day"]) + timedelta(days=1)
        when = _("trong ngày") if since == day else _("từ %(day)s") % {"day": f"{since:%d/%m}"}
        parts.append(f"{_signed(found.happened)} {when}")
    if found.learned:
        why = _("do nhập danh sách, ghi bổ sung") if found.learned > 0 else _("do rút lại, sửa lại")
        parts.append(f"{_signed(found.learned)} {why}")
    return parts


def _signed(number: int) -> str:
    return f"{'+' if number > 0 else '−'}{format_int(abs(number), language())}"


def _without_asides(text: str) -> str:
    """
    >>> _without_asides("người trưởng thành (từ đủ 18 tuổi)")
    'người trưởng thành'
    """
    return re.sub(r"\s*\([^()]*\)", "", text)


def change_of(row: dict[str, Any], day: date) -> str:
    """What moved since the report before (else since yesterday), and why; "" where nothing was known then."""
    before = row["before"]
    if before is None:
        return ""
    found, then = moved(row), {"day": f"{date.fromisoformat(before['day']):%d/%m}"}
    if not found:
        return _("không đổi so với %(day)s") % then
    if found.happened is not None:
        return ", ".join([*_parts(row, day), _("so với %(day)s") % then])
    word = _("tăng %(count)s so với %(day)s") if found.learned > 0 else _("giảm %(count)s so với %(day)s")
    return str(word % {"count": format_int(abs(found.learned), language()), **then})


def _visits_line(content: dict[str, Any]) -> str:
    visits = content["visits"]
    if not visits["visits"]:
        return _("Trong ngày chưa có lượt đến nhà nào được ghi.")
    line = str(_("Trong ngày: %(visits)s lượt đến %(households)s hộ, gặp được %(met)s.") % visits)
    if not content["helped"]:
        return line
    helped = "; ".join(f"{row['name']} {row['people']}" for row in content["helped"][:6])
    return f"{line} " + _("Đã giúp: %(helped)s.") % {"helped": helped}


def _obstacle_lines(content: dict[str, Any]) -> list[str]:
    if not content["obstacles"]:
        return []
    told = "; ".join(
        _("%(reason)s (%(count)s người)") % {"reason": row["name"], "count": row["people"]}
        for row in content["obstacles"]
    )
    return [_("Vướng mắc: %(told)s.") % {"told": told}]


def _plan_lines(content: dict[str, Any]) -> list[str]:
    """Tomorrow, in one line: what is planned already, and what the maker adds."""
    tomorrow = content["tomorrow"]
    parts = [*tomorrow["sessions"]]
    if tomorrow["come_back"]:
        parts.append(_("đến lại %(count)s hộ đã hẹn") % {"count": tomorrow["come_back"]})
    if content["plan"]:
        parts.append(content["plan"])
    return [_("Ngày mai: %(parts)s.") % {"parts": "; ".join(parts).rstrip(".")}] if parts else []
