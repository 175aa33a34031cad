"""Providers' lists: taken in, replaced, taken back; whose the customer codes are."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments import scope
from bakhong.payments.actions.providers import (
    Taken,
    Whose,
    end_customer_code,
    give_customer_code,
    record_customer_code,
    take_provider_list,
    undo_provider_list,
)
from bakhong.payments.models import Biller, CustomerCode, ProviderBill
from bakhong.payments.permissions import CHARGE, providers_for
from bakhong.payments.provider_files import read_provider_file
from bakhong.payments.queries.providers import (
    bills_of,
    current_list,
    customers_of,
    likely_owners,
    remembered_columns,
)
from bakhong.payments.tests.ledger_world import *  # noqa: F403 (fixtures)
from bakhong.payments.tests.ledger_world import biller_of
from bakhong.people import scope as people_scope
from bakhong.places.models import Unit

OCTOBER = date(2026, 10, 1)
HEAD = "Mã khách hàng;Tên khách hàng;Thôn;Số tiền;Đã thanh toán;Hình thức thanh toán;Ngày nộp"
ROWS = (
    "PA01000000001;Lê Văn An;Xuân Thành;125.000;x;CK;05/11/2026",
    "PA01000000002;Lê Thị Bình;Thôn Xuân Thành;80.000;x;tiền mặt;06/11/2026",
    "PA01000000003;Vi Văn Cao;Xuân Lợi;60.000;x;;",
    "PA01000000004;Lò Thị Dung;Xuân Lợi;45.000;;;",
    "PA01000000005;Hà Văn Em;Thôn Lạ;30.000;chưa;;",
)


@pytest.fixture
def power(thuong_xuan: Unit, at: datetime, everybody: None) -> Biller:
    return biller_of(
        thuong_xuan, at, kind="utility", name="Điện lực (EVN)", services=["electricity"], keeps_ledger=False
    )


@pytest.fixture
def accountant(staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit) -> StaffActor:
    return staff("accountant", thuong_xuan)


@pytest.fixture
def take(power: Biller, accountant: StaffActor, at: datetime) -> Callable[..., Taken]:
    """`take(*rows)`: what the accountant does with a file of these rows."""

    def taken(*rows: str, biller: Biller = power, **values: Any) -> Taken:
        content = "\n".join((values.pop("head", HEAD), *(rows or ROWS))).encode()
        told: dict[str, Any] = {"service": "electricity", "period": OCTOBER, "by": accountant, "at": at}
        file = read_provider_file(
            content, filename="dien.csv", until=date(2026, 11, 22), remembered=remembered_columns(biller)
        )
        return take_provider_list(
            biller=biller, file=file, file_name="dien.csv", content=content, **(told | values)
        )

    return taken


def test_it_takes_in_a_list_with_its_customers(
    take: Callable[..., Taken], power: Biller, villages: list[Unit], thuong_xuan: Unit
) -> None:
    done = take()

    assert done.counts() == {"rows": 5, "rejected": 0, "unplaced": 1, "customers": 5}
    bills = list(bills_of(done.batch))
    assert [each.state for each in bills] == ["transfer", "cash", "unsaid", "unpaid", "unpaid"]
    assert [each.village for each in bills] == [villages[0]] * 2 + [villages[1]] * 2 + [thuong_xuan]
    assert customers_of(power).count() == 5


def test_it_leaves_a_trace_without_anybody_s_name(take: Callable[..., Taken], power: Biller) -> None:
    batch = take().batch

    event = Event.objects.get(deed="payments.take_provider_list")
    assert event.object_id == str(batch.uuid)
    assert event.place_id == power.unit_id
    assert "Lê" not in str(event.details)
    assert "PA01" not in str(event.details)


def test_a_later_list_stands_instead_and_is_undone(
    take: Callable[..., Taken], power: Biller, accountant: StaffActor, at: datetime
) -> None:
    first = take().batch
    second = take(*(row.replace(";chưa;", ";x;") for row in ROWS)).batch
    assert current_list(power, "electricity", OCTOBER) == second

    back = undo_provider_list(taken=second, by=accountant, at=at)

    assert back == first == current_list(power, "electricity", OCTOBER)
    with pytest.raises(Conflict):
        undo_provider_list(taken=second, by=accountant, at=at)
    assert undo_provider_list(taken=first, by=accountant, at=at) is None
    assert Event.objects.filter(deed="payments.undo_provider_list").count() == 2


def test_the_same_file_again_changes_nothing(take: Callable[..., Taken]) -> None:
    take()
    with pytest.raises(Conflict):
        take()
    assert ProviderBill.objects.count() == 5


def test_a_customer_known_already_keeps_the_village(
    take: Callable[..., Taken], power: Biller, villages: list[Unit]
) -> None:
    take()
    done = take(
        "PA01000000001;Lê Văn An;;130.000;x;CK;",  # no village: where the meter is, as known
        "PA01000000005;Hà Văn Em;Xuân Lợi;30.000;x;CK;",  # only the commune was known
        period=date(2026, 11, 1),
    )

    assert done.customers == 0
    assert [each.village for each in bills_of(done.batch)] == villages[:2]
    assert customers_of(power).get(code="PA01000000005").village == villages[1]


def test_the_columns_are_remembered(take: Callable[..., Taken], power: Biller) -> None:
    head = HEAD.replace("Hình thức thanh toán", "Cột lạ")
    content = "\n".join((head, *ROWS)).encode()
    plain = read_provider_file(
        content, filename="a.csv", until=date(2026, 11, 22), remembered=remembered_columns(power)
    )
    assert plain.count("transfer") == 0
    chosen = {(plain.layouts[0].sheet, 5): "how"}
    file = read_provider_file(
        content, filename="a.csv", until=date(2026, 11, 22), remembered={}, chosen=chosen
    )
    take_provider_list(
        biller=power, service="electricity", period=OCTOBER, file=file, file_name="a.csv", content=content,
        by=OPERATOR, at=datetime.fromisoformat("2026-11-22T03:00:00+00:00"),
    )  # fmt: skip

    again = read_provider_file(
        content, filename="b.csv", until=date(2026, 11, 22), remembered=remembered_columns(power)
    )
    assert again.count("transfer") == 1


def test_it_refuses_who_may_not(
    take: Callable[..., Taken], staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit, thanh_hoa: Unit
) -> None:
    other = Unit.objects.filter(level="commune", valid_to=None).exclude(pk=thuong_xuan.pk).first()
    assert other is not None
    for who in (
        staff("specialist", thuong_xuan),
        staff("accountant", other),
        staff("collector", thuong_xuan),
    ):
        with pytest.raises(NotAllowed):
            take(by=who)
    assert not ProviderBill.objects.exists()


def test_another_biller_s_accountant_reads_no_provider(
    power: Biller, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit, accountant: StaffActor
) -> None:
    """A market board's accountant holds the permission at the commune too, but is none of its staff."""
    assert providers_for(accountant, CHARGE).get() == power
    assert not providers_for(staff("biller_accountant", thuong_xuan), CHARGE).exists()


