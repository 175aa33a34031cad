"""A copy of everything, and everything out of it again, on real servers."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bakhong.cli import embedded

PROGRAM = [sys.executable, "-m", "bakhong.cli.main"]
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"

# A resident with a number, a paper, a day of money: rows behind every kind of wall, and something sealed.
FILL = """
from bakhong.cli.database import database, now
with database():
    from django.db import transaction
    from bakhong.core.actor import OPERATOR
    from bakhong.core.ids import new_uuid
    from bakhong.documents.actions.storing import store_made
    from bakhong.documents.models import Purpose
    from bakhong.documents.scope import everything
    from bakhong.payments.actions.billers import open_biller
    from bakhong.people import scope
    from bakhong.places.queries import unit_on
    unit = unit_on("15646", now().date())
    with everything(), scope.seeing(OPERATOR), transaction.atomic():
        store_made(key=new_uuid(), content=b"%PDF-1.7 giay", name="a.pdf", owner=("dossier", new_uuid()), unit=unit,
                   purpose=Purpose.SLIP, by=OPERATOR, at=now(), code="ABCDEFGHJKMN")
    with scope.seeing(OPERATOR):
        open_biller(unit=unit, kind="market", name="Ban quan ly cho", services=["market"], by=OPERATOR, at=now())
"""
OPEN = """
from bakhong.cli.database import database
with database():
    from bakhong.documents.actions.storing import open_file
    from bakhong.documents.models import File
    from bakhong.documents.scope import everything
    with everything():
        print(open_file(File.objects.get()).decode())
"""


def environment(data: Path) -> dict[str, str]:
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("BAKHONG_", "DATABASE_"))}
    return {**ours, "BAKHONG_DATA": str(data)}


def run(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*PROGRAM, *words], env=environment(data), capture_output=True, text=True)


def script(data: Path, text: str) -> str:
    done = subprocess.run([sys.executable, "-c", text], env=environment(data), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def counts(data: Path) -> dict[str, int]:
    """Rows of every table, as a superuser, for whom there are no walls."""
    ensure_running = partial(embedded.ensure_running, durable=False)
    with ensure_running(data) as server, psycopg.connect(server.admin_url) as connection:
        names = [name for (name,) in connection.execute(TABLES).fetchall()]
        asked = [sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)) for name in names]
        return {
            name: connection.execute(each).fetchall()[0][0] for name, each in zip(names, asked, strict=True)
        }


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the server's user can reach: pytest's own folders are closed to others."""
    made = Path(f"/tmp/bakhong-backup-{os.getpid()}-{time.monotonic_ns()}")
    made.mkdir()
    yield made
    subprocess.run(["rm", "-rf", made], check=True)


@pytest.fixture(scope="module")
def data(folder: Path) -> Path:
    script(folder / "data", FILL)
    return folder / "data"


@pytest.fixture(scope="module")
def copy(data: Path, folder: Path) -> Path:
    done = run(data, "backup", str(folder / "shelf"))
    assert done.returncode == 0, done.stderr
    assert "1 tệp giấy tờ" in done.stdout
    (made,) = (folder / "shelf").glob("bakhong-*")
    return made


def with_key(data: Path, new: Path) -> Path:
    (new / "secrets").mkdir(parents=True)
    shutil.copy(data / "secrets" / "field_key", new / "secrets" / "field_key")
    return new


def test_everything_comes_back(data: Path, copy: Path, folder: Path) -> None:
    new = with_key(data, folder / "new")
    done = run(new, "restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert "Đã khôi phục" in done.stdout
    before, after = counts(data), counts(new)
    assert before == after
    assert before["payments_biller"] == before["documents_file"] == 1
    assert script(new, OPEN).strip() == "%PDF-1.7 giay"
    assert run(new, "restore", str(copy)).stderr.count("đã có dữ liệu") == 1


def test_without_its_key_nothing_is_written(copy: Path, folder: Path) -> None:
    done = run(folder / "keyless", "restore", str(copy))
    assert (done.returncode, "Thiếu khoá niêm phong" in done.stderr) == (1, True)
    (folder / "other" / "secrets").mkdir(parents=True)
    (folder / "other" / "secrets" / "field_key").write_text("another")
    done = run(folder / "other", "restore", str(copy))
    assert (done.returncode, "không mở được bản sao lưu" in done.stderr) == (1, True)
    assert not (folder / "other" / "postgres").exists()


def test_the_keys_come_only_when_asked_for(data: Path, copy: Path, folder: Path) -> None:
    assert not (copy / "secrets").exists()
    assert run(data, "backup", str(folder / "with keys"), "--with-secrets").returncode == 0
    (made,) = (folder / "with keys").glob("bakhong-*")
    names = {path.name for path in (made / "secrets").iterdir()}
    assert "field_key" in names
    assert not any(name.startswith("database_") for name in names)


def test_a_spoilt_copy_is_refused(data: Path, copy: Path, folder: Path) -> None:
    spoilt = folder / "spoilt"
    shutil.copytree(copy, spoilt)
    dump = spoilt / "database.dump"
    content = dump.read_bytes()
    dump.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    done = run(with_key(data, folder / "from spoilt"), "restore", str(spoilt))
    assert (done.returncode, "không còn nguyên" in done.stderr) == (1, True)
    done = run(folder / "from nothing", "restore", str(folder))
    assert (done.returncode, "không phải một bản sao lưu" in done.stderr) == (1, True)


def test_a_copy_of_a_newer_program_waits_for_it(data: Path, copy: Path, folder: Path) -> None:
    newer = folder / "newer"
    shutil.copytree(copy, newer)
    told = json.loads((newer / "manifest.json").read_text())
    told["migrations"]["payments"].append("0999_from_tomorrow")
    (newer / "manifest.json").write_text(json.dumps(told))
    done = run(with_key(data, folder / "from newer"), "restore", str(newer))
    assert (done.returncode, "bản chương trình mới hơn" in done.stderr) == (1, True)


def test_an_older_program_leaves_the_data_alone(data: Path) -> None:
    add = (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('payments', '0999_from_tomorrow', now())"
    )
    take = "DELETE FROM django_migrations WHERE name = '0999_from_tomorrow'"
    with embedded.ensure_running(data) as server, psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute(add)
        done = run(data, "units", "find", "15646")
        refused = run(data, "ledger", "check")
        admin.execute(take)
    assert (refused.returncode, "bản chương trình mới hơn" in refused.stderr) == (1, True), done
    assert run(data, "ledger", "check").returncode == 0


def test_only_the_newest_are_kept_and_what_both_have_is_linked(data: Path, copy: Path, folder: Path) -> None:
    time.sleep(1.1)  # copies are named by the second
    assert run(data, "backup", str(folder / "shelf"), "--keep", "1").returncode == 0
    (left,) = (folder / "shelf").glob("bakhong-*")
    assert left != copy
    assert [path.stat().st_size > 0 for path in (left / "files").rglob("*") if path.is_file()] == [True]


def test_nowhere_to_take_it_from(folder: Path) -> None:
    done = run(folder / "typo", "backup", str(folder / "shelf2"))
    assert (done.returncode, "Không có dữ liệu" in done.stderr) == (1, True)
    assert not (folder / "typo" / "postgres").exists()
