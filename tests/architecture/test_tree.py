"""What the files of the project must and must not say."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

# Hosts that only a lock file needs to know, and the folders and habits of whoever happened to write a file.
FORBIDDEN = re.compile(
    "|".join(
        [
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "registry" + r"\.npm",
            "/work" + "/",
            "/opt/" + "wheels",
            "this" + " session",
            "/root/" + r"\.",
        ]
    )
)
LOCKS = {"uv.lock", "package-lock.json"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""  # a picture, a font, a workbook


def offences(text: str) -> list[str]:
    return [found.group() for found in FORBIDDEN.finditer(text)]


def test_no_file_names_where_it_was_written() -> None:
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in tracked()
        if path.name not in LOCKS and (found := offences(text_of(path)))
    }
    assert wrong == {}


@pytest.mark.parametrize("text", ["https://py" + "pi.org/simple", "cp /work" + "/shared/x"])
def test_such_a_word_is_noticed(text: str) -> None:
    """Negative control."""
    assert offences(text)


def test_every_room_says_what_it_is() -> None:
    rooms = {path for path in (ROOT / "bakhong").iterdir() if (path / "__init__.py").exists()}
    assert {room.name for room in rooms if not (room / "README.md").is_file()} == set()


def test_nothing_is_left_to_do() -> None:
    word = "TO" + "DO"
    assert [
        path for path in tracked() if path.suffix in {".py", ".html", ".ts"} and word in text_of(path)
    ] == []
