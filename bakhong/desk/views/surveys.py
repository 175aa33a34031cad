"""Surveys before and after: the question, the sample drawn by lot, the replies, and how sure the result is."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import covered_ids
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_decimal, format_int, read_count
from bakhong.desk.forms.gatherings import SurveyForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.gathered import posted
from bakhong.outreach.actions import surveys as deeds
from bakhong.outreach.models import Reply, SampledPerson, Survey, SurveyRound, Wave
from bakhong.outreach.permissions import PLAN, VIEW, VISIT
from bakhong.outreach.queries import surveys as queries
from bakhong.outreach.rules.surveys import Change, Share, sample_size
from bakhong.places.models import Level, Unit
from bakhong.places.queries import ancestors
from bakhong.ui.figures import language

PER_PAGE = 30


def _owner(unit: Unit) -> Unit:
    """The commune whose surveys these are: a village's people are asked in them."""
    if unit.level == Level.COMMUNE:
        return unit
    for each in ancestors(unit, today()):
        if unit.level == Level.VILLAGE and each.level == Level.COMMUNE:
            return each
    raise Http404


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    found = queries.surveys_at(request.actor, _owner(unit))
    return page(
        request,
        "desk/outreach/surveys.html",
        unit=unit,
        active="surveys",
        shown=Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        may_plan=unit.level == Level.COMMUNE and request.actor.may(PLAN, unit.pk),
    )


