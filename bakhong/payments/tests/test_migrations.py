"""The room's tables and guards go and come back, however the migrations follow one another, and over what was paid."""

from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import connection

from bakhong.core.actor import Actor
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.models import BankLine, Entry, Settlement
from bakhong.payments.scope import counting
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    bank,
    biller,
    check_deferred,
    everybody,
    make_charge,
    make_line,
    village,
    villages,
)
from bakhong.people import scope

__all__ = ["bank", "biller", "everybody", "make_charge", "make_line", "village", "villages"]

_WHAT = (
    "SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'payments_%%' ORDER BY 1",
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'payments_%%' ORDER BY 1, 2",
    "SELECT tablename, policyname, qual FROM pg_policies WHERE tablename LIKE 'payments_%%' ORDER BY 1, 2",
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'payments_%%' ORDER BY 1",
)


def guards() -> list[list[tuple[str, ...]]]:
    found = []
    with connection.cursor() as cursor:
        for question in _WHAT:
            cursor.execute(question, [])
            found.append(cursor.fetchall())
    return found


@pytest.mark.django_db
def test_every_step_goes_back_and_forth() -> None:
    before = guards()
    assert all(before)
    call_command("migrate", "payments", "0005", verbosity=0)
    call_command("migrate", "payments", "zero", verbosity=0)
    assert not any(guards())
    call_command("migrate", verbosity=0)
    assert guards() == before


@pytest.mark.django_db
def test_what_was_paid_stays_on_the_way_back_and_forth(
    make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    settle_by_lines(charge=make_charge(), lines=[make_line()], by=actor, at=at)
    check_deferred()
    scope.close()  # nobody opened the walls for whoever migrates
    assert not BankLine.objects.exists()
    call_command("migrate", "payments", "0018", verbosity=0)  # keys are made anew over the rows
    call_command("migrate", "payments", verbosity=0)
    with counting():
        assert (BankLine.objects.count(), Settlement.objects.count()) == (1, 1)
        assert Entry.objects.filter(line=BankLine.objects.get()).exists()
