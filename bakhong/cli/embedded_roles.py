"""How the embedded PostgreSQL is reached, and what each role may do there."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bakhong.cli.embedded_user import DatabaseTrouble

OWNER, APP, DATABASE = "bakhong_owner", "bakhong_app", "bakhong"
SOCKET_PATH_LIMIT = 107  # sun_path of Linux, less its final NUL
SOCKET_FILE = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Server:
    """A running cluster. `url` is the restricted role's, `owner_url` the migrating role's, `admin_url` never leaves the launcher."""

    data: Path
    url: str
    owner_url: str
    admin_url: str


def create_roles(server: Server) -> None:
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


def address_of(data: Path, uid: int) -> Server:
    def url(role: str, password: str) -> str:
        host = quote(str(socket_folder(data, uid)), safe="")
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


def socket_folder(data: Path, uid: int) -> Path:
    """Beside the data, or in /tmp when that path is too long for a socket."""
    folder = data / "postgres-socket"
    if len(os.fsencode(folder / SOCKET_FILE)) <= SOCKET_PATH_LIMIT and '"' not in str(folder):
        return folder
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path("/tmp") / f"bakhong-{uid}-{digest}"  # noqa: S108 - its owner and mode are checked before use


def refuse_foreign(folder: Path, uid: int) -> None:
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
