"""`bakhong backup` and `bakhong restore`: all of an installation in one folder, and out of it into an empty one.

A copy holds the database, the sealed files and the roots; the keys only where they are asked for, since whoever has both reads everything.
Files never change once written, so that a copy beside an earlier one links what both have instead of copying it.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bakhong.cli.database import data_folder, database, now, server, set_up_django
from bakhong.cli.embedded import is_running
from bakhong.cli.embedded_user import find_binaries, server_uid
from bakhong.cli.say import say, warn
from bakhong.core.errors import Refusal

DUMP, MANIFEST, OWN = "database.dump", "manifest.json", "database_"
_SAMPLE, _BELONGS_TO = b"bakhong", "backup.manifest"
# As its owner we see every row only where the connection is opened to everybody (docs/operations.md, "Residents' rows").
_OPEN = {"PGOPTIONS": "-c app.nationwide=on"}


def register(groups: Any) -> None:
    backup = groups.add_parser("backup", help="sao lưu toàn bộ dữ liệu; chạy được khi dịch vụ đang chạy")
    backup.add_argument("folder", metavar="THƯ_MỤC", help="nơi giữ các bản sao lưu, tốt nhất ở ổ đĩa khác")
    backup.add_argument("--with-secrets", action="store_true", help="chép cả khoá niêm phong và mật khẩu")
    backup.add_argument("--keep", type=int, default=0, metavar="SỐ", help="chỉ giữ chừng này bản mới nhất")
    backup.set_defaults(run=_backup)
    restore = groups.add_parser("restore", help="khôi phục một bản sao lưu vào thư mục dữ liệu trống")
    restore.add_argument("copy", metavar="BẢN_SAO", help="thư mục của một bản sao lưu")
    restore.set_defaults(run=_restore)


def _backup(arguments: argparse.Namespace) -> int:
    shelf = Path(arguments.folder)
    try:
        made = make_copy(shelf, with_secrets=arguments.with_secrets, at=now())
    except OSError as error:
        raise Refusal(f"Không ghi được bản sao lưu vào {shelf}: {error.strerror}.") from None
    told = read_manifest(made)
    say(
        f"Đã sao lưu vào {made}: cơ sở dữ liệu {_megabytes(told['database']['bytes'])}, {told['files']} tệp giấy tờ."
    )
    if not arguments.with_secrets:
        say(
            "Không kèm khoá: giữ riêng một bản thư mục secrets/ của dữ liệu, mất khoá thì giấy tờ không mở được nữa."
        )
    for old in _copies(shelf)[: -arguments.keep] if arguments.keep > 0 else ():
        shutil.rmtree(old)
        say(f"Đã bỏ bản cũ {old.name}.")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    copy = Path(arguments.copy)
    told = read_manifest(copy)
    data = data_folder()
    _require_empty(data)
    _require_whole(copy, told)
    data.mkdir(parents=True, exist_ok=True)
    _bring_secrets(copy, data)
    _require_key(told, data)
    with server():
        set_up_django()
        _require_no_tables()
        _require_roles(told)
        _require_known(told)
        _run(
            ["pg_restore", "--exit-on-error", "--no-owner", "--single-transaction", str(copy / DUMP)],
            to_database=True,
        )
        for name in ("files", "trust"):
            _copy_tree(copy / name, data / name, None)
        with database():
            return _look_at_all(told)


def make_copy(shelf: Path, *, with_secrets: bool, at: datetime) -> Path:
    """A new folder on the shelf, named by its moment; half a copy is never taken for one."""
    data = data_folder()
    if not is_running(data) and not (data / "postgres").exists() and "DATABASE_URL" not in os.environ:
        raise Refusal(f"Không có dữ liệu ở {data}. Đặt BAKHONG_DATA như khi chạy dịch vụ.")
    before = _copies(shelf)
    made = shelf / f"bakhong-{at:%Y%m%d-%H%M%S}"
    part = made.with_suffix(".part")
    part.mkdir(mode=0o700, parents=True)
    with server():
        set_up_django()
        # The database first: whatever file it names is there when the files are copied.
        _run(["pg_dump", "--format=custom", "--enable-row-security", "--file", str(part / DUMP)])
        files = _copy_tree(data / "files", part / "files", before[-1] / "files" if before else None)
        _copy_tree(data / "trust", part / "trust", None)
        if with_secrets:
            _copy_secrets(data, part)
        (part / MANIFEST).write_text(json.dumps(_manifest(part, files, at), indent=2), encoding="utf-8")
    part.rename(made)
    return made


def read_manifest(copy: Path) -> dict[str, Any]:
    """Raises: Refusal for a folder that is no copy."""
    try:
        told: dict[str, Any] = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
        return told | {"database": told["database"], "files": int(told["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise Refusal(
            f"{copy} không phải một bản sao lưu (không có {MANIFEST}). Chọn thư mục bakhong-… bên trong nơi giữ sao lưu."
        ) from None


def _manifest(part: Path, files: int, at: datetime) -> dict[str, Any]:
    from bakhong.core.sealing import Sealing

    return {
        "made_at": at.isoformat(),
        "program": version("bakhong"),
        "roles": [_role("DATABASE_OWNER_URL"), _role("DATABASE_URL")],
        "migrations": _applied(),
        "database": {"sha256": _sum(part / DUMP), "bytes": (part / DUMP).stat().st_size},
        "files": files,
        "sample": Sealing("backup", _field_key()).seal(_SAMPLE, _BELONGS_TO).hex(),
    }


def _copies(shelf: Path) -> list[Path]:
    """Whole copies, the oldest first."""
    return sorted(path.parent for path in shelf.glob(f"bakhong-????????-??????/{MANIFEST}"))


def _copy_tree(source: Path, target: Path, earlier: Path | None) -> int:
    """How many files. What is taken away meanwhile is left out; what the earlier copy has is linked."""
    count = 0
    for path in _files_in(source):
        place = path.relative_to(source)
        (target / place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _put(path, target / place, earlier / place if earlier else None)
        except FileNotFoundError:
            continue
        count += 1
    return count


def _files_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part")


def _put(path: Path, target: Path, earlier: Path | None) -> None:
    if earlier is not None and earlier.is_file() and earlier.stat().st_size == path.stat().st_size:
        try:
            target.hardlink_to(earlier)
        except OSError:  # a disk that knows no links
            shutil.copy2(path, target)
    else:
        shutil.copy2(path, target)


def _copy_secrets(data: Path, part: Path) -> None:
    """Not the passwords of the database's roles: each installation makes its own."""
    for path in _files_in(data / "secrets"):
        if not path.name.startswith(OWN):
            place = part / "secrets" / path.relative_to(data / "secrets")
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(path, place)


