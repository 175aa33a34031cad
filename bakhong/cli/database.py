"""A ready database for a command: found or started, migrated, with the reference data in it."""

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bakhong.cli import embedded
from bakhong.cli.embedded import DatabaseTrouble
from bakhong.core.actor import OPERATOR, Actor

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent.parent
OLDEST = 15  # the oldest PostgreSQL every query is tested on


def data_folder() -> Path:
    """The data folder, said aloud once when it cannot be where it was asked to be."""
    wanted = Path(os.environ.get("BAKHONG_DATA") or ROOT / "var")
    folder, sentence = embedded.data_folder(wanted)
    if sentence:
        print(sentence, file=sys.stderr)
    os.environ["BAKHONG_DATA"] = str(folder)
    return folder


@contextmanager
def server() -> Iterator[None]:
    """DATABASE_URL, DATABASE_OWNER_URL and BAKHONG_APP_ROLE name a PostgreSQL that runs while the block does.

    Where DATABASE_URL was given, that server is used and nothing is started.
    """
    folder = data_folder()
    if os.environ.get("DATABASE_URL"):
        _name_roles(os.environ["DATABASE_URL"], os.environ.get("DATABASE_OWNER_URL"))
        _make_secrets(folder)
        yield
        return
    if not (folder / "postgres" / "PG_VERSION").exists():
        print(
            f"Chưa có dữ liệu ở {folder}: tạo mới. Dịch vụ dùng thư mục khác thì đặt BAKHONG_DATA.",
            file=sys.stderr,
        )
    with embedded.ensure_running(folder) as running:
        _name_roles(running.url, running.owner_url)
        _make_secrets(folder)
        yield


@contextmanager
def database() -> Iterator[None]:
    """Django set up on a database that is migrated and holds the reference data.

    Raises: DatabaseTrouble when there is no server, it is too old, or it refuses us.
    """
    with server():
        set_up_django()
        _check_server()
        _check_known()
        if _is_behind():
            migrate()
        _load_reference()
        _count_by_todays_rules()
        yield


@contextmanager
def reference() -> Iterator[Literal["database", "shipped"]]:
    """For commands that must answer at once: "database" when one runs already (Django is set up on it), else "shipped".

    "shipped" sets up nothing: the caller reads the data that comes with the program.
    """
    folder = data_folder()
    if os.environ.get("DATABASE_URL"):
        yield "database" if _answers() else "shipped"
        return
    with embedded.join(folder) as running:
        if running is None:
            yield "shipped"
            return
        _name_roles(running.url, running.owner_url)
        yield "database" if _answers() else "shipped"


def actor(arguments: argparse.Namespace) -> Actor:
    """Who `--by` names, else the operator. Call it inside `database()`."""
    email = getattr(arguments, "by", None)
    if not email:
        return OPERATOR
    found: Actor = importlib.import_module("bakhong.accounts.queries").actor_by_email(email, at=now())
    return found


def now() -> datetime:
    """The shell is where the clock is read; below it `at` is given."""
    return datetime.now(UTC)


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def migrate() -> None:
    """Bring the tables up to date as the owner role. Two at once wait for each other.

    Raises: Refusal where a version of a procedure was changed in place: dossiers in hand would be counted otherwise than promised.
    """
    from django.core.management import call_command
    from django.db import connection

    from bakhong.cli.catalogue import check_catalogue
    from bakhong.cli.migrating import few_models_made

    check_catalogue()
    with _as_owner(), few_models_made():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('bakhong.migrate'))")
            _default_privileges(cursor)
        call_command("migrate", verbosity=0, interactive=False)


# --- steps -----------------------------------------------------------------------------------------------------------


def _name_roles(url: str, owner_url: str | None) -> None:
    from psycopg.conninfo import conninfo_to_dict

    os.environ["DATABASE_URL"] = url
    os.environ["DATABASE_OWNER_URL"] = owner_url or url
    app, owner = (conninfo_to_dict(address).get("user") for address in (url, owner_url or url))
    if app != owner:
        os.environ["BAKHONG_APP_ROLE"] = str(app)


