"""Telling and hearing another system over a network that loses, repeats, reorders and lies: when it calms down, both sides are equal."""

import base64
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed
from bakhong.documents.tests.files import SENTENCE, pdf_file
from bakhong.dossiers.actions import exchange_taking, exchange_telling
from bakhong.dossiers.actions.ending import ask_withdrawal, confirm_withdrawal, keep, refuse, stop
from bakhong.dossiers.actions.exchange_taking import CannotTake, pull, take_in_again
from bakhong.dossiers.actions.exchange_telling import deliver_due, send_again
from bakhong.dossiers.actions.processing import forward
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.adapters.national.http import HttpExchange
from bakhong.dossiers.adapters.national.simulator import KINDS, Faults, Portal, Simulator
from bakhong.dossiers.adapters.port import Exchange, NoAnswer
from bakhong.dossiers.adapters.registry import exchanges
from bakhong.dossiers.models import Attachment, Dossier, Event, Point, Pulled, Sending, Sent
from bakhong.dossiers.rules.states import national
from bakhong.places.models import Unit

SYSTEM = "national"
pytestmark = pytest.mark.usefixtures("everybody")


@pytest.fixture
def portal(settings: Any) -> Iterator[Portal]:
    """The other side, set up as an operator does."""
    made = Portal()
    with Simulator(made) as url:
        settings.EXCHANGES = {
            SYSTEM: {
                "url": url,
                "token": made.token,
                "adapter": "bakhong.dossiers.adapters.national.http.HttpExchange",
            }
        }
        yield made


@pytest.fixture
def side(portal: Portal) -> Exchange:
    return exchanges()[SYSTEM]


def item(number: int, unit: Unit, **more: Any) -> dict[str, Any]:
    told = {
        "MaHoSo": f"G22.99-261120-{number:04d}",
        "MaTTHC": "1.004873.H56",
        "DonViXuLy": unit.code,
        "KenhThucHien": 2,
        "TrangThaiHoSo": 1,
        "ChuHoSo": "Lê Văn An",
        "SoDinhDanh": "038060001234",
        "SoDienThoai": "0912345678",
        "NgayNopHoSo": "2026-11-20T08:00:00+07:00",
    }
    return told | more


def paper(content: bytes, name: str = "Giấy.pdf") -> dict[str, str]:
    return {"TenGiayTo": name, "NoiDung": base64.b64encode(content).decode()}


# --- one thing at a time -----------------------------------------------------------------------------------------------


def test_what_was_filed_there_is_ours_once(
    portal: Portal, side: Exchange, thuong_xuan: Unit, at: datetime
) -> None:
    portal.file(item(1, thuong_xuan, DanhSachTaiLieuNop=[paper(pdf_file(SENTENCE))]))
    assert pull(exchange=side, at=at).taken == 1
    assert pull(exchange=side, at=at).taken == 0
    made = Dossier.objects.get()
    assert (made.state, made.channel, made.external_codes) == (
        "submitted",
        "online",
        {SYSTEM: "G22.99-261120-0001"},
    )
    assert Attachment.objects.get().dossier == made
    assert Pulled.objects.get().body is None
    assert not Sending.objects.exists()  # it told us, we need not tell it