def _bring_secrets(copy: Path, data: Path) -> None:
    """What is there already stays: an operator may have put the keys back by hand."""
    for path in _files_in(copy / "secrets"):
        place = data / "secrets" / path.relative_to(copy / "secrets")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not place.exists():
            shutil.copy2(path, place)


def _require_empty(data: Path) -> None:
    taken = [name for name in ("postgres", "files") if any((data / name).glob("*"))]
    if taken:
        raise Refusal(
            f"{data} đã có dữ liệu ({', '.join(taken)}). Khôi phục chỉ ghi vào thư mục trống: đặt BAKHONG_DATA sang thư mục mới."
        )


def _require_whole(copy: Path, told: dict[str, Any]) -> None:
    dump = copy / DUMP
    if not dump.is_file() or _sum(dump) != told["database"]["sha256"]:
        raise Refusal(f"{dump} không còn nguyên như lúc sao lưu. Hãy dùng bản sao lưu khác.")
    there = sum(1 for _ in _files_in(copy / "files"))
    if there != told["files"]:
        raise Refusal(
            f"{copy / 'files'} có {there} tệp, lúc sao lưu có {told['files']}. Hãy dùng bản sao lưu khác."
        )


def _require_key(told: dict[str, Any], data: Path) -> None:
    """The key is there and opens what the copy sealed. Raises: Refusal."""
    from bakhong.core.sealing import CannotOpen, Sealing

    file = data / "secrets" / "field_key"
    key = os.environ.get("BAKHONG_FIELD_KEY") or (file.read_text().strip() if file.is_file() else "")
    if not key:
        raise Refusal(
            f"Thiếu khoá niêm phong. Chép field_key đã giữ riêng vào {file} (hoặc đặt BAKHONG_FIELD_KEY) rồi chạy lại."
        )
    try:
        Sealing("backup", key).unseal(bytes.fromhex(told["sample"]), _BELONGS_TO)
    except CannotOpen:
        raise Refusal(
            f"Khoá niêm phong ở {file} không mở được bản sao lưu này; hãy chép đúng khoá của nơi đã sao lưu."
        ) from None