def _make_secrets(folder: Path) -> None:
    """One signs sessions, the other seals residents' numbers; each may be given in the environment instead."""
    for name in ("secret_key", "field_key"):
        if not os.environ.get(f"BAKHONG_{name.upper()}"):
            (folder / "secrets").mkdir(parents=True, mode=0o700, exist_ok=True)
            embedded.secret(folder, name)


def _check_server() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise DatabaseTrouble(
            f"Không kết nối được cơ sở dữ liệu: {str(error).strip().splitlines()[-1]}"
        ) from None
    except Exception as error:  # Django refuses a server it no longer supports with NotSupportedError
        raise DatabaseTrouble(f"Cơ sở dữ liệu phải là PostgreSQL {OLDEST} trở lên: {error}") from None
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (version,) = cursor.fetchone() or (0,)
    if version < OLDEST:
        raise DatabaseTrouble(f"Cơ sở dữ liệu là PostgreSQL {version}; phải là {OLDEST} trở lên.")


def _check_known() -> None:
    """Raises: DatabaseTrouble where a newer program was here: it would go on until some rule it does not know refuses a deed."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection, ignore_no_migrations=True)
    ours = {app for app, _name in loader.disk_migrations}
    newer = [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.disk_migrations and not _is_replaced(loader, app, name)
    ]
    if newer:
        raise DatabaseTrouble(
            f"Dữ liệu do bản chương trình mới hơn tạo ({', '.join(sorted(newer)[:3])}). Hãy cập nhật chương trình, "
            "hoặc khôi phục bản sao lưu trước lần nâng cấp vào thư mục mới."
        )


def _is_replaced(loader: "MigrationLoader", app: str, name: str) -> bool:
    return any((app, name) in migration.replaces for migration in loader.disk_migrations.values())


def _answers() -> bool:
    """A database that runs, whose tables are there. Nothing is waited for."""
    from django.db import DatabaseError

    set_up_django()
    try:
        return not _is_behind()
    except DatabaseError:
        return False


def _is_behind() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _as_owner() -> Iterator[None]:
    """The default connection signs in as the role that owns the tables, without a pool, for the length of the block."""
    from django.db import connection

    from config.settings import database as entry

    app = connection.settings_dict
    connection.close()
    connection.settings_dict = {**app, **entry(os.environ["DATABASE_OWNER_URL"])}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = app


def _default_privileges(cursor: object) -> None:
    """What the owner makes from now on, the restricted role may read and write, though not empty or alter."""
    role = os.environ.get("BAKHONG_APP_ROLE")
    if role:
        for statement in embedded.default_privileges(role):
            cursor.execute(statement)  # type: ignore[attr-defined]


def _load_reference() -> None:
    """The units and the forms that came with the program; the actions return at once when they are there."""
    if importlib.util.find_spec("bakhong.places.actions") is None:
        return
    actions = importlib.import_module("bakhong.places.actions")
    if hasattr(actions, "load_reference"):
        actions.load_reference(by=OPERATOR, at=now())
    made = importlib.import_module("bakhong.eforms.actions.publishing").publish_shipped(now())
    if broken := sum(len(each.broken_drafts) for each in made):
        print(
            f"{broken} tờ khai đang làm không hợp với bản mới của biểu mẫu. Chúng giữ bản cũ.",
            file=sys.stderr,
        )


def _count_by_todays_rules() -> None:
    """What the roll counts is made anew where a new version of the program counts otherwise; else one small query."""
    if not importlib.import_module("bakhong.indicators.queries.counted").is_ready():
        print("Đang tính lại số liệu từ danh sách người dân theo cách tính mới…", file=sys.stderr)
        importlib.import_module("bakhong.indicators.actions.recompute").rebuild(by=OPERATOR, at=now())
