"""Records of one person: the one that is kept, and those that redirect to it."""

from collections.abc import Collection, Mapping

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


def who_they_are(ids: Collection[int]) -> dict[int, int]:
    """person id → who they are: themselves, or the one they are a double of, however often that one was merged on. One query where
    none is a double."""
    into = dict.fromkeys(ids, 0)
    wave = set(into)
    while wave:
        found = dict(
            Person.objects.filter(pk__in=wave, merged_into__isnull=False).values_list("pk", "merged_into")
        )
        into |= found
        wave = set(found.values()) - set(into)
    return {pk: _last(pk, into) for pk in ids}


def _last(pk: int, into: Mapping[int, int]) -> int:
    while into.get(pk):
        pk = into[pk]
    return pk
