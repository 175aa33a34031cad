"""Reads about staff: who works where, who may see what."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor, covered_ids, live
from bakhong.places.models import Unit


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def places_where(user: User, permission: str, on: date) -> QuerySet[Unit]:
    """The places at which the user holds a role with the permission; what lies below them is not listed."""
    return Unit.objects.filter(pk__in=StaffActor(user, on).places_where(permission))


def visible_units(user: User, on: date, permission: str = "figures.view") -> QuerySet[Unit]:
    """Every unit, former ones of the area included, for which the user holds the permission on the day."""
    places = StaffActor(user, on).places_where(permission)
    return Unit.objects.filter(pk__in=covered_ids(places, on) if places else ())


def assignments_at(unit: Unit, on: date) -> QuerySet[Assignment]:
    """Roles in force at the unit or below it, people sorted by place and name."""
    return (
        Assignment.objects.filter(live(on), place_id__in=covered_ids([unit.pk], on))
        .select_related("user", "place")
        .order_by("place__level", "place__sort_key", "user__name", "pk")
    )


def labels_of(actor_ids: set[str]) -> dict[str, str]:
    """{actor id: name} for the staff among these actors."""
    uuids = [actor.removeprefix("staff:") for actor in actor_ids if actor.startswith("staff:")]
    return {f"staff:{user.uuid}": str(user) for user in User.objects.filter(uuid__in=uuids)}
