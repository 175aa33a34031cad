"""Household businesses, enterprises and phone subscriptions: some services and indicators count them, not persons."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.people.models.base import OfAVillage
from bakhong.people.models.people import Person


class OrganisationKind(models.TextChoices):
    HOUSEHOLD_BUSINESS = "household_business", _("Hộ kinh doanh")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    COOPERATIVE = "cooperative", _("Hợp tác xã")


class Organisation(OfAVillage):
    """It works in a village for a period."""

    kind = models.CharField(max_length=20, choices=OrganisationKind)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)  # finds, never identifies
    tax_code = models.CharField(max_length=14, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="organisations")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)

    # A household business is its owner: its name and number tell about a person.
    privacy = OfAVillage.privacy_of_base | {
        "kind": Privacy.INTERNAL,
        "name": Privacy.PERSONAL,
        "name_key": Privacy.PERSONAL,
        "tax_code": Privacy.PERSONAL,
        "owner": Privacy.PERSONAL,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
        "source": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="organisation_period",
            ),
            models.UniqueConstraint(
                fields=["village", "tax_code"],
                condition=~Q(tax_code="") & Q(valid_to=None),
                name="organisation_tax_code_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PhoneSubscription(OfAVillage):
    """A subscription counted by its number, whoever uses it: a person or an organisation, or nobody known."""

    number = models.CharField(max_length=15)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="subscriptions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="subscriptions"
    )
    is_smartphone = models.BooleanField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)

    privacy = OfAVillage.privacy_of_base | {
        "number": Privacy.PERSONAL,
        "person": Privacy.PERSONAL,
        "organisation": Privacy.PERSONAL,
        "is_smartphone": Privacy.PERSONAL,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
        "source": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None) | Q(organisation=None), name="subscription_one_holder"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="subscription_period",
            ),
            models.UniqueConstraint(
                fields=["village", "number"], condition=Q(valid_to=None), name="subscription_open_once"
            ),
        ]
