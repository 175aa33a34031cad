"""What was taken back by a later row: the same for facts about persons and for facts about services."""

from collections.abc import Collection

from bakhong.people.models import Adoption, Fact


def taken_back(model: type[Fact] | type[Adoption], ids: Collection[int]) -> set[int]:
    """The rows among these that are taken back now. A retraction that was itself taken back counts no more."""
    found = model.objects.filter(retracts__in=ids)
    retractions: dict[int, int | None] = dict(found.values_list("pk", "retracts_id"))
    if not retractions:
        return set()
    undone = taken_back(model, list(retractions))
    return {target for pk, target in retractions.items() if target is not None and pk not in undone}
