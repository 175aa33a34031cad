"""Another name or number for a stall: the old one hears of it, and of another account within a month; the card is printed anew."""

from datetime import datetime, timedelta

from bakhong.core.actor import OPERATOR
from bakhong.messaging.models import Message
from bakhong.payments.actions.stall_accounts import ask_account_change
from bakhong.payments.actions.stalls import Facts, change_stall
from bakhong.payments.actions.stickers import issue_sticker, issue_stickers
from bakhong.payments.models import Stall
from bakhong.payments.queries.stalls import contact_before, with_state
from bakhong.payments.tests.stalls import BIN, OTHER, a_market, a_stall
from bakhong.people.tests.conftest import everybody, village, villages  # noqa: F401
from bakhong.places.models import Unit

OLD, HIS, LATER = "0912345678", "0999999999", "0988888888"


def change(stall: Stall, at: datetime, *, owner: str = "Lê Thị Hoá", phone: str = OLD) -> Stall:
    facts = Facts(code="A12", owner_name=owner, name="Tạp hoá Hoá", phone=phone, monthly_fee=60_000)
    return change_stall(stall=stall, facts=facts, market=stall.market, by=OPERATOR, at=at)


def told(template: str) -> list[str]:
    return sorted(Message.objects.filter(template=template).values_list("phone", flat=True))


def wish(stall: Stall, at: datetime) -> None:
    ask_account_change(
        stall=stall, bank_bin=BIN, account=OTHER, holder="KE GIAN", why="gọi đến", by=OPERATOR, at=at
    )


def test_the_number_there_was_hears_of_the_new_one_and_of_another_account(
    village: Unit,  # noqa: F811
    thuong_xuan: Unit,
    at: datetime,
) -> None:
    stall = a_stall(village, at, market=a_market(thuong_xuan, at))
    change(stall, at)
    assert told("stall_contact_changed") == []  # nothing is another
    stall = change(stall, at, phone=HIS)
    assert told("stall_contact_changed") == [OLD]
    stall = change(stall, at + timedelta(days=1), phone=LATER)  # not even twice makes it forgotten
    before = contact_before(stall, at + timedelta(days=2))
    assert before is not None
    assert (before.phone, before.owner_name) == (OLD, "Lê Thị Hoá")
    wish(stall, at + timedelta(days=2))
    assert told("stall_account_asked") == [OLD, LATER]


def test_after_a_month_the_number_counts_alone(village: Unit, at: datetime) -> None:  # noqa: F811
    stall = change(a_stall(village, at), at, phone=HIS)
    later = at + timedelta(days=31)
    assert contact_before(stall, later) is None
    wish(stall, later)
    assert told("stall_account_asked") == [HIS]


def test_a_card_that_names_another_seller_is_printed_anew(
    village: Unit,  # noqa: F811
    thuong_xuan: Unit,
    at: datetime,
) -> None:
    stall = a_stall(village, at, market=a_market(thuong_xuan, at))
    card = issue_sticker(stall=stall, by=OPERATOR, at=at)
    change(stall, at, phone=HIS)
    assert with_state(Stall.objects.all()).get().has_card  # the number is not printed
    change(stall, at, phone=HIS, owner="Vi Văn Cao")
    assert not with_state(Stall.objects.all()).get().has_card
    (fresh,) = issue_stickers(stalls=[stall], by=OPERATOR, at=at)
    card.refresh_from_db()
    assert (card.ended_at, card.ended_why) == (at, "đổi chữ in trên thẻ")
    assert fresh.payload == card.payload
    assert issue_stickers(stalls=[stall], by=OPERATOR, at=at) == [fresh]
