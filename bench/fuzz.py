"""Five hundred bad workbooks: how many of their bad cells are named, and how fast a bomb is refused."""

from collections import Counter
from datetime import date

from bakhong.cli.say import say
from bench import Scenario

NEEDS_DATABASE = True  # the refusals speak through Django
FILES = 500
TODAY = date(2026, 11, 22)


def scenarios() -> list[Scenario]:
    from bakhong.core.errors import Refusal
    from bakhong.people.reading import read_list
    from bakhong.people.tests.spoilt import spoilt
    from bakhong.people.tests.test_bad_files import missed

    ends: Counter[str] = Counter()
    wanted, silent = 0, []
    for file in map(spoilt, range(FILES)):
        wanted += len(file.bad)
        try:
            residents = read_list(file.data, filename=file.name, today=TODAY)
        except Refusal:
            ends[f"{file.kind} refused"] += 1
            silent += file.bad
        else:
            ends[f"{file.kind} read{', WRONGLY' if file.is_hopeless else ''}"] += 1
            silent += missed(file, residents)
    say(
        f"{FILES} bad files: {wanted - len(silent)} of {wanted} bad cells named; "
        + "; ".join(f"{end} {count}" for end, count in sorted(ends.items()))
    )
    for each in silent[:20]:
        say(f"missed: {each}")
    bomb = next(each for each in map(spoilt, range(6, 60, 13)) if each.kind == "bomb")

    def refuse() -> None:
        try:
            read_list(bomb.data, filename=bomb.name, today=TODAY)
        except Refusal:
            return
        raise AssertionError("a bomb was read")

    return [Scenario("refuse a zip bomb", refuse, promise=1000, repeats=5)]
