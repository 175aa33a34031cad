"""Every way to tamper with the trail is found, by our own walk and by the independent verifier.

Tampering needs the triggers out of the way, which is what the negative control shows: with them, nothing can be tampered with.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from bakhong.audit import actions
from bakhong.audit.models import Event, Seal
from bakhong.audit.queries import Broken, chain, head, verify
from bakhong.audit.rules.chain import GENESIS, canonical, link
from bakhong.core.actor import Actor

VERIFIER = Path(__file__).resolve().parents[3] / "tools" / "verify_audit.py"
Execute = Callable[[str], None]


@pytest.fixture
def empty(db: None) -> None:
    """The test database comes with the events of loading the reference data; the end of the test brings them back."""
    with connection.cursor() as cursor:
        for table in ("audit_seal", "audit_event"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_append_only")
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit_append_only")


@pytest.fixture
def trail(empty: None, actor: Actor, at: datetime) -> None:
    for number in range(1, 11):
        actions.record(
            by=actor,
            at=at,
            deed="test.do",
            object_kind="thing",
            object_id=number,
            place_id=7,
            note="thôn “Đông”",
            number=number,
        )
    assert actions.seal(at=at) == 10


@pytest.fixture
def tamper(trail: None) -> Iterator[Execute]:
    """SQL as somebody with the owner's rights would run it, the triggers switched off."""

    def execute(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for table in ("audit_event", "audit_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement)

    yield execute
    # What was tampered with may break the foreign key at the end of the test.
    transaction.set_rollback(True)


def exported() -> str:
    from bakhong.cli.audit import _write

    out = StringIO()
    _write(out)
    return out.getvalue()


def independent(text: str, *options: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), "-", *options],
        input=text.encode(),
        capture_output=True,
        check=False,
        env={"PYTHONUTF8": "1"},
    )
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def test_it_chains_events(trail: None) -> None:
    result = verify()
    assert (result.ok, result.events, result.sealed, result.unsealed) == (True, 10, 10, 0)
    assert result.first_broken is None
    first = next(chain())
    assert first.hash == link(GENESIS, first.event)
    assert result.head == head()
    status, told = independent(exported())
    assert status == 0
    assert f"head: {result.head}" in told


def test_it_reports_the_tail_that_waits_for_its_seal(trail: None, actor: Actor, at: datetime) -> None:
    actions.record(by=actor, at=at, deed="test.do", object_kind="thing", object_id=11)
    result = verify()
    assert (result.ok, result.sealed, result.unsealed) == (True, 10, 1)
    assert actions.seal(at=at) == 1
    assert actions.seal(at=at) == 0
    assert verify().unsealed == 0


