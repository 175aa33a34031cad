"""A market with a stall, for tests."""

from datetime import datetime

from bakhong.core.actor import OPERATOR
from bakhong.payments.actions.stall_accounts import set_first_account
from bakhong.payments.actions.stalls import Facts, open_market, open_stall
from bakhong.payments.models import Biller, Market, Stall
from bakhong.places.models import Unit

BIN, ACCOUNT = "970405", "1500201012345"
OTHER = "1500201099999"
HOLDER = "LE THI HOA"


def a_market(
    unit: Unit, at: datetime, *, name: str = "Chợ Bái Thượng", biller: Biller | None = None
) -> Market:
    return open_market(unit=unit, name=name, biller=biller, by=OPERATOR, at=at)


def a_stall(
    village: Unit,
    at: datetime,
    *,
    market: Market | None = None,
    code: str = "A12",
    account: str = ACCOUNT,
    owner: str = "Lê Thị Hoá",
    fee: int | None = 60_000,
) -> Stall:
    facts = Facts(code=code, owner_name=owner, name="Tạp hoá Hoá", phone="0912345678", monthly_fee=fee)
    made = open_stall(village=village, facts=facts, market=market, by=OPERATOR, at=at)
    if account:
        made = set_first_account(stall=made, bank_bin=BIN, account=account, holder=HOLDER, by=OPERATOR, at=at)
    return made
