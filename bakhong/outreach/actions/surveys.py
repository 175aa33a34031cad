"""Surveys: defined, the sample drawn once by lot, replies typed, rounds closed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import squeeze
from bakhong.outreach.actions.planning import line, once
from bakhong.outreach.models import Reply, SampledPerson, Survey, SurveyRound, SurveyStratum, Wave
from bakhong.outreach.permissions import PLAN, VISIT, require
from bakhong.outreach.queries.surveys import frame_of
from bakhong.outreach.rules.surveys import draw, sample_size, shares
from bakhong.people.actions.secrets import no_codes
from bakhong.places.models import Unit

MOST_CHOICES = 8


def make_survey(
    *,
    unit: Unit,
    title: str,
    question: str,
    choices: Sequence[str],
    counted: str,
    age_min: int,
    by_village: bool,
    margin: int,
    client_key: UUID,
    by: Actor,
    at: datetime,
) -> Survey:
    """One question with its possible answers; the share of `counted` is what is compared before and after.

    Raises: NotAllowed; Refusal; Conflict.
    """
    require(PLAN, unit.pk, by=by)
    choices = list(dict.fromkeys(squeeze(each)[:80] for each in choices if squeeze(each)))
    if not 2 <= len(choices) <= MOST_CHOICES:
        raise Refusal(_("Cần từ 2 đến %(most)s câu trả lời khác nhau.") % {"most": MOST_CHOICES})
    if squeeze(counted) not in choices:
        raise Refusal(_("Chọn câu trả lời được tính tỷ lệ."))
    no_codes(title, question)
    if not 1 <= margin <= 20 or not 0 <= age_min <= 100:
        raise Refusal(_("Sai số từ 1 đến 20 điểm phần trăm; tuổi từ 0 đến 100."))
    with transaction.atomic():
        made, is_new = once(
            Survey,
            client_key=client_key,
            unit=unit,
            by=by,
            at=at,
            title=line(title, 200, _("tên khảo sát")),
            question=line(question, 300, _("câu hỏi")),
            choices=choices,
            counted=squeeze(counted),
            age_min=age_min,
            by_village=by_village,
            margin=margin,
        )
        if is_new:
            _trail(made, "outreach.make_survey", by, at)
    return made


@transaction.atomic
def draw_sample(*, survey: Survey, wave: str, by: Actor, at: datetime) -> SurveyRound:
    """Draws whom to ask, once: by lot with a seed anybody can check, in proportion to the villages where the survey says so.

    Raises: NotAllowed; Refusal where there is nobody to ask, or "after" before "before"; Conflict when it was drawn already.
    """
    require(PLAN, survey.unit_id, by=by)
    survey = Survey.objects.select_for_update().select_related("unit").get(pk=survey.pk)
    if wave not in Wave.values or survey.rounds.filter(wave=wave).exists():
        raise Conflict(_("Đợt này đã rút mẫu rồi. Mẫu đã rút thì không đổi."))
    if wave == Wave.AFTER and not survey.rounds.filter(wave=Wave.BEFORE).exists():
        raise Refusal(_("Rút mẫu đợt trước đã."))
    frame = frame_of(by, survey, day_of(at))
    size = sample_size(len(frame), survey.margin)
    if not size:
        raise Refusal(_("Chưa có ai trong danh sách người dân đủ điều kiện để hỏi."))
    seed = f"{survey.uuid.hex}-{wave}"
    found = SurveyRound.objects.create(
        survey=survey, wave=wave, drawn_on=day_of(at), seed=seed, population=len(frame), size=size
    )
    _store_sample(found, _drawn(frame, size, seed, by_village=survey.by_village), frame)
    _trail(survey, "outreach.draw_sample", by, at, wave=wave, size=size, population=len(frame))
    return found


def _drawn(frame: dict[str, tuple[int, int]], size: int, seed: str, *, by_village: bool) -> list[str]:
    """The chosen keys of the frame."""
    if not by_village:
        return draw(list(frame), size, seed)
    villages: dict[int, list[str]] = {}
    for key, (_person, village) in frame.items():
        villages.setdefault(village, []).append(key)
    parts = shares(size, {village: len(keys) for village, keys in villages.items()})
    return [key for village, keys in villages.items() for key in draw(keys, parts[village], seed)]


def _store_sample(found: SurveyRound, chosen: list[str], frame: dict[str, tuple[int, int]]) -> None:
    SampledPerson.objects.bulk_create(
        SampledPerson(round=found, person_id=frame[key][0], village_id=frame[key][1], rank=rank)
        for rank, key in enumerate(chosen, start=1)
    )
    everywhere = [village for _person, village in frame.values()]
    drawn = [frame[key][1] for key in chosen]
    SurveyStratum.objects.bulk_create(
        SurveyStratum(
            round=found, village_id=village, population=everywhere.count(village), size=drawn.count(village)
        )
        for village in sorted(set(everywhere))
    )


@transaction.atomic
def record_reply(
    *, sampled: SampledPerson, reply: str, answer: str, by: Actor, at: datetime
) -> SampledPerson:
    """What came of asking somebody; `answer` is one of the survey's where they answered, else "". A later word replaces an earlier one.

    Raises: NotAllowed; Refusal; Conflict once the round is closed.
    """
    require(VISIT, sampled.village_id, by=by)
    found: SampledPerson = (
        SampledPerson.objects.select_for_update(of=("self",))
        .select_related("round__survey")
        .get(pk=sampled.pk)
    )
    if found.round.closed_at:
        raise Conflict(_("Đợt khảo sát này đã chốt."))
    if reply not in ("", *Reply.values):
        raise Refusal(_("Chọn kết quả hỏi."))
    if reply == Reply.ANSWERED and answer not in found.round.survey.choices:
        raise Refusal(_("Chọn một câu trả lời có trong phiếu."))
    answer = answer if reply == Reply.ANSWERED else ""
    if (found.reply, found.answer) == (reply, answer):
        return found
    found.reply, found.answer = reply, answer
    found.replied_at, found.recorded_by = at, by.id
    found.save(update_fields=["reply", "answer", "replied_at", "recorded_by"])
    audit.record(
        by=by,
        at=at,
        deed="outreach.record_reply",
        object_kind="person",
        object_id=found.person.uuid,
        place_id=found.village_id,
        survey=str(found.round.survey.uuid),
        reply=reply,
    )
    return found


@transaction.atomic
def close_round(*, round: SurveyRound, by: Actor, at: datetime) -> None:
    """No reply changes any more. Twice is once.

    Raises: NotAllowed.
    """
    require(PLAN, round.survey.unit_id, by=by)
    found = SurveyRound.objects.select_for_update(of=("self",)).get(pk=round.pk)
    if found.closed_at is None:
        found.closed_at = at
        found.save(update_fields=["closed_at"])
        _trail(found.survey, "outreach.close_round", by, at, wave=found.wave)


def _trail(survey: Survey, deed: str, by: Actor, at: datetime, **details: object) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="survey",
        object_id=survey.uuid,
        place_id=survey.unit_id,
        **details,
    )
