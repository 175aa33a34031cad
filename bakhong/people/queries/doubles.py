"""Records of one person: the one that is kept, and those that redirect to it."""

from collections.abc import Collection

from bakhong.people.models import Person


def with_doubles(ids: Collection[int]) -> dict[int, int]:
    """person id → who they are (themselves, or the one of `ids` they are a double of), for these persons and all their doubles."""
    owner = {pk: pk for pk in ids}
    wave = list(owner)
    while wave:
        found = Person.objects.filter(merged_into__in=wave).values_list("pk", "merged_into")
        wave = [pk for pk, into in found if pk not in owner]
        owner |= {pk: owner[into] for pk, into in found if pk not in owner}
    return owner
