"""`python -m bakhong.demo.load`: everything the demo shows, through the actions, after the site answers. May run again and again."""

import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from bakhong.core.actor import OPERATOR, Actor
from bakhong.demo.accounts import PEOPLE, staff_of
from bakhong.demo.rules.commune import Commune
from bakhong.demo.rules.making import make_commune

COMMUNE, FORMER = "15646", "15655"  # xã Thường Xuân, made of Ngọc Phụng and three others
VILLAGES = [("thon", f"Mẫu {number}") for number in range(1, 8)]
STAGES = 7  # of `load_commune`, `load_one_stop` and `load_money`


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from bakhong.demo.accounts import make_people
    from bakhong.demo.exchange import write_list
    from bakhong.demo.neighbours import write_files
    from bakhong.demo.published import load_published
    from bakhong.demo.registers import write_registers
    from bakhong.demo.signing import make_signers

    at = timezone.now()
    make_people(by=OPERATOR, at=at)
    make_signers(at=at)
    load_published(by=OPERATOR, at=at)
    make_places(by=OPERATOR, at=at)
    make_period(by=OPERATOR, at=at)
    show_second_province(by=OPERATOR, at=at)
    commune = make_commune()
    write_files(Path(settings.DATA) / "demo", commune)
    write_list(Path(settings.DATA) / "demo", at)
    write_registers(Path(settings.DATA), commune)
    with progress() as tell:
        load_commune(commune, by=OPERATOR, at=at, tell=tell)
        load_one_stop(by=OPERATOR, at=at, tell=tell)
        load_money(by=OPERATOR, at=at, tell=tell)
    return 0


def load_commune(
    commune: Commune, *, by: Actor, at: datetime, tell: Callable[[str], None] = lambda _what: None
) -> None:
    """The synthetic residents and everything about them; each stage stands once it is there, and is not made again."""
    from bakhong.core.days import day_of
    from bakhong.demo.campaign import Ground, load_campaign
    from bakhong.demo.gatherings import load_gatherings
    from bakhong.demo.neighbours import import_neighbour, make_villages, see_conditions
    from bakhong.demo.roll import former_commune, import_roll, load_later, load_services
    from bakhong.demo.rules.commune import REF
    from bakhong.people import scope
    from bakhong.places.queries import children, unit_on

    scope.open_to(None)
    make_villages(by=by, at=at)
    tell("nhân khẩu xã Ngọc Phụng cũ")
    import_roll(commune, by=by, at=at)
    tell("dịch vụ số đã dùng")
    load_services(commune, by=by, at=at)
    load_later(commune, by=by, at=at)
    tell("danh sách xã Thọ Thanh cũ")
    import_neighbour(commune, by=by, at=at)
    see_conditions(by=by, at=at)
    tell("tổ công nghệ số, lượt đến nhà")
    now = unit_on(COMMUNE, day_of(at))
    assert now is not None
    ground = Ground(now, children(former_commune(), REF))
    officer = secretary(at) or by
    load_campaign(ground, by=officer, at=at)
    tell("tập huấn, chi trả, khảo sát, chỉ tiêu, báo cáo ngày")
    load_gatherings(ground, by=officer, at=at)


def load_one_stop(*, by: Actor, at: datetime, tell: Callable[[str], None]) -> None:
    """The dossiers of the one-stop desk, once the residents are there."""
    from bakhong.core.days import day_of
    from bakhong.demo.copies import load_copies
    from bakhong.demo.desk import load_desk
    from bakhong.demo.exchange import load_exchange
    from bakhong.demo.money import open_billers
    from bakhong.demo.own import load_own
    from bakhong.places.queries import unit_on

    tell("hồ sơ của bộ phận một cửa")
    now = unit_on(COMMUNE, day_of(at))
    assert now is not None
    open_billers(now, by=by, at=at)  # a fee is charged to the account there is when its dossier is handed in
    load_desk(now, by=secretary(at) or by, at=at)
    load_copies(now, at=at)
    load_exchange(now, by=by, at=at)
    load_own(now, by=secretary(at) or by, at=at)


