"""Who uses which digital service: what was said of it, and the periods that follow."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.people.models.base import OfAVillage
from bakhong.people.models.facts import Import, Source
from bakhong.people.models.organisations import Organisation, PhoneSubscription
from bakhong.people.models.people import Household, Person
from bakhong.people.rules.services import NONE, STATES


class State(models.TextChoices):
    """The common words of the ladder; a service may have its own (`rules.services.Service.words`)."""

    REGISTERED = "registered", _("Đã đăng ký")
    REFUSED = "refused", _("Không được duyệt")
    APPROVED = "approved", _("Đã được duyệt")
    ACTIVATED = "activated", _("Đã kích hoạt")
    IN_USE = "in_use", _("Đang dùng")
    LAPSED = "lapsed", _("Đã hết hạn hoặc thôi dùng")
    NONE = "none", _("Chưa có")


assert set(State.values) == {*STATES, NONE}

_ONE_SUBJECT = (
    Q(person__isnull=False, household=None, subscription=None, organisation=None)
    | Q(person=None, household__isnull=False, subscription=None, organisation=None)
    | Q(person=None, household=None, subscription__isnull=False, organisation=None)
    | Q(person=None, household=None, subscription=None, organisation__isnull=False)
)
SUBJECTS: dict[str, type[Person] | type[Household] | type[PhoneSubscription] | type[Organisation]] = {
    "person": Person,
    "household": Household,
    "subscription": PhoneSubscription,
    "organisation": Organisation,
}
Subject = Person | Household | PhoneSubscription | Organisation


def _subject(model: type[OfAVillage]) -> Any:
    """Without an index of its own: each table has partial ones, which hold no row of another kind."""
    return models.ForeignKey(
        model, on_delete=models.PROTECT, null=True, db_index=False, related_name="%(class)ss"
    )


class OfASubject(OfAVillage):
    """A row about exactly one person, household, subscription or organisation, named by `rules.services.COUNTED`."""

    person = _subject(Person)
    household = _subject(Household)
    subscription = _subject(PhoneSubscription)
    organisation = _subject(Organisation)
    service = models.CharField(max_length=24)  # a code of `rules.services`
    state = models.CharField(max_length=10, choices=State)

    privacy_of_subject: ClassVar[dict[str, Any]] = OfAVillage.privacy_of_base | {
        "person": Privacy.INTERNAL,
        "household": Privacy.INTERNAL,
        "subscription": Privacy.INTERNAL,
        "organisation": Privacy.INTERNAL,
        "service": Privacy.INTERNAL,
        "state": Privacy.PERSONAL,
    }

    class Meta:
        abstract = True

    @property
    def subject_key(self) -> tuple[str, int]:
        """("person", 17): whom it is about."""
        for kind in SUBJECTS:
            if (pk := getattr(self, f"{kind}_id")) is not None:
                return kind, pk
        raise AssertionError("a row without a subject")


class Adoption(OfASubject):
    """What one source said about one service at one time. Rows are only added (a trigger refuses the rest); `retracts` takes one back.

    `happened_on` None: nobody knows the day; it holds from the day it was learned. `expires_on`: a certificate's last day has passed then.
    """

    provider = models.CharField(max_length=60, blank=True)
    happened_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    learned_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)  # an actor's id
    source = models.CharField(max_length=10, choices=Source)
    source_detail = models.CharField(max_length=200, blank=True)  # "Thôn 1, dòng 17"
    evidence = models.CharField(max_length=200, blank=True)  # what was seen: a screen, a paper, a message
    reason = models.CharField(max_length=24, blank=True)  # a code of `rules.reasons`
    is_verified = models.BooleanField(default=False)
    batch = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, related_name="adoptions")
    retracts = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="retractions")
    client_key = models.UUIDField(null=True, unique=True)  # made by who sends it, so that it counts once

    privacy = OfASubject.privacy_of_subject | {
        "provider": Privacy.PERSONAL,
        "happened_on": Privacy.PERSONAL,
        "expires_on": Privacy.PERSONAL,
        "learned_at": Privacy.INTERNAL,
        "recorded_by": Privacy.INTERNAL,
        "source": Privacy.INTERNAL,
        "source_detail": Privacy.PERSONAL,
        "evidence": Privacy.PERSONAL,
        "reason": Privacy.PERSONAL,
        "is_verified": Privacy.INTERNAL,
        "batch": Privacy.INTERNAL,
        "retracts": Privacy.INTERNAL,
        "client_key": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_SUBJECT, name="adoption_one_subject"),
            models.CheckConstraint(condition=Q(state__in=[*STATES, NONE]), name="adoption_state"),
            models.CheckConstraint(
                condition=Q(retracts=None) | Q(retracts__lt=F("id")), name="adoption_retracts_earlier"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(happened_on=None) | Q(expires_on__gt=F("happened_on")),
                name="adoption_expires_later",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "service", "learned_at"], name="adoption_of_a_village"),
            *(
                models.Index(
                    fields=[kind], condition=Q(**{f"{kind}__isnull": False}), name=f"adoption_{kind}"
                )
                for kind in SUBJECTS
            ),
        ]


class Holding(OfASubject):
    """A state that stands for a period (start included, end excluded). Made from the facts by `actions.adopting`, never written by others.

    What stands on a day: valid_from ≤ day, and valid_to null or later. A certificate's lapse may lie ahead.
    """

    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    privacy = OfASubject.privacy_of_subject | {"valid_from": Privacy.PERSONAL, "valid_to": Privacy.PERSONAL}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_SUBJECT, name="holding_one_subject"),
            models.CheckConstraint(condition=Q(state__in=[*STATES, NONE]), name="holding_state"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="holding_period",
            ),
            *(
                models.UniqueConstraint(
                    fields=[kind, "service", "valid_from"],
                    condition=Q(**{f"{kind}__isnull": False}),
                    nulls_distinct=False,
                    name=f"holding_{kind}_once",
                )
                for kind in SUBJECTS
            ),
        ]
        indexes = [
            models.Index(fields=["village", "service", "state"], name="holding_of_a_village"),
        ]
