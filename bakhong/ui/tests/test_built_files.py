"""The committed styles and scripts are what the sources make, and old phones can read them. Needs no node."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from bakhong.ui import assets, tokens

ROOT = Path(__file__).resolve().parents[3]
FRONTEND = ROOT / "frontend"
RECORD = json.loads((assets.BUILT / "BUILD.json").read_text("utf-8"))
SHEETS = ("portal.css", "desk.css")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sources() -> set[str]:
    files = [*FRONTEND.glob("sass/**/*"), *FRONTEND.glob("scripts/**/*")]
    single = ["build.mjs", "package.json", "package-lock.json"]
    return {str(path.relative_to(FRONTEND)) for path in files if path.is_file()} | set(single)


def test_built_files_are_made_from_these_sources() -> None:
    assert set(RECORD["sources"]) == _sources()
    stale = [name for name, digest in RECORD["sources"].items() if _sha256(FRONTEND / name) != digest]
    assert stale == [], "run `npm ci && npm run build` in frontend/"


def test_built_files_are_as_the_build_left_them() -> None:
    changed = [name for name, digest in RECORD["built"].items() if _sha256(assets.BUILT / name) != digest]
    assert changed == []


def test_a_changed_source_is_noticed(tmp_path: Path) -> None:
    """Negative control of the two above."""
    copy = tmp_path / "_own.scss"
    copy.write_bytes((FRONTEND / "sass/_own.scss").read_bytes() + b"\n")
    assert _sha256(copy) != RECORD["sources"]["sass/_own.scss"]


def test_lock_file_names_no_host() -> None:
    assert "http" not in re.sub(
        r'"(url|funding|homepage)": "[^"]*"', "", (FRONTEND / "package-lock.json").read_text()
    )


@pytest.mark.parametrize(("name", "limit"), [("portal.css", 9_000), ("desk.css", 10_000), ("desk.js", 4_000)])
def test_built_files_keep_their_budget(name: str, limit: int) -> None:
    assert len(gzip.compress((assets.BUILT / name).read_bytes(), 9)) <= limit


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize(
    "too_new",
    [
        ":has(",
        ":is(",
        ":where(",
        ":focus-visible",
        "oklch",
        "color-mix",
        "@layer",
        "var(",
        "clamp(",
        "inset:",
    ],
)
def test_old_phones_understand_the_styles(name: str, too_new: str) -> None:
    assert too_new not in (assets.BUILT / name).read_text("utf-8")


@pytest.mark.parametrize("name", SHEETS)
def test_styles_fetch_nothing(name: str) -> None:
    text = (assets.BUILT / name).read_text("utf-8")
    assert "@font-face" not in text
    assert "url(" not in text
    assert "@import" not in text


@pytest.mark.parametrize("name", ["desk.js", "htmx.js"])
def test_scripts_are_es2017(name: str) -> None:
    """Signs of later syntax: optional chaining, nullish, spread in objects, private fields, bare catch."""
    text = (assets.BUILT / name).read_text("utf-8")
    assert not re.search(r"\w\?\.[a-zA-Z_$\[(]|\?\?|catch\{|\{\.\.\.|this\.#", text)


def test_every_library_comes_with_its_licence() -> None:
    notice = (assets.BUILT / "THIRD-PARTY.txt").read_text("utf-8")
    manifest = json.loads((FRONTEND / "package.json").read_text())
    for name, library in RECORD["libraries"].items():
        assert library["version"] == manifest["devDependencies"][name]
        assert name.split(".")[0] in notice


def test_colours_of_charts_are_those_of_the_styles() -> None:
    scss = dict(
        re.findall(r"^\$([a-z-]+): (#[0-9a-f]{6});", (FRONTEND / "sass/_tokens.scss").read_text(), re.M)
    )
    python = {name.lower().replace("_", "-"): value for name, value in vars(tokens).items() if name.isupper()}
    assert python == scss