def test_it_refuses_a_list_of_who_keeps_a_ledger_here(
    take: Callable[..., Taken], biller: Biller, actor: Actor
) -> None:
    """Counted twice otherwise."""
    with pytest.raises(NotAllowed):
        take(biller=biller, service="dossier_fee", by=actor)


@pytest.mark.parametrize(
    "values", [{"service": "water"}, {"period": date(2026, 12, 1)}, {"period": date(2026, 10, 2)}]
)
def test_it_refuses_another_service_or_a_month_to_come(
    take: Callable[..., Taken], values: dict[str, Any]
) -> None:
    with pytest.raises(Refusal):
        take(**values)


def test_it_refuses_a_list_of_which_no_row_can_be_taken(take: Callable[..., Taken]) -> None:
    with pytest.raises(Refusal):
        take(";Lê Văn An;;125.000;x;;")


def test_the_database_shows_bills_only_to_whom_they_concern(
    take: Callable[..., Taken], power: Biller, village: Unit, app_role: str
) -> None:
    take()
    people_scope.close()

    assert ProviderBill.objects.count() == 0  # nobody's connection
    with scope.seeing([power.pk]):
        assert ProviderBill.objects.count() == 5
    people_scope.open_to([village.pk])
    assert ProviderBill.objects.count() == 2  # who may see people of the village
    people_scope.open_to(None)


def test_it_records_a_customer_once_for_a_key(
    power: Biller, village: Unit, accountant: StaffActor, at: datetime
) -> None:
    key = new_uuid()

    def record(code: str = "pa01 000000009", key: Any = key) -> CustomerCode:
        return record_customer_code(
            biller=power, service="electricity", code=code, name="Lê Văn An", village=village, whose=Whose(),
            key=key, by=accountant, at=at,
        )  # fmt: skip

    first = record()

    assert first.code == "PA01000000009"
    assert record() == first
    assert Event.objects.filter(deed="payments.record_customer_code").count() == 1
    with pytest.raises(Conflict):
        record(code="PA01000000010")
    with pytest.raises(Conflict):
        record(key=new_uuid())
    with pytest.raises(Refusal):
        record(code="không rõ", key=new_uuid())


def test_it_says_whose_a_code_is_and_takes_it_back(
    take: Callable[..., Taken], power: Biller, person: Any, actor: Actor, accountant: StaffActor, at: datetime
) -> None:
    take()
    an = person("Lê Văn An")
    customer = customers_of(power).get(code="PA01000000001")
    assert likely_owners(actor, customer) == [an]
    assert likely_owners(accountant, customer) == []  # who sees no resident is told of none

    given = give_customer_code(customer=customer, whose=Whose(person=an), by=accountant, at=at)
    assert given.person == an
    assert give_customer_code(customer=customer, whose=Whose(), by=accountant, at=at).person is None


def test_a_code_that_ended_may_be_given_anew(
    take: Callable[..., Taken], power: Biller, accountant: StaffActor, at: datetime
) -> None:
    take()
    customer = customers_of(power).get(code="PA01000000001")

    end_customer_code(customer=customer, by=accountant, at=at)

    with pytest.raises(Conflict):
        end_customer_code(customer=customer, by=accountant, at=at)
    done = take("PA01000000001;Người mới;Xuân Lợi;10.000;x;CK;", period=date(2026, 11, 1))
    assert done.customers == 1
