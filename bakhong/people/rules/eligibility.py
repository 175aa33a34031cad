"""Whether a service is for somebody on a day, and if not, why: the one rule that lists, forms and denominators share."""

from bakhong.people.rules.services import Eligibility

# They no longer belong to the place: no service of its residents is for them.
GONE = frozenset({"moved", "died"})
AWAY = frozenset({"away", "abroad"})


def why_not_eligible(rule: Eligibility, *, age: int | None, presence: str, device: str) -> str:
    """Empty when the service is for them, else a code: gone, age_unknown, too_young, too_old, away, device_unknown, no_smartphone.

    `age`: whole years they surely have (`births.age_of`). Who is not said to be away counts as present, for lists note who is away;
    a smartphone must have been said, for lists note who has one.

    >>> rule = Eligibility(age_min=15, presence="present", has_smartphone=True)
    >>> [why_not_eligible(rule, age=age, presence=presence, device=device) for age, presence, device in (
    ...     (15, "", "smartphone"), (14, "", "smartphone"), (None, "", "smartphone"), (40, "away", "smartphone"), (40, "", ""),
    ...     (40, "present", "basic"), (40, "died", "smartphone"))]
    ['', 'too_young', 'age_unknown', 'away', 'device_unknown', 'no_smartphone', 'gone']
    """
    if presence in GONE:
        return "gone"
    if code := _age(rule, age):
        return code
    if rule.presence == "present" and presence in AWAY:
        return "away"
    return _device(rule, device)


def _age(rule: Eligibility, age: int | None) -> str:
    if rule.age_min is None and rule.age_max is None:
        return ""
    if age is None:
        return "age_unknown"
    if rule.age_min is not None and age < rule.age_min:
        return "too_young"
    return "too_old" if rule.age_max is not None and age > rule.age_max else ""


def _device(rule: Eligibility, device: str) -> str:
    if rule.has_smartphone is None or (device == "smartphone") is rule.has_smartphone:
        return ""
    return "no_smartphone" if device else "device_unknown"
