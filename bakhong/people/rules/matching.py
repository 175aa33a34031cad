"""Who may be the same person: candidates met by blocks, scored, with the reasons.

A pair is proposed, never merged. Weights are our own judgement, checked on generated truth in the tests.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from bakhong.core.text import identity_key, name_key

THRESHOLD = 0.7
_CROWD = 60  # a block larger than this tells nothing ("Nguyễn Thị", one phone for a whole village)


@dataclass(frozen=True)
class Profile:
    """What is compared of a person. `birth` as facts hold it; `id_index` is the blind index, not the number."""

    key: int
    name: str
    birth: str = ""
    sex: str = ""
    id_index: bytes = b""
    phone: str = ""
    village: int = 0
    household: int | None = None
    relation: str = ""


@dataclass(frozen=True)
class Pair:
    """Two persons, a score from 0 to 1, and codes of why."""

    a: int
    b: int
    score: float
    reasons: tuple[str, ...]


def duplicates(profiles: Iterable[Profile], threshold: float = THRESHOLD) -> list[Pair]:
    """Suspected pairs, the surest first.

    >>> people = [Profile(1, "Nguyễn Thị Hoà", "1970-03-05", "female"), Profile(2, "Nguyễn Thị Hòa", "1970-03-05", "female"),
    ...     Profile(3, "Nguyễn Văn An", "1970-03-05", "male")]
    >>> [(pair.a, pair.b, pair.reasons) for pair in duplicates(people)]
    [(1, 2, ('name_same', 'birth_same', 'sex_same'))]
    """
    people = list(profiles)
    seen: set[tuple[int, int]] = set()
    found = []
    for one, other in _candidates(people):
        place = (min(one.key, other.key), max(one.key, other.key))
        if place in seen:
            continue
        seen.add(place)
        score, reasons = compare(one, other)
        if score >= threshold:
            found.append(Pair(*place, round(score, 3), reasons))
    return sorted(found, key=lambda pair: (-pair.score, pair.a, pair.b))


def _candidates(people: list[Profile]) -> Iterator[tuple[Profile, Profile]]:
    """Pairs that share a national id, a telephone number, a name (without accents), or the given name and a part of the birth date."""
    blocks: dict[tuple[object, ...], list[Profile]] = defaultdict(list)
    for each in people:
        key = name_key(each.name)
        given = key.rpartition(" ")[2]
        if each.id_index:
            blocks["id", each.id_index].append(each)
        if each.phone:
            blocks["phone", each.phone, given].append(each)
        if each.birth:
            blocks["name", key, each.birth[:3]].append(each)
            blocks["year", given, key.partition(" ")[0], each.birth[:4]].append(each)
            if len(each.birth) == 10:
                blocks["day", each.birth, key[:1], each.sex].append(each)
                blocks["swap", given, each.birth[5:], each.sex].append(each)
        else:
            blocks["unborn", key].append(each)
    for block in blocks.values():
        if 1 < len(block) <= _CROWD:
            yield from combinations(block, 2)


def compare(one: Profile, other: Profile) -> tuple[float, tuple[str, ...]]:
    """Score and reasons. Two different national ids are two persons, unless a digit or two was mistyped: then both are still shown.

    >>> compare(Profile(1, "Lê Văn An", "1990", id_index=b"1"), Profile(2, "Lê Văn An", "1990", id_index=b"2"))[0]
    0.0
    """
    if one.id_index and other.id_index:
        if one.id_index != other.id_index:
            return 0.0, ("id_differs",)
        return 1.0, ("id_same",)
    if one.sex and other.sex and one.sex != other.sex:
        return 0.0, ("sex_differs",)
    likeness, reasons = name_likeness(one.name, other.name)
    if likeness < 0.75:
        return 0.0, ()
    score = 0.45 * likeness
    for part in (_births(one.birth, other.birth), _surroundings(one, other)):
        score += part[0]
        reasons += part[1]
    if "name_alike" in reasons and not _surroundings(one, other)[1]:
        score -= 0.2  # in a whole commune two people with names alike are born on one day by chance
    if one.sex and one.sex == other.sex:
        score += 0.05
        reasons += ("sex_same",)
    return max(0.0, min(score, 0.99)), reasons


def name_likeness(one: str, other: str) -> tuple[float, tuple[str, ...]]:
    """How alike two names are, from 0 to 1, and a code of why.

    >>> name_likeness("Nguyễn Thị Hoà", "Nguyễn Thị Hòa"), name_likeness("Lê Hoà", "Le Hoa")[0]
    ((1.0, ('name_same',)), 0.97)
    """
    if identity_key(one) == identity_key(other):
        return 1.0, ("name_same",)
    left, right = name_key(one), name_key(other)
    if left == right:
        bare = (
            one.isascii() or other.isascii()
        )  # accents lost are no difference; other accents may be another name
        return (0.97, ("name_accents_lost",)) if bare else (0.85, ("name_accents_differ",))
    distance = _distance(left, right)
    return 1 - distance / max(len(left), len(right)), ("name_alike",)


def _births(one: str, other: str) -> tuple[float, tuple[str, ...]]:
    if not one or not other:
        return 0.0, ()
    if one == other:
        return (0.45, ("birth_same",)) if len(one) == 10 else (0.2, ("birth_year_same",))
    if one.startswith(other) or other.startswith(one):
        return 0.22, ("birth_year_same",)
    if len(one) == len(other) == 10:
        year, month, day = one.split("-")
        if f"{year}-{day}-{month}" == other:
            return 0.38, ("birth_swapped",)
        differing = sum(a != b for a, b in zip(one, other, strict=True))
        if differing == 1:
            return 0.14, ("birth_one_digit",)
        if one[5:] == other[5:] and abs(int(one[:4]) - int(other[:4])) == 1:
            return 0.14, ("birth_one_digit",)
    return -0.3, ("birth_differs",)


def _surroundings(one: Profile, other: Profile) -> tuple[float, tuple[str, ...]]:
    score = 0.0
    reasons: tuple[str, ...] = ()
    if one.phone and one.phone == other.phone:
        score, reasons = 0.15, ("phone_same",)
    if one.household and one.household == other.household:
        score, reasons = score + 0.1, (*reasons, "household_same")
    elif one.village and one.village == other.village:
        score, reasons = score + 0.05, (*reasons, "village_same")
    return score, reasons


@lru_cache(maxsize=50_000)
def _distance(one: str, other: str) -> int:
    """Edits between two short texts, a swap of neighbours counted once.

    >>> _distance("hoa", "hao"), _distance("nguyen", "nguyn")
    (1, 1)
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        this = [row]
        for column, right in enumerate(other, start=1):
            cost = min(last[column] + 1, this[-1] + 1, last[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            this.append(cost)
        before, last = last, this
    return last[-1]
