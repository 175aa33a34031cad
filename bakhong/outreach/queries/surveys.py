"""Whom a survey is about, who is asked, and what they said."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from bakhong.core.actor import Actor
from bakhong.outreach.models import Reply, SampledPerson, Survey, SurveyRound, Wave
from bakhong.outreach.rules.surveys import Change, Share, change, share
from bakhong.people.queries.roll import residents
from bakhong.people.rules.births import age_on, birth_text
from bakhong.people.rules.eligibility import GONE
from bakhong.places.models import Unit


def frame_of(actor: Actor, survey: Survey, on: date) -> dict[str, tuple[int, int]]:
    """Everybody who could be asked: key → (person, village). Residents who surely have the age; who is known to be gone is left out."""
    rows = residents(actor, survey.unit, on).exclude(presence__in=GONE)
    found = {}
    for pk, uuid, village, *parts in rows.values_list(
        "pk", "uuid", "village_id", "birth_year", "birth_month", "birth_day"
    ):
        age = age_on(birth_text(*parts), on)
        if survey.age_min == 0 or (age is not None and age >= survey.age_min):
            found[str(uuid)] = (pk, village)
    return found


def surveys_at(actor: Actor, unit: Unit) -> QuerySet[Survey]:
    """The surveys of the commune, the latest first."""
    found: QuerySet[Survey] = Survey.objects.for_user(actor).filter(unit=unit)
    return found.annotate(
        asked=Count("rounds__sample", distinct=True),
        heard=Count("rounds__sample", filter=~Q(rounds__sample__reply=""), distinct=True),
    ).order_by("-created_at", "-pk")


def sample_of(actor: Actor, found: SurveyRound) -> QuerySet[SampledPerson]:
    """Whom to ask, as far as the actor may see them: by village, household by household."""
    rows: QuerySet[SampledPerson] = SampledPerson.objects.for_user(actor).filter(round=found)
    return rows.select_related("person", "village").order_by(
        "village__sort_key", "person__household_id", "person__sort_key", "pk"
    )


@dataclass(frozen=True)
class Result:
    """What a round gave. `asked` of `round.size` answered; `replies` counts the others by why, "" being those nobody has asked yet."""

    round: SurveyRound
    asked: int
    replies: tuple[tuple[str, int], ...]
    answers: tuple[tuple[str, Share | None], ...]
    counted: Share | None

    @property
    def count(self) -> int:
        return self.counted.count if self.counted else 0


def result_of(found: SurveyRound) -> Result:
    """Only whoever sees the whole sample may be shown it: it counts what the connection sees."""
    survey = found.survey
    rows = list(SampledPerson.objects.filter(round=found).values_list("reply", "answer"))
    answers = Counter(answer for reply, answer in rows if reply == Reply.ANSWERED)
    replies = Counter(reply for reply, _answer in rows if reply != Reply.ANSWERED)
    asked = sum(answers.values())
    each = {text: share(answers[text], asked, found.population) for text in survey.choices}
    return Result(
        round=found,
        asked=asked,
        replies=tuple((reply, replies[reply]) for reply in (*Reply.values[1:], "") if replies[reply]),
        answers=tuple(each.items()),
        counted=each[survey.counted],
    )


def results_of(survey: Survey) -> tuple[dict[str, Result], Change | None]:
    """The rounds drawn so far by wave, and how the share changed between them."""
    rounds = {each.wave: result_of(each) for each in survey.rounds.select_related("survey").order_by("-wave")}
    if Wave.BEFORE not in rounds or Wave.AFTER not in rounds:
        return rounds, None
    before, after = (
        (each.count, each.asked, each.round.population) for each in (rounds[Wave.BEFORE], rounds[Wave.AFTER])
    )
    return rounds, change(before, after)
