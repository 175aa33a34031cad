"""The second and the third question answered from the roll: who is furthest behind, what stands in the way, what to do about it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.numbers import format_int, format_percent, percent_of
from bakhong.desk import board as words
from bakhong.desk.board import Question
from bakhong.desk.views.counted import figure_of_count
from bakhong.indicators.models import FollowUp
from bakhong.indicators.queries.below import Below
from bakhong.indicators.queries.counted import Count
from bakhong.indicators.queries.roll_below import RollBelow, RollLate, RollShortfall
from bakhong.indicators.queries.shapes import UnitRef, Value
from bakhong.indicators.queries.words import population_name
from bakhong.indicators.rules.measures import measures
from bakhong.outreach.permissions import VIEW as OUTREACH
from bakhong.outreach.queries.obstacles import Wanted, said_in
from bakhong.people import scope
from bakhong.people.permissions import VIEW as PEOPLE
from bakhong.people.rules.reasons import reasons
from bakhong.people.rules.services import covering
from bakhong.places.models import Level, Unit
from bakhong.ui.figures import Figure, language

MOST_REASONS = 2
MOST_OTHERS = 2
Tasks = Mapping[tuple[int, str], FollowUp]
Said = Mapping[int, Mapping[tuple[str, str], int]]


@dataclass(frozen=True)
class RollLateLine:
    """A unit below that lacks the most by the roll's count; `why` from the roll and from what residents said at the door."""

    unit: UnitRef
    indicator: str
    figure: Figure
    others: str
    short: int
    judged: int
    gap: str
    target: str
    why: tuple[str, ...]
    people_url: str
    people_label: str
    task: FollowUp | None
    url: str
    assign_url: str


def roll_late_lines(
    request: StaffRequest,
    unit: Unit,
    late: tuple[RollLate, ...],
    below: RollBelow,
    tasks: Tasks,
    ask: Question,
) -> list[RollLateLine]:
    """The numbers open their people for those who may see them; what was said at the door for those who may see visits."""
    said = _said(request, unit, late, below.on)
    may_open = request.actor.may(PEOPLE, unit.pk)
    return [_line(each, below, tasks, ask, said.get(each.unit.id, {}), may_open=may_open) for each in late]


def _line(
    late: RollLate,
    below: RollBelow,
    tasks: Tasks,
    ask: Question,
    said: Mapping[tuple[str, str], int],
    *,
    may_open: bool,
) -> RollLateLine:
    worst = late.worst
    url = people_url(late.unit, worst, ask) if may_open else ""
    return RollLateLine(
        unit=late.unit,
        indicator=worst.name.title,
        figure=figure_of_count(worst.count, worst.key, below.on, url),
        others="; ".join(_other_words(each) for each in late.shortfalls[1 : 1 + MOST_OTHERS]),
        short=len(late.shortfalls),
        judged=late.judged,
        gap=gap_words(worst),
        target=words.target_words(worst.target),
        why=(*_away(late), *_phoneless(late), *_reasons(late, said)),
        people_url=url,
        people_label=_list_words(worst),
        task=tasks.get((late.unit.id, worst.key.indicator)),
        url=_kept(ask).href(reverse("desk:dashboard", args=[late.unit.uuid])),
        assign_url=words.assign_url(late.unit.uuid, worst.key.indicator),
    )


def is_roll_first(below: Below, by_roll: RollBelow) -> bool:
    """Whether the roll counts in at least as many units below as have published figures."""
    return len(by_roll.known) >= max(below.with_figures, 1)


def steps_of(request: StaffRequest, unit: Unit) -> list[tuple[str, str]]:
    """(label, address) of where a commune goes on from who is late: the sweep, and what stands in the way."""
    if unit.level != Level.COMMUNE or not request.actor.may(OUTREACH, unit.pk):
        return []
    return [
        (_("Kế hoạch cuốn chiếu: nhà nào đi trước"), reverse("desk:outreach_plans", args=[unit.uuid])),
        (_("Mọi lý do người dân chưa làm"), reverse("desk:outreach_obstacles", args=[unit.uuid])),
    ]


