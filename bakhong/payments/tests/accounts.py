"""An account that two people have seen to, as all but a few tests need it."""

from datetime import datetime
from typing import Any

from bakhong.core.actor import Operator
from bakhong.payments.actions.bank_accounts import approve_account, open_account
from bakhong.payments.models import BankAccount

SECOND = Operator("operator:second", "Người thứ hai")
DECIDED = {
    "state": "open",
    "decided_by": SECOND.id,
}  # of one that is made without the deeds; with `decided_at`


def opened_account(*, at: datetime, **told: Any) -> BankAccount:
    return approve_account(account=open_account(at=at, **told), note="Quét thử đúng tên", by=SECOND, at=at)
