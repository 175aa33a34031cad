"""The room's tables and guards go and come back, however the migrations follow one another."""

import pytest
from django.core.management import call_command
from django.db import connection

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