def people_url(unit: UnitRef, short: RollShortfall, ask: Question) -> str:
    return _kept(ask).href(reverse("desk:counted", args=[unit.uuid, short.key.slug]), side="missing")


def _other_words(short: RollShortfall) -> str:
    return _("%(name)s (thiếu %(count)s)") % {
        "name": short.name.title,
        "count": format_int(short.missing, language()),
    }


def _list_words(short: RollShortfall) -> str:
    """With how many it lists, where that follows from the count."""
    chosen = measures()[short.key]
    if chosen.covered != chosen.having:
        return _("Xem ai chưa có")
    number = format_int(short.count.missing, language())
    words_of = {
        "person": _("Xem %(count)s người chưa có"),
        "household": _("Xem %(count)s hộ chưa có"),
    }
    return words_of.get(chosen.counted, _("Xem %(count)s nơi chưa có")) % {"count": number}


def gap_words(short: RollShortfall) -> str:
    value = Value(short.count.numerator, short.count.denominator, short.count.percent())
    return words.gap_words(value, short.target)


def _kept(ask: Question) -> Question:
    return Question(ask.asked, {name: ask.kept[name] for name in ("on", "boundaries") if name in ask.kept})


def _away(late: RollLate) -> list[str]:
    """Of those counted; where only those present are counted, of the adults."""
    key, count = late.worst.key, late.worst.count
    if not count.absent and late.phoneless is not None:
        key, count = late.phoneless
    share = _share(count.absent, count, "" if key == late.worst.key else population_name(key.population))
    return [_("đang đi vắng: %(share)s") % {"share": share}] if count.absent else []


def _phoneless(late: RollLate) -> list[str]:
    if late.phoneless is None or not late.phoneless[1].numerator:
        return []
    key, count = late.phoneless
    whom = "" if key.population == late.worst.key.population else population_name(key.population)
    share = _share(count.numerator, count, whom)
    return [_("không có điện thoại thông minh: %(share)s") % {"share": share}]


def _reasons(late: RollLate, said: Mapping[tuple[str, str], int]) -> list[str]:
    """The most frequent reasons residents gave, about the services in which the unit is behind; one person for one service is one time."""
    behind = {service for short in late.shortfalls for service in measures()[short.key].services}
    services = {code for each in behind for code in covering(each)}
    counts: Counter[str] = Counter()
    for (service, reason), times in said.items():
        if service in services:
            counts[reason] += times
    found = sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:MOST_REASONS]
    told = [
        _("%(reason)s (%(count)s lượt)")
        % {"reason": reasons()[code].words(language()), "count": format_int(times, language())}
        for code, times in found
    ]
    return [_("đã nói lý do: %(reasons)s") % {"reasons": "; ".join(told)}] if told else []


def _share(part: int, count: Count, whom: str) -> str:
    percent = percent_of(part, count.denominator)
    assert percent is not None  # a count of nobody is never given
    numbers = f"{format_int(part, language())}/{format_int(count.denominator, language())}"
    return f"{format_percent(percent, language())} ({numbers} {whom})".replace(" )", ")")


def _said(request: StaffRequest, unit: Unit, late: tuple[RollLate, ...], on: date) -> Said:
    """village → (service, reason) → how many people, for a commune's own board: of a province that would be everybody."""
    if unit.level != Level.COMMUNE or not late or not request.actor.may(OUTREACH, unit.pk):
        return {}
    found: dict[int, Counter[tuple[str, str]]] = {each.unit.id: Counter() for each in late}
    with scope.seeing(request.actor):
        for each in said_in(request.actor, list(found), Wanted(until=on)):
            found[each.village_id][each.service, each.reason] += 1
    return found
