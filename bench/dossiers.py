"""Lists of a million dossiers: an officer's queue, the newest, the late ones, a deep page, the whole province. Nothing is counted.

The dossiers lie in 20 communes, half of them in one; 4 % are open. They stay in the bench's own database, so that it is filled once.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg

from bakhong.cli.say import say
from bench import Scenario

if TYPE_CHECKING:
    from bakhong.dossiers.models import Dossier
    from bakhong.places.models import Unit

NEEDS_DATABASE = True
AT, ON = datetime(2026, 11, 22, 3, tzinfo=UTC), date(2026, 11, 22)
ROWS, BATCH = 1_000_000, 50_000
PROMISE = 150.0
FINISHED = ("returned", "returned", "returned", "done", "refused", "stopped")
OPEN = ("submitted", "received", "in_progress", "in_progress", "supplement", "approved")


def scenarios() -> list[Scenario]:
    from bakhong.accounts.models import Assignment, User
    from bakhong.accounts.permissions import StaffActor
    from bakhong.core.actor import OPERATOR
    from bakhong.dossiers.queries.queue import Wish, queue
    from bakhong.people import scope
    from bakhong.places.queries import unit_on

    commune, province = unit_on("15646", ON), unit_on("38", ON)
    assert commune is not None
    assert province is not None
    with scope.seeing(OPERATOR):
        _fill(commune)
    user, _new = User.objects.get_or_create(email="bench.desk@example.vn", defaults={"name": "bench"})
    Assignment.objects.get_or_create(
        user=user, role="one_stop_officer", place=commune, defaults={"valid_from": date(2025, 7, 1)}
    )

    def page(wish: Wish, unit: "Unit" = commune, pages: int = 1) -> Callable[[], object]:
        def run() -> object:
            actor: Any = StaffActor(user, ON) if unit == commune else OPERATOR
            with scope.seeing(actor):
                cursor = ""
                for _page in range(pages):
                    found = queue(actor, unit, at=AT, wish=wish, cursor=cursor)
                    cursor = found.more
                return found

        return run

    told = [
        ("queue of a commune with 500,000 dossiers", Wish(), commune, 1),
        ("the same, newest first, finished ones too", Wish(show="all"), commune, 1),
        ("the same, the first 10 pages together", Wish(show="all"), commune, 10),
        ("the same, one procedure", Wish(procedure="1.001776", show="all"), commune, 1),
        ("the same, late ones", Wish(show="late"), commune, 1),
        ("the same, those of one officer", Wish(mine="staff:7"), commune, 1),
        ("queue of the whole province", Wish(), province, 1),
        ("the whole province, newest first", Wish(show="all"), province, 1),
    ]
    return [Scenario(name, page(wish, unit, pages), PROMISE * pages) for name, wish, unit, pages in told]


def _fill(commune: "Unit") -> None:
    from bakhong.core.bulk import collecting_later, insert_many
    from bakhong.dossiers.models import Dossier
    from bakhong.places.models import Unit

    there = Dossier.objects.order_by("-id").values_list("id", flat=True).first() or 0
    if there >= ROWS:
        return
    start, dice = time.perf_counter(), random.Random(4)
    others = list(
        Unit.objects.filter(level="commune", valid_from=date(2025, 7, 1)).exclude(pk=commune.pk)[:19]
    )
    with _without_guards(), collecting_later():
        for first in range(there, ROWS, BATCH):
            insert_many([_dossier(number, commune, others, dice) for number in range(first, first + BATCH)])
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE dossiers_dossier")
    say(f"{ROWS - there} dossiers stored in {time.perf_counter() - start:.0f} s")


@contextmanager
def _without_guards() -> Iterator[None]:
    """A million events would fill the disk and show nothing: the rows are put in as they stand."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("ALTER TABLE dossiers_dossier DISABLE TRIGGER USER")
        try:
            yield
        finally:
            owner.execute("ALTER TABLE dossiers_dossier ENABLE TRIGGER USER")


def _dossier(number: int, commune: "Unit", others: list["Unit"], dice: random.Random) -> "Dossier":
    from bakhong.core.ids import new_uuid
    from bakhong.dossiers.models import Dossier

    is_open = number % 25 == 0
    state = dice.choice(OPEN if is_open else FINISHED)
    submitted = AT - timedelta(minutes=dice.randrange(1, 15_000 if is_open else 1_500_000))
    is_received = state not in ("submitted", "refused")
    due = submitted + timedelta(days=dice.choice((3, 5, 10)))
    return Dossier(
        uuid=new_uuid(),
        village=commune if number % 2 else dice.choice(others),
        code=f"H56.{number % 20:05d}-{submitted:%y%m%d}-{number:07d}" if is_received else None,
        procedure=dice.choice(("1.004873", "1.001776", "2.000815", "local.nha-van-hoa")),
        procedure_version=1,
        procedure_name="Cấp Giấy xác nhận tình trạng hôn nhân",
        applicant_name=f"Lê Văn {number}",
        applicant_sort_key=str(number),
        channel=dice.choice(("direct", "online")),
        operated_by=dice.choice(("resident", "officer")),
        filed_by="bench",
        state=state,
        version=3,
        assigned_to=f"staff:{number % 40}" if state == "in_progress" else "",
        submitted_at=submitted,
        received_at=submitted if is_received else None,
        base_due_at=due if is_received else None,
        due_at=due if is_received else None,
        act_by=None if not is_open or state == "duty" else due,
        finished_at=None if is_open else due,
        returned_at=due if state == "returned" else None,
        duty_met_at=submitted,
        result_mode="desk",
        tracking=b"x",
        tracking_digest=number.to_bytes(32, "big"),
        answer_count=16,
        file_count=1,
    )
