"""The launcher of the embedded PostgreSQL, on real servers."""

import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from bakhong.cli import embedded
from bakhong.cli.embedded import DatabaseTrouble, is_running, join
from bakhong.cli.embedded_roles import SOCKET_FILE, SOCKET_PATH_LIMIT

# Faster, and it may lose the last moments when killed: the test that kills asks for the real thing.
ensure_running = partial(embedded.ensure_running, durable=False)


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder the server's user can reach: pytest's own are closed to others, as /root is."""
    folder = Path(f"/tmp/bakhong cli-{os.getpid()}-{time.monotonic_ns()}")
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


def test_it_starts_and_leaves_nothing_running(data: Path) -> None:
    with ensure_running(data) as server:
        assert ask(server.url, "SELECT current_user") == "bakhong_app"
        assert is_running(data)
    assert not is_running(data)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url)


def test_it_keeps_the_data(data: Path) -> None:
    with ensure_running(data) as server, psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with ensure_running(data) as server:
        assert ask(server.url, "SELECT answer FROM kept") == 42


def test_it_sorts_by_code_point_and_knows_vietnamese_letters(data: Path) -> None:
    with ensure_running(data) as server:
        assert ask(server.url, "SHOW server_encoding") == "UTF8"
        assert ask(server.url, "SELECT lower('ĐỊNH HƯNG') COLLATE \"default\"") == "định hưng"


def test_the_second_uses_the_first_ones_server_and_leaves_it(data: Path) -> None:
    with ensure_running(data) as first:
        with ensure_running(data):
            pass
        assert ask(first.url, "SELECT 1") == 1
    assert not is_running(data)


def test_the_last_one_out_stops_it_even_when_another_started_it(data: Path) -> None:
    outer = ensure_running(data)
    outer.__enter__()
    with ensure_running(data) as server:
        outer.__exit__(None, None, None)
        assert ask(server.url, "SELECT 1") == 1
    assert not is_running(data)


def test_looking_starts_nothing(data: Path) -> None:
    with join(data) as server:
        assert server is None
    assert not data.exists()


def test_looking_keeps_it_running(data: Path) -> None:
    outer = ensure_running(data)
    outer.__enter__()
    with join(data) as server:
        assert server is not None
        outer.__exit__(None, None, None)
        assert ask(server.url, "SELECT 1") == 1
    assert not is_running(data)


def test_two_folders_run_side_by_side(data: Path) -> None:
    with ensure_running(data / "a") as one, ensure_running(data / "b") as other:
        with psycopg.connect(one.owner_url) as connection:
            connection.execute("CREATE TABLE mine ()")
        assert ask(one.url, "SELECT to_regclass('mine')::text") == "mine"
        assert ask(other.url, "SELECT to_regclass('mine')::text") is None


def test_a_path_too_long_for_a_socket(data: Path) -> None:
    deep = data / ("x" * 120)
    with ensure_running(deep) as server:
        assert ask(server.url, "SELECT 1") == 1
        sockets = embedded.socket_folder(deep, embedded.server_uid(deep))
        assert len(os.fsencode(sockets / SOCKET_FILE)) <= SOCKET_PATH_LIMIT
    sockets.rmdir()


def test_a_link_in_place_of_the_socket_folder_is_refused_and_not_followed(data: Path) -> None:
    deep, elsewhere = data / ("x" * 120), data / "elsewhere"
    elsewhere.mkdir(parents=True, mode=0o755)
    trap = embedded.socket_folder(deep, embedded.server_uid(deep))
    trap.symlink_to(elsewhere)
    before = elsewhere.stat()
    try:
        with pytest.raises(DatabaseTrouble, match="không phải của chương trình này"), ensure_running(deep):
            pass
    finally:
        trap.unlink()
    after = elsewhere.stat()
    assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)


def test_a_socket_folder_of_somebody_else_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = data / "foreign"
    folder.mkdir(parents=True)
    mine = folder.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(DatabaseTrouble, match="không phải của chương trình này"):
        embedded.refuse_foreign(folder, mine + 2)


# --- who gets in -----------------------------------------------------------------------------------------------------


def test_secrets_and_sockets_are_closed_to_others(data: Path) -> None:
    with ensure_running(data):
        folders = [data / "secrets", data / "postgres", data / "postgres-socket"]
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3
        passwords = [path for path in (data / "secrets").iterdir() if path.stat().st_size]
        assert len(passwords) == 3
        assert {stat.S_IMODE(path.stat().st_mode) for path in passwords} == {0o600}


@pytest.mark.parametrize("role", ["postgres", "bakhong_owner", "bakhong_app"])
def test_nobody_gets_in_without_the_password(data: Path, role: str) -> None:
    with ensure_running(data):
        host = quote(str(data / "postgres-socket"))
        for secret in ("", ":wrong"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(f"postgresql://{role}{secret}@/bakhong?host={host}", passfile="/dev/null")


def test_it_listens_on_no_port(data: Path) -> None:
    with ensure_running(data) as server:
        assert ask(server.url, "SHOW listen_addresses") == ""


def test_the_app_reads_and_writes_rows_and_no_more(data: Path) -> None:
    with ensure_running(data) as server:
        with psycopg.connect(server.owner_url, autocommit=True) as owner:
            owner.execute("CREATE TABLE fact (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
        with psycopg.connect(server.url, autocommit=True) as app:
            app.execute("INSERT INTO fact (word) VALUES ('một')")
            app.execute("UPDATE fact SET word = 'hai'")
            app.execute("DELETE FROM fact")
            for forbidden in ("TRUNCATE fact", "DROP TABLE fact", "CREATE TABLE other ()", "CREATE ROLE me"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    app.execute(forbidden)
        for url in (server.url, server.owner_url):
            assert ask(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


# --- what may go wrong -----------------------------------------------------------------------------------------------


def test_it_survives_being_killed(data: Path) -> None:
    with embedded.ensure_running(data) as server:
        with psycopg.connect(server.owner_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        pid = embedded._postmaster(data / "postgres")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    with embedded.ensure_running(data) as server:
        assert ask(server.url, "SELECT answer FROM kept") == 42


def test_a_dead_servers_number_now_belongs_to_somebody_else(data: Path) -> None:
    with ensure_running(data):
        pass
    uid = embedded.server_uid(data)
    with subprocess.Popen(["sleep", "60"], **embedded.as_user(uid)) as stranger:
        pid_file = data / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{data / 'postgres'}\n1\n5432\n\n\n0 0\nready\n")
        embedded.give(pid_file, uid)
        assert not is_running(data)
        with ensure_running(data) as server:
            assert ask(server.url, "SELECT 1") == 1
        stranger.kill()


def test_postgresql_itself_would_have_refused_that(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control of the test above."""
    with ensure_running(data):
        pass
    uid = embedded.server_uid(data)
    monkeypatch.setattr(embedded, "_disown_stale_pid", lambda cluster: None)
    with subprocess.Popen(["sleep", "60"], **embedded.as_user(uid)) as stranger:
        pid_file = data / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{data / 'postgres'}\n1\n5432\n\n\n0 0\nready\n")
        embedded.give(pid_file, uid)
        with pytest.raises(DatabaseTrouble, match="không khởi động được"), ensure_running(data):
            pass
        stranger.kill()
        pid_file.unlink()


def test_an_interrupted_first_start_is_begun_again(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "half").touch()
    with ensure_running(data) as server:
        assert ask(server.url, "SELECT 1") == 1


def test_data_of_another_version_is_left_alone(data: Path) -> None:
    with ensure_running(data):
        pass
    (data / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseTrouble, match="PostgreSQL 17"), ensure_running(data):
        pass


def test_a_folder_that_cannot_be_written(data: Path) -> None:
    data.write_text("a file stands where the folder should be")
    with pytest.raises(DatabaseTrouble, match="Không ghi được"), ensure_running(data):
        pass


def test_root_cannot_keep_data_where_nobody_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, open_ = tmp_path / "closed", Path("/tmp")
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    folder, sentence = embedded.data_folder(closed / "var")
    assert str(folder).startswith("/var/lib/bakhong-")
    assert str(folder) in sentence
    assert embedded.data_folder(open_ / "var") == (open_ / "var", "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert embedded.data_folder(closed / "var") == (closed / "var", "")
