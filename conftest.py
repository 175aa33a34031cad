"""Every test runs on a real PostgreSQL: the embedded one in a folder of its own, or the one DATABASE_URL names.

The controlling process starts it once; each worker of `-n` makes its own database in it. Tests connect as the owner role, which is no
superuser; `app_role` switches to the restricted role the site runs as.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bakhong.cli.migrating import few_models_made
from bakhong.core.actor import Actor, Operator

# Every test database holds the shipped administrative units.
pytest_plugins = ["bakhong.places.tests.fixtures"]

# The browser must reach nothing but the site under test.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_UNTIL_THE_END = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Runs in the controller before any worker is started, so that workers inherit the address and the data folder."""
    os.environ.setdefault("BAKHONG_SECRET_KEY", "only-for-tests")
    os.environ.setdefault("BAKHONG_FIELD_KEY", "only-for-tests")
    _give_key()
    _UNTIL_THE_END.enter_context(few_models_made())  # each worker migrates a database of its own
    if hasattr(config, "workerinput"):
        return
    data = Path(tempfile.mkdtemp(prefix="bakhong-test-"))
    _UNTIL_THE_END.callback(shutil.rmtree, data, ignore_errors=True)
    (data / "static").mkdir()
    os.environ["BAKHONG_DATA"] = str(data)
    if "DATABASE_URL" not in os.environ:
        from bakhong.cli import embedded

        server = _UNTIL_THE_END.enter_context(embedded.ensure_running(data, durable=False))
        os.environ["DATABASE_URL"] = server.owner_url
        os.environ["BAKHONG_APP_ROLE"] = embedded.APP
    _point_django_at(os.environ["DATABASE_URL"], data)


def pytest_unconfigure(config: pytest.Config) -> None:
    _UNTIL_THE_END.close()


def _give_key() -> None:
    """pytest-django has read the settings already."""
    from django.conf import settings

    settings.FIELD_KEY = os.environ["BAKHONG_FIELD_KEY"]


def _point_django_at(url: str, data: Path) -> None:
    """pytest-django has read the settings already, though it has not connected yet."""
    from django.conf import settings

    from config.settings import database

    settings.DATABASES["default"].update(database(url))
    settings.APP_ROLE = os.environ.get("BAKHONG_APP_ROLE", "")
    settings.DATA = data
    settings.STATIC_ROOT = data / "static"
    if os.environ.get("BAKHONG_TEST_LATENCY"):
        settings.MIDDLEWARE.insert(0, "tests.journeys.latency.latency")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the browser comes last: its event loop stays in the thread, where nothing else can start one afterwards.

    Under CI every test gets a second try, which the run's last line counts: chance (a UUID that reads like a code) and two cores that
    serve a site and draw it should not refuse a change, and should be seen.
    """
    in_browser = {item for item in items if "chromium" in getattr(item, "fixturenames", ())}
    for item in items if os.environ.get("CI") else ():
        item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=in_browser.__contains__)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Under CI a skipped test is a failure: nobody reads that it was left out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line("A test was skipped, which counts as a failure under CI.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def actor() -> Actor:
    """Somebody who may do everything."""
    return Operator(id="test", label="Thử nghiệm")


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def app_role(db: None) -> Iterator[str]:
    """For the rest of the test, the database takes us for the restricted role the site runs as."""
    from django.conf import settings
    from django.db import connection

    if not settings.APP_ROLE:
        pytest.skip("this server has no restricted role (BAKHONG_APP_ROLE)")
    with connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{settings.APP_ROLE}"')
    yield settings.APP_ROLE
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit are cleaned up with TRUNCATE, which the trail and the ledger refuse everywhere else."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) FROM pg_trigger"
            " WHERE tgname IN ('audit_no_truncate', 'payments_stay')"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The system's Chromium, one for all tests of a process (Playwright starts only once in a thread)."""
    sync_api = pytest.importorskip("playwright.sync_api")
    path = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install it (apt install chromium) or set CHROMIUM_PATH")
    # Playwright runs an event loop in this thread, which makes Django take the test itself for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_api.sync_playwright() as playwright:
        home = str(tmp_path_factory.mktemp("chromium"))  # it keeps reports and settings in its home folder
        browser = playwright.chromium.launch(
            executable_path=path, args=QUIET, env={**os.environ, "HOME": home}
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """No answer of an earlier test is served again."""
    from django.core.cache import cache

    cache.clear()