def _require_no_tables() -> None:
    from django.db import connection

    if connection.introspection.table_names():
        raise Refusal("Cơ sở dữ liệu đã có bảng. Khôi phục chỉ ghi vào một cơ sở dữ liệu trống.")


def _require_roles(told: dict[str, Any]) -> None:
    """Rights are given to roles by name."""
    ours = [_role("DATABASE_OWNER_URL"), _role("DATABASE_URL")]
    if ours != told["roles"]:
        raise Refusal(
            f"Bản sao lưu thuộc vai trò {', '.join(told['roles'])}; cơ sở dữ liệu này dùng {', '.join(ours)}. Hãy đặt vai trò cùng tên."
        )


def _require_known(told: dict[str, Any]) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if any((app, name) not in known for app, names in told["migrations"].items() for name in names):
        raise Refusal(
            f"Bản sao lưu do bản chương trình mới hơn tạo ({told['program']}). Hãy cập nhật chương trình trước."
        )


def _look_at_all(told: dict[str, Any]) -> int:
    """What was restored is sound: the trail, the books. The exit status."""
    from bakhong.audit.queries import verify
    from bakhong.core.actor import OPERATOR
    from bakhong.payments.models import Biller
    from bakhong.payments.queries.reconciling import check
    from bakhong.people import scope

    trail = verify("")
    with scope.seeing(OPERATOR):
        books = check(Biller.objects.filter(keeps_ledger=True))
    say(
        f"Đã khôi phục bản sao lưu lúc {datetime.fromisoformat(told['made_at']):%d/%m/%Y %H:%M} (giờ UTC), {told['files']} tệp giấy tờ."
    )
    if not trail.ok:
        warn("Nhật ký kiểm toán không nguyên vẹn; xem bakhong audit verify.")
    if not books.ok:
        warn("Sổ tiền có chỗ chưa khớp; xem bakhong ledger check.")
    return 0 if trail.ok else 1


def _run(command: Sequence[str], *, to_database: bool = False) -> None:
    """One of PostgreSQL's own programs, connected as the tables' owner. Raises: Refusal with its last words."""
    from psycopg.conninfo import conninfo_to_dict

    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    parts = conninfo_to_dict(os.environ["DATABASE_OWNER_URL"])
    told = {names[key]: str(value) for key, value in parts.items() if key in names}
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    target = ["--dbname", str(parts["dbname"])] if to_database else []
    done = subprocess.run(
        [_binary(command[0]), *command[1:], *target],
        env={**clean, **told, **_OPEN},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        last = [line for line in done.stderr.splitlines() if line.strip()][-1:]
        raise Refusal(f"{command[0]} dừng giữa chừng: {last[0] if last else done.returncode}")


def _binary(name: str) -> str:
    """Ours speaks to servers of its own version and older; without it, the machine's."""
    data = data_folder()
    try:
        return str(find_binaries(data, server_uid(data)) / name)
    except Refusal:
        found = shutil.which(name)
        if found is None:
            raise
        return found


def _applied() -> dict[str, list[str]]:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def _role(variable: str) -> str:
    from psycopg.conninfo import conninfo_to_dict

    return str(conninfo_to_dict(os.environ[variable]).get("user", ""))


def _field_key() -> str:
    from django.conf import settings

    return str(settings.FIELD_KEY)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _megabytes(count: int) -> str:
    return f"{count / 1024**2:.1f} MB".replace(".", ",")