@unit_page(PLAN, post=PLAN)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    if unit.level != Level.COMMUNE:
        raise Http404
    form = (
        SurveyForm(posted(request))
        if request.method == "POST"
        else SurveyForm.blank(age_min=18, margin=5, by_village=True, choices=_("Có") + "\n" + _("Không"))
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.make_survey(unit=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk:survey", unit=unit.uuid, survey=made.uuid)
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="surveys",
        status=422 if form.is_bound else 200,
        form=form,
        heading=_("Khảo sát mới: %(unit)s") % {"unit": unit.full_name},
        intro=_(
            "Hỏi cùng một câu trước và sau đợt ra quân. Người được hỏi do máy rút thăm, không ai chọn được."
        ),
        button_label=_("Lưu khảo sát"),
        back_url=reverse("desk:surveys", args=[unit.uuid]),
        back_label=_("Về danh sách khảo sát"),
    )


def _found(request: StaffRequest, unit: Unit, uuid: UUID) -> Survey:
    found = queries.surveys_at(request.actor, _owner(unit)).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _round(survey: Survey, wave: str) -> SurveyRound:
    found = survey.rounds.select_related("survey").filter(wave=wave).first()
    if found is None:
        raise Http404
    return found


@unit_page(VIEW, post=PLAN)
def survey(request: StaffRequest, unit: Unit, survey: UUID) -> HttpResponseBase:
    """The result, for whoever sees the whole commune; POST draws a round's sample or closes it."""
    found = _found(request, unit, survey)
    if request.method == "POST":
        wave = request.POST.get("wave", "")
        if request.POST.get("deed") == "close":
            deeds.close_round(round=_round(found, wave), by=request.actor, at=now())
            messages.success(request, _("Đã chốt. Câu trả lời không đổi được nữa."))
        else:
            made = deeds.draw_sample(survey=found, wave=wave, by=request.actor, at=now())
            messages.success(request, _("Đã rút thăm %(count)s người.") % {"count": made.size})
        return redirect("desk:survey", unit=unit.uuid, survey=found.uuid)
    sees_all = request.actor.may(VIEW, found.unit_id) and request.actor.may("people.view", found.unit_id)
    rounds, changed = queries.results_of(found) if sees_all else ({}, None)
    frame = len(queries.frame_of(request.actor, found, today())) if sees_all and len(rounds) < 2 else 0
    drawn = list(found.rounds.order_by("-wave"))
    return page(
        request,
        "desk/outreach/survey.html",
        unit=unit,
        active="surveys",
        survey=found,
        drawn=drawn,
        rounds=[
            {"wave": each.round, "result": each, "lines": _lines(each), "replies": _replies(each)}
            for each in rounds.values()
        ],
        comparison=_comparison(rounds, changed),
        sees_all=sees_all,
        frame=frame,
        wanted=sample_size(frame, found.margin),
        next_wave=_next_wave(drawn),
        may_plan=request.actor.may(PLAN, found.unit_id),
    )


def _next_wave(drawn: list[SurveyRound]) -> tuple[str, str] | None:
    have = {each.wave for each in drawn}
    for wave in (Wave.BEFORE, Wave.AFTER):
        if wave not in have:
            return wave.value, str(wave.label)
    return None


def share_text(found: Share | None) -> str:
    """A percent with its count, its n and its interval, or that there is none: never a percent alone."""
    if found is None:
        return _("chưa có ai trả lời")
    return _("%(percent)s%% (%(count)s/%(asked)s người trả lời; khoảng tin cậy 95%%: %(low)s–%(high)s%%)") % {
        "percent": format_decimal(found.percent, language()),
        "count": format_int(found.count, language()),
        "asked": format_int(found.asked, language()),
        "low": format_decimal(found.low, language()),
        "high": format_decimal(found.high, language()),
    }


def _lines(result: queries.Result) -> list[tuple[str, str]]:
    return [(text, share_text(each)) for text, each in result.answers]


def _replies(result: queries.Result) -> list[tuple[str, int]]:
    """Who has not answered and why."""
    return [(str(Reply(code).label) if code else _("chưa hỏi"), count) for code, count in result.replies]


def _comparison(rounds: dict[str, queries.Result], changed: Change | None) -> dict[str, Any] | None:
    if changed is None:
        return None
    before, after = rounds[Wave.BEFORE], rounds[Wave.AFTER]
    return {
        "before": share_text(before.counted),
        "after": share_text(after.counted),
        "points": format_decimal(changed.points, language()),
        "low": format_decimal(changed.low, language()),
        "high": format_decimal(changed.high, language()),
        "is_sure": changed.is_sure,
    }


@unit_page(VIEW, post=VISIT)
def replies(request: StaffRequest, unit: Unit, survey: UUID, wave: str) -> HttpResponseBase:
    """Whom to ask here, and what they said; POST writes the replies that were filled in."""
    found = _round(_found(request, unit, survey), wave)
    rows = list(queries.sample_of(request.actor, found).filter(village__in=_area(unit)))
    if request.method == "POST":
        count = _record(request, rows)
        messages.success(request, _("Đã ghi %(count)s người.") % {"count": count})
        return redirect("desk:survey_replies", unit=unit.uuid, survey=found.survey.uuid, wave=wave)
    return page(
        request,
        "desk/outreach/replies.html",
        unit=unit,
        active="surveys",
        survey=found.survey,
        round=found,
        rows=[(each, reply_value(each, found.survey.choices)) for each in rows],
        heard=sum(bool(each.reply) for each in rows),
        choices=_choices(found.survey),
        may_record=not found.closed_at and request.actor.may(VISIT, unit.pk),
    )


def _area(unit: Unit) -> frozenset[int]:
    return covered_ids([unit.pk], today())


def _choices(survey: Survey) -> list[tuple[str, str]]:
    """(value, words): the survey's own answers, then why there is none."""
    answers = [(f"answered:{number}", text) for number, text in enumerate(survey.choices)]
    return [*answers, *((code, label) for code, label in Reply.choices if code != Reply.ANSWERED)]


def reply_value(sampled: SampledPerson, choices: list[str]) -> str:
    """What stands, as the select of the page has it."""
    if sampled.reply == Reply.ANSWERED and sampled.answer in choices:
        return f"answered:{choices.index(sampled.answer)}"
    return sampled.reply


def _record(request: StaffRequest, rows: list[SampledPerson]) -> int:
    """How many replies were new or changed."""
    count = 0
    for each in rows:
        posted_value = request.POST.get(f"reply-{each.uuid}")
        choices = each.round.survey.choices
        if posted_value is None or posted_value == reply_value(each, choices):
            continue
        reply, _colon, sent = posted_value.partition(":")
        number = read_count(sent)
        answer = choices[number] if number is not None and number < len(choices) else ""
        deeds.record_reply(sampled=each, reply=reply, answer=answer, by=request.actor, at=now())
        count += 1
    return count


@unit_page(VIEW)
def questionnaire(request: StaffRequest, unit: Unit, survey: UUID, wave: str) -> HttpResponse:
    """The list to take along, with a box for each answer."""
    found = _round(_found(request, unit, survey), wave)
    return render(
        request,
        "desk/outreach/questionnaire.html",
        {
            "unit": unit,
            "survey": found.survey,
            "round": found,
            "rows": queries.sample_of(request.actor, found).filter(village__in=_area(unit)),
            "today": today(),
            "unit_contact": {"unit_name": unit.full_name},
            "back_url": reverse("desk:survey_replies", args=[unit.uuid, found.survey.uuid, wave]),
        },
    )
