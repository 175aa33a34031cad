"""The synthetic commune at its full size: how long it takes to load, that its margins come out of counting, and how fast they do."""

import time
from functools import partial

from bakhong.cli.say import say
from bench import Scenario

NEEDS_DATABASE = True
# (indicator, stage, population) → what the press printed on 06/05/2025
PRINTED = {
    ("eid_accounts", "activated", "adults"): (4795, 5205),
    ("payment_account", "activated", "aged_15_up"): (4575, 5648),
    ("basic_security_software", "", "smartphone_subscriptions"): (2660, 3798),
    ("personal_signature", "activated", "present_with_smartphone"): (1611, 3000),
}


def scenarios() -> list[Scenario]:
    from django.utils import timezone

    from bakhong.core.actor import OPERATOR
    from bakhong.core.days import day_of
    from bakhong.demo.load import load_commune, make_places
    from bakhong.demo.rules.commune import REF
    from bakhong.demo.rules.making import make_commune
    from bakhong.indicators.queries.counted import counted
    from bakhong.places.queries import unit_on

    at = timezone.now()
    start = time.perf_counter()
    make_places(by=OPERATOR, at=at)
    load_commune(make_commune(), by=OPERATOR, at=at)
    say(f"demo: loaded (or found loaded) in {time.perf_counter() - start:.1f} s")
    former, now = unit_on("15655", REF), unit_on("15646", day_of(at))
    assert former is not None
    assert now is not None
    _check(former.pk)
    return [
        Scenario(
            "demo: all counts of Ngọc Phụng on 06/05/2025",
            partial(counted, [former.pk], REF, boundaries=REF),
            50,
        ),
        Scenario("demo: all counts of xã Thường Xuân today", partial(counted, [now.pk], day_of(at)), 50),
    ]


def _check(unit_id: int) -> None:
    """Raises: AssertionError when a margin is not the printed one."""
    from bakhong.demo.rules.commune import REF
    from bakhong.indicators.queries.counted import counted, measure_of

    found = counted([unit_id], REF, boundaries=REF)
    for names, printed in PRINTED.items():
        key = measure_of(*names)
        assert key is not None
        count = found[unit_id, key]
        assert (count.numerator, count.denominator) == printed, names
    say("demo: the margins are the printed ones")