def load_money(*, by: Actor, at: datetime, tell: Callable[[str], None]) -> None:
    """A fee of a dossier, a month of a market and three months of rubbish, collected to the đồng."""
    from bakhong.core.days import day_of
    from bakhong.demo.fees import load_fees
    from bakhong.demo.market import load_market
    from bakhong.demo.rubbish import load_rubbish
    from bakhong.places.queries import children, unit_on

    tell("thu tiền: phí hồ sơ, chợ, vệ sinh môi trường")
    now = unit_on(COMMUNE, day_of(at))
    assert now is not None
    villages = children(now, day_of(at))
    load_fees(now, by=by, at=at)
    load_market(now, villages, by=secretary(at) or by, at=at)
    load_rubbish(now, villages, at=at)


def secretary(at: datetime) -> Actor | None:
    """Who sends the teams out, by whose name what they did is shown; None where the demo's people were not made."""
    return staff_of("dx_secretary", at)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Says in the log and on the desk's pages how far the loading is; gone afterwards, however it ended."""
    from django.conf import settings

    path = Path(settings.DATA) / "loading.json"
    done = itertools.count()

    def tell(what: str) -> None:
        print(what, flush=True)
        path.write_text(json.dumps({"done": next(done), "total": STAGES}), encoding="utf-8")

    try:
        yield tell
    finally:
        path.unlink(missing_ok=True)


def show_second_province(*, by: Actor, at: datetime) -> None:
    """The demo's provincial administrator may also look at Tuyên Quang, of which the press printed figures too."""
    from bakhong.accounts.actions import assign_role
    from bakhong.accounts.models import User
    from bakhong.core.days import day_of
    from bakhong.core.errors import Conflict
    from bakhong.places.queries import unit_on

    user, unit = User.objects.filter(email=PEOPLE[0][3]).first(), unit_on("08", day_of(at))
    if user and unit:
        with suppress(Conflict):  # holds it already
            assign_role(user=user, role="province_viewer", unit=unit, by=by, at=at)


def make_places(*, by: Actor, at: datetime) -> None:
    """Seven invented villages of the former commune, and telephone numbers that nobody has."""
    from bakhong.core.days import day_of
    from bakhong.places.actions import create_villages, set_contact
    from bakhong.places.queries import children, unit_on

    on = day_of(at)
    former, commune, province = unit_on(FORMER, date(2025, 6, 30)), unit_on(COMMUNE, on), unit_on("38", on)
    assert former
    assert commune
    assert province
    if not children(commune, on):
        create_villages(commune=former, villages=VILLAGES, valid_from=date(2020, 1, 1), by=by, at=at)
    for unit, phone in ((province, "0237 000 0000"), (commune, "0237 000 0001")):
        set_contact(
            unit=unit,
            phone=phone,
            contact_name="Số máy mẫu của dữ liệu dùng thử",
            opening_hours="Thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:30; sáng thứ Bảy 7:30–11:30 nhận và trả hồ sơ",
            by=by,
            at=at,
        )


def make_period(*, by: Actor, at: datetime) -> None:
    """Last month's reporting period, which nobody has answered yet: it can be filled, approved and accepted at once."""
    from bakhong.core.days import day_of
    from bakhong.indicators.actions.periods import open_period
    from bakhong.indicators.models import ReportingPeriod
    from bakhong.indicators.rules.asks import Ask
    from bakhong.indicators.rules.definitions import registry
    from bakhong.places.queries import unit_on

    on = day_of(at)
    owner = unit_on("38", on)
    assert owner
    if ReportingPeriod.objects.filter(owner=owner).exists():
        return
    end = on.replace(day=1) - timedelta(days=1)
    start = end.replace(day=1)
    open_period(
        owner=owner,
        name=f"Tháng {end.month}/{end.year}",
        starts_on=start,
        ends_on=end,
        due_on=on + timedelta(days=7),
        asks=[Ask.usual(definition) for definition in registry() if definition.criterion],
        by=by,
        at=at,
    )


if __name__ == "__main__":
    sys.exit(main())