def test_every_state_is_told_in_order_and_the_body_goes(
    portal: Portal, side: Exchange, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    portal.file(item(1, thuong_xuan))
    pull(exchange=side, at=at)
    made = Dossier.objects.get()
    receive(dossier=made, by=actor, at=at)
    forward(dossier=made, by=actor, at=at)
    waiting = list(Sending.objects.order_by("pk"))
    assert [row.national_state for row in waiting] == [2, 4]
    assert all(b"MaHoSo" not in bytes(row.body) for row in waiting)  # sealed
    assert deliver_due(exchange=side, at=at).sent == 2
    assert portal.states == {"G22.99-261120-0001": 4}
    assert {(row.state, row.body) for row in Sending.objects.all()} == {(Sent.DONE, None)}


def test_off_by_default_nothing_is_queued(
    thuong_xuan: Unit, handmade: Any, actor: Actor, at: datetime
) -> None:
    made = handmade()
    receive(dossier=made, by=actor, at=at)
    assert not exchanges()
    assert not Sending.objects.exists()


def test_what_is_declined_waits_for_somebody_and_keeps_back_only_its_own(
    portal: Portal, side: Exchange, handmade: Any, actor: Actor, at: datetime
) -> None:
    one, other = handmade(), handmade()
    for each in (one, other):
        receive(dossier=each, by=actor, at=at)
        forward(dossier=each, by=actor, at=at)
        each.refresh_from_db()
    portal.declined = {one.code}
    told = deliver_due(exchange=side, at=at)
    assert (told.sent, told.declined) == (2, 1)
    held = Sending.objects.get(state=Sent.HELD)
    assert (held.dossier, held.problem, held.detail) == (one, "declined", "HOSO_KHOA")
    portal.declined = set()
    send_again(sending=held, by=actor, at=at)
    assert deliver_due(exchange=side, at=at).sent == 2
    assert portal.states == {one.code: 4, other.code: 4}
    with pytest.raises(Conflict):
        send_again(sending=held, by=actor, at=at)


def test_who_may_not_does_not(
    portal: Portal, handmade: Any, specialist: StaffActor, actor: Actor, at: datetime
) -> None:
    receive(dossier=handmade(), by=actor, at=at)
    with pytest.raises(NotAllowed):
        send_again(sending=Sending.objects.get(), by=specialist, at=at)


def test_a_poisoned_dossier_does_not_block_the_rest(
    portal: Portal, side: Exchange, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    portal.file(item(1, thuong_xuan, MaTTHC="9.999999"))
    portal.file(item(2, thuong_xuan, ChuHoSo="\0\ud800"))
    portal.file(item(3, thuong_xuan, DanhSachTaiLieuNop=[paper(b"MZ no paper")]))
    portal.file(item(4, thuong_xuan, NgayNopHoSo="hôm qua"))
    portal.file(item(5, thuong_xuan, DonViXuLy="99999"))
    portal.file(item(6, thuong_xuan))
    came = pull(exchange=side, at=at)
    assert (came.taken, came.waiting, came.strays) == (1, 4, 1)
    assert dict(Pulled.objects.filter(dossier=None).values_list("code", "problem")) == {
        "G22.99-261120-0001": "unknown_procedure",
        "G22.99-261120-0002": "no_applicant",
        "G22.99-261120-0003": "bad_file",
        "G22.99-261120-0004": "odd_day",
    }
    assert Point.objects.get().strays == ["G22.99-261120-0005"]
    with pytest.raises(CannotTake):
        take_in_again(pulled=Pulled.objects.get(code="G22.99-261120-0001"), by=actor, at=at)


@pytest.mark.parametrize("kind", [each for each in KINDS if each not in ("repeat", "stale")])
def test_only_its_own_receipt_counts(portal: Portal, side: Exchange, kind: str) -> None:
    portal.faults.random = _Always(kind)
    portal.faults.rate = 100
    with pytest.raises(NoAnswer):
        side.push_state(uuid4(), {"MaHoSo": "H56-1", "SoThuTu": 1, "TrangThaiHoSo": 2})


def test_a_wrong_key_is_told_to_the_operator(portal: Portal, side: HttpExchange) -> None:
    wrong = HttpExchange(SYSTEM, side.name, side.url, "another")
    assert not wrong.check().ok
    assert side.check().ok
    with pytest.raises(NoAnswer, match="our_credentials"):
        wrong.pull_filed("")


class _Always(Random):
    def __init__(self, kind: str) -> None:
        super().__init__(1)
        self.kind = kind

    def choice(self, seq: Any) -> Any:
        return self.kind


# --- a bad network -----------------------------------------------------------------------------------------------------


class Run:
    """Both sides over some hours of a bad network, from one seed; then it is calm, and all must have arrived."""

    def __init__(
        self, seed: int, portal: Portal, side: Exchange, unit: Unit, by: Actor, at: datetime
    ) -> None:
        self.random = Random(seed)
        self.portal, self.side, self.unit, self.by, self.at = portal, side, unit, by, at
        portal.faults = Faults(seed, rate=45)
        self.changed = 0  # times that an applicant did something there

    def go(self, rounds: int = 25) -> None:
        for number in range(rounds):
            if number < 10:
                self.portal.file(item(number, self.unit))
            self.work()
            self.work_there()
            self.exchange()
            if self.random.random() < 0.3:
                self.portal.let_late_ones_arrive()
        self.portal.faults.rate = 0
        self.portal.let_late_ones_arrive()
        for _round in range(6):
            self.exchange()

    def exchange(self) -> None:
        self.at += timedelta(hours=self.random.choice((0, 1, 3)), minutes=1)
        deliver_due(exchange=self.side, at=self.at)
        pull(exchange=self.side, at=self.at)

    def work(self) -> None:
        """Officers do what may be done with some of them."""
        for dossier in Dossier.objects.order_by("pk"):
            if self.random.random() < 0.4:
                deeds = _DEEDS.get(dossier.state)
                if deeds:
                    self.random.choice(deeds)(dossier, self.by, self.at)

    def work_there(self) -> None:
        """Applicants withdraw, or give what was asked for, where they filed."""
        for code, state in list(self.portal.states.items()):
            if state == 5:
                self.portal.change(code, TrangThaiHoSo=4, papers=[paper(pdf_file(f"{SENTENCE} {self.at}"))])
                self.changed += 1
            elif state in (1, 2, 4) and self.random.random() < 0.05:
                self.portal.change(code, TrangThaiHoSo=7)
                self.changed += 1

    def check(self) -> None:
        """I1: each once. I7: the queue is empty. I6: both sides are equal; and nothing went out before its turn."""
        taken = Counter(each.external_codes[SYSTEM] for each in Dossier.objects.all())
        assert taken == Counter({str(each["MaHoSo"]) for each in self.portal.filed})
        # Papers that came while it was being withdrawn, a withdrawal after the end: for somebody to look at, never an error.
        assert {each.problem for each in Pulled.objects.all()} <= {"", "changed_there"}
        assert not Sending.objects.exclude(state=Sent.DONE).exists()
        ours = {
            each.external_codes[SYSTEM]: national(each.state, is_received=each.received_at is not None)
            for each in Dossier.objects.all()
        }
        assert ours == self.portal.states
        assert self.portal.out_of_order == []


Deed = Callable[[Dossier, Actor, datetime], object]
_DEEDS: dict[str, list[Deed]] = {
    "submitted": [
        lambda dossier, by, at: receive(dossier=dossier, by=by, at=at),
        lambda dossier, by, at: refuse(dossier=dossier, reason="other", note="Chưa rõ.", by=by, at=at),
    ],
    "received": [
        lambda dossier, by, at: forward(dossier=dossier, by=by, at=at),
        lambda dossier, by, at: ask_supplement(
            dossier=dossier,
            items=[Wanted("paper", "other", "blurred")],
            why_again="" if not dossier.supplement_count else "other",
            note="Chưa rõ.",
            by=by,
            at=at,
        ),
        lambda dossier, by, at: ask_withdrawal(dossier=dossier, by=by, at=at),
    ],
    "in_progress": [
        lambda dossier, by, at: ask_withdrawal(dossier=dossier, by=by, at=at),
        lambda dossier, by, at: stop(dossier=dossier, reason="other", note="Chưa rõ.", by=by, at=at),
    ],
    "withdrawing": [
        lambda dossier, by, at: keep(dossier=dossier, by=by, at=at),
        lambda dossier, by, at: confirm_withdrawal(dossier=dossier, by=by, at=at),
    ],
}


@pytest.fixture
def run(
    portal: Portal, side: Exchange, thuong_xuan: Unit, actor: Actor, at: datetime
) -> Callable[[int], Run]:
    return lambda seed: Run(seed, portal, side, thuong_xuan, actor, at)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_when_the_network_calms_down_both_sides_are_equal(run: Callable[[int], Run], seed: int) -> None:
    made = run(seed)
    made.go()
    made.check()
    assert sum(made.portal.faults.met.values()) > 10
    assert made.changed > 2
    assert Event.objects.count() > 20


def test_without_the_key_a_dossier_comes_twice(run: Callable[[int], Run]) -> None:
    """Negative control: the same run, without the constraint that says that a code is taken in once."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dossiers_pulled DROP CONSTRAINT pulled_once")
    made = run(1)
    made.go()
    with pytest.raises(AssertionError):
        made.check()
    assert Dossier.objects.count() > len(made.portal.states)


def test_without_hearing_both_sides_differ(
    run: Callable[[int], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: what applicants do there afterwards is not read, as if every code were taken in once and for all."""
    monkeypatch.setattr(exchange_taking, "hear_from_portal", lambda **_told: "known")
    made = run(1)
    made.go()
    assert made.changed > 2
    with pytest.raises(AssertionError):
        made.check()


def test_without_the_order_a_state_overtakes_another(
    run: Callable[[int], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: lines go out whether or not one stands before them."""

    def any_due(system: str, at: datetime) -> QuerySet[Sending]:
        found: QuerySet[Sending] = Sending.objects.filter(system=system, state=Sent.WAITING, next_at__lte=at)
        return found

    monkeypatch.setattr(exchange_telling, "_due", any_due)
    overtaken = []
    for seed in (1, 2):
        made = run(seed)
        made.go()
        overtaken += made.portal.out_of_order
    assert overtaken
