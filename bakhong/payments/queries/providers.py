"""Providers, the lists they sent, and the customers the lists speak of."""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from bakhong.core.actor import Actor
from bakhong.core.text import identity_key
from bakhong.payments.models import Biller, CustomerCode, ProviderBill, ProviderList, ProviderMapping
from bakhong.payments.permissions import CHARGE, providers_for
from bakhong.people.models import Organisation, Person
from bakhong.places.models import Unit


def providers_at(actor: Actor, unit: Unit) -> QuerySet[Biller]:
    """The commune's providers that still collect, whose lists the actor may take in."""
    return providers_for(actor, CHARGE).filter(unit=unit, valid_to=None).order_by("name")


def current_lists() -> QuerySet[ProviderList]:
    """Of each provider, service and month the list that counts: the latest that was not taken back."""
    same = ProviderList.objects.filter(
        biller=OuterRef("biller"), service=OuterRef("service"), period=OuterRef("period"), undone_at=None
    )
    return ProviderList.objects.filter(pk=Subquery(same.order_by("-pk").values("pk")[:1]))


def current_list(biller: Biller, service: str, period: date) -> ProviderList | None:
    found = ProviderList.objects.filter(biller=biller, service=service, period=period, undone_at=None)
    return found.order_by("-pk").first()


def lists_of(biller: Biller) -> QuerySet[ProviderList]:
    """Every list of the provider, taken back or not, the latest first."""
    return ProviderList.objects.filter(biller=biller).order_by("-period", "-pk")


def bills_of(batch: ProviderList) -> QuerySet[ProviderBill]:
    """In the file's order."""
    return (
        ProviderBill.objects.filter(batch=batch).select_related("village", "customer").order_by("row", "pk")
    )


def remembered_columns(biller: Biller) -> dict[str, dict[str, str]]:
    """By the row of headings, what somebody said the columns of such files are."""
    return dict(ProviderMapping.objects.filter(biller=biller).values_list("shape", "columns"))


def customers_of(biller: Biller) -> QuerySet[CustomerCode]:
    """Those who still have their code, in the order of codes."""
    found = CustomerCode.objects.filter(biller=biller, valid_to=None)
    return found.select_related("village", "person", "household", "organisation").order_by("code", "pk")


def likely_owners(actor: Actor, customer: CustomerCode) -> list[Person]:
    """Residents of the customer's village with the name the provider writes, among those the actor may see. At most ten."""
    wanted = identity_key(customer.name)
    if not wanted:
        return []
    near = (
        Person.objects.for_user(actor)
        .select_related("household")
        .filter(village=customer.village, is_known=True, merged_into=None, name__iexact=customer.name)
    )
    return [each for each in near.order_by("pk")[:50] if identity_key(each.name) == wanted][:10]


def likely_organisations(actor: Actor, customer: CustomerCode) -> list[Organisation]:
    """Businesses of the customer's village with that name, among those the actor may see. At most ten."""
    if not customer.name:
        return []
    near = Organisation.objects.for_user(actor).filter(village=customer.village, name__iexact=customer.name)
    return list(near.filter(valid_to=None).order_by("pk")[:10])
