"""Surveys before and after: one question, asked of people drawn from the roll by lot."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.outreach.models.planned import Planned
from bakhong.people.models import OfAVillage, Person
from bakhong.places.models import Unit


class Survey(Planned):
    """`choices` are the answers there are; the share of `counted` (one of them) is what is compared. `margin`: ± percentage points."""

    title = models.CharField(max_length=200)
    question = models.CharField(max_length=300)
    choices = models.JSONField(default=list)
    counted = models.CharField(max_length=80)
    age_min = models.PositiveSmallIntegerField()
    by_village = models.BooleanField(default=True)
    margin = models.PositiveSmallIntegerField()

    privacy = Planned.privacy_of_base | {
        "title": Privacy.INTERNAL,
        "question": Privacy.INTERNAL,
        "choices": Privacy.INTERNAL,
        "counted": Privacy.INTERNAL,
        "age_min": Privacy.INTERNAL,
        "by_village": Privacy.INTERNAL,
        "margin": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(margin__range=(1, 20)), name="survey_margin")]


class Wave(models.TextChoices):
    BEFORE = "before", _("trước")
    AFTER = "after", _("sau")


class SurveyRound(models.Model):
    """One asking. The sample is drawn once, from `population` people on `drawn_on`, with a published seed; it never changes afterwards."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="rounds")
    wave = models.CharField(max_length=6, choices=Wave)
    drawn_on = models.DateField()
    seed = models.CharField(max_length=40)
    population = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    closed_at = models.DateTimeField(null=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "survey": Privacy.INTERNAL,
        "wave": Privacy.INTERNAL,
        "drawn_on": Privacy.INTERNAL,
        "seed": Privacy.INTERNAL,
        "population": Privacy.INTERNAL,
        "size": Privacy.INTERNAL,
        "closed_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "wave"], name="survey_wave_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="survey_round_size"),
        ]


class SurveyStratum(models.Model):
    """How many of a village were drawn from how many."""

    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="strata")
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    population = models.PositiveIntegerField()
    size = models.PositiveIntegerField()

    privacy = dict.fromkeys(("id", "round", "village", "population", "size"), Privacy.INTERNAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "village"], name="stratum_once")]


class Reply(models.TextChoices):
    ANSWERED = "answered", _("đã trả lời")
    REFUSED = "refused", _("không trả lời")
    AWAY = "away", _("đi vắng lâu ngày")
    UNREACHED = "unreached", _("đến mà chưa gặp")


class SampledPerson(OfAVillage):
    """Somebody the lot fell on. `reply` "" until somebody has been there; `answer` only where they answered."""

    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="sample")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField()
    reply = models.CharField(max_length=10, blank=True, choices=Reply)
    answer = models.CharField(max_length=80, blank=True)
    replied_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=80, blank=True)

    privacy = OfAVillage.privacy_of_base | {
        "round": Privacy.INTERNAL,
        "person": Privacy.INTERNAL,
        "rank": Privacy.INTERNAL,
        "reply": Privacy.PERSONAL,
        "answer": Privacy.PERSONAL,
        "replied_at": Privacy.INTERNAL,
        "recorded_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="sampled_once"),
            models.CheckConstraint(
                condition=Q(reply="answered") & ~Q(answer="") | ~Q(reply="answered") & Q(answer=""),
                name="sampled_answer_with_reply",
            ),
        ]
