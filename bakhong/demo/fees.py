"""Fees of the demo's dossiers: of those that wait for theirs, the first has come by transfer; the bank's statement says so."""

from datetime import datetime, timedelta

from django.db import transaction

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo.bank import Bank
from bakhong.demo.money import COMMUNE_ACCOUNT
from bakhong.payments.actions.taking import take_statement
from bakhong.payments.models import BankAccount, Charge, ChargeState, Statement
from bakhong.places.models import Unit

_ALL_BUT = 1  # so many go on waiting, to be tried


def load_fees(commune: Unit, *, by: Actor, at: datetime) -> int:
    """`by` keeps the commune's books. Returns how many fees were paid; 0 where a statement was taken in before."""
    account = BankAccount.objects.filter(biller__unit=commune, number=COMMUNE_ACCOUNT[0]).first()
    if account is None or Statement.objects.filter(account=account).exists():
        return 0
    waiting = Charge.objects.filter(
        biller=account.biller, account=account, service="dossier_fee", state=ChargeState.OPEN
    )
    paying = list(waiting.order_by("pk"))[:-_ALL_BUT]
    if not paying:
        return 0
    bank = Bank(account, 12_000_000)
    with transaction.atomic():
        for number, charge in enumerate(paying):
            when = max(charge.made_at, at - timedelta(hours=2)) + timedelta(minutes=number)
            bank.move(charge.amount, charge.purpose, min(when, at))
        content, name = bank.statement(day_of(at) - timedelta(days=1), day_of(at))
        return take_statement(account=account, content=content, name=name, by=by, at=at).matched