def test_an_event_that_commits_late_is_numbered_when_it_is_seen(
    trail: None, actor: Actor, at: datetime
) -> None:
    """Its id, drawn earlier, is lower than ids sealed before it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('audit_event', 'id'), (SELECT max(id) + 50 FROM audit_event))"
        )
    actions.record(by=actor, at=at, deed="test.do", object_kind="thing", object_id="high")
    actions.seal(at=at)
    low = Event.objects.earliest("id").id + 20
    Event.objects.create(id=low, actor_id="late", at=at, deed="test.do", object_kind="thing", object_id="low")
    assert actions.seal(at=at) == 1
    assert Seal.objects.get(event_id=low).number == 12
    assert verify().ok


def test_only_the_daily_look_finds_what_committed_hours_late(
    trail: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_LOOK_BACK", 2)
    Event.objects.create(
        id=Event.objects.earliest("id").id - 1, actor_id="x", at=at, deed="d", object_kind="k", object_id="o"
    )
    assert actions.seal(at=at) == 0
    assert actions.seal(at=at, everything=True) == 1


@pytest.mark.parametrize(
    ("what", "statement", "broken"),
    [
        (
            "a changed byte",
            "UPDATE audit_event SET deed = 'test.dO' WHERE object_id = '4'",
            Broken(4, "changed"),
        ),
        (
            "changed details",
            "UPDATE audit_event SET details = '{}' WHERE object_id = '4'",
            Broken(4, "changed"),
        ),
        (
            "a moved time",
            "UPDATE audit_event SET at = at + interval '1 microsecond' WHERE object_id = '4'",
            Broken(4, "changed"),
        ),
        (
            "a deleted event",
            "DELETE FROM audit_seal WHERE number = 4; DELETE FROM audit_event WHERE object_id = '4'",
            Broken(4, "missing"),
        ),
        (
            "a deleted event, the rest moved up",
            "DELETE FROM audit_seal WHERE number = 4; DELETE FROM audit_event WHERE object_id = '4';"
            "UPDATE audit_seal SET number = number + 100 WHERE number > 4; UPDATE audit_seal SET number = number - 101 WHERE number > 100",
            Broken(4, "changed"),
        ),
        (
            "two events in the other order",
            "UPDATE audit_seal SET number = 100 WHERE number = 4; UPDATE audit_seal SET number = 4 WHERE number = 5;"
            "UPDATE audit_seal SET number = 5 WHERE number = 100",
            Broken(4, "changed"),
        ),
        (
            "an inserted event",
            "UPDATE audit_seal SET number = number + 100 WHERE number >= 4; UPDATE audit_seal SET number = number - 99 WHERE number > 100;"
            "INSERT INTO audit_event (uuid, at, actor_id, deed, object_kind, object_id, details)"
            " VALUES ('0193e3a0-0000-7000-8000-000000000000', now(), 'x', 'd', 'k', 'o', '{}');"
            "INSERT INTO audit_seal (number, event_id, hash, sealed_at) SELECT 4, max(id), repeat('a', 64), now() FROM audit_event",
            Broken(4, "changed"),
        ),
    ],
)
def test_it_finds(what: str, statement: str, broken: Broken, tamper: Execute) -> None:
    tamper(statement)
    result = verify()
    assert (result.ok, result.first_broken) == (False, broken)
    status, told = independent(exported())
    assert status == 1
    assert "BROKEN" in told


def test_it_finds_a_tail_cut_off_only_by_a_head_noted_earlier(tamper: Execute) -> None:
    noted = head()
    tamper(
        "DELETE FROM audit_seal WHERE number > 7; DELETE FROM audit_event WHERE object_id IN ('8', '9', '10')"
    )
    assert verify().ok
    assert verify(noted).ok is False
    assert independent(exported())[0] == 0
    assert independent(exported(), "--expect-head", noted)[0] == 1


def test_a_head_noted_earlier_is_still_found_later(trail: None, actor: Actor, at: datetime) -> None:
    noted = head()
    actions.record(by=actor, at=at, deed="test.do", object_kind="thing", object_id=11)
    actions.seal(at=at)
    assert verify(noted).ok
    assert independent(exported(), "--expect-head", noted)[0] == 0


def test_it_finds_a_chain_written_anew(tamper: Execute, at: datetime) -> None:
    noted = head()
    tamper("UPDATE audit_event SET deed = 'test.dO' WHERE object_id = '4'; DELETE FROM audit_seal")
    actions.seal(at=at)
    assert verify().ok
    assert verify(noted).ok is False


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {column} = {column}", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_refuses_to_tamper(statement: str, table: str, trail: None) -> None:
    column = "deed" if table == "audit_event" else "hash"
    with connection.cursor() as cursor:
        # Tests that commit are cleaned up with TRUNCATE, so the test database starts with this one off.
        for each in ("audit_event", "audit_seal"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {each} ENABLE TRIGGER audit_no_truncate")
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table, column=column))
    assert verify().ok


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET deed = ''", "DELETE FROM audit_seal", "TRUNCATE audit_event CASCADE"],
)
def test_the_sites_role_may_only_add_and_read(
    statement: str, empty: None, app_role: str, at: datetime, actor: Actor
) -> None:
    actions.record(by=actor, at=at, deed="test.do", object_kind="thing", object_id=1)
    assert actions.seal(at=at) == 1
    assert verify().ok
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_it_leaves_no_trace_of_a_deed_that_failed(db: None, actor: Actor, at: datetime) -> None:
    def fail() -> None:
        with transaction.atomic():
            actions.record(by=actor, at=at, deed="test.fail", object_kind="thing", object_id=1)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert not Event.objects.filter(deed="test.fail").exists()


def test_the_canonical_form_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"b": {"y": 1, "x": "é"}, "a": None}) == '{"a":null,"b":{"x":"é","y":1}}'.encode()


def test_the_verifier_reads_what_is_no_trail(tmp_path: Path) -> None:
    status, told = independent("xin chào\n" + json.dumps({"number": 1}) + "\n")
    assert status == 1
    assert "line 1 is not an entry" in told
