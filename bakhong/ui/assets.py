"""The built styles and scripts: what is inlined, its CSP hash, and a version for every file's address.

Pure: the settings call `style_hash()` while Django is not up yet.
"""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

BUILT = Path(__file__).parent / "static" / "ui"


@cache
def critical_css() -> str:
    """The style sheet of residents' and error pages, as it stands between the style tags."""
    return (BUILT / "portal.css").read_text("utf-8")


@cache
def style_hash() -> str:
    """What `style-src` must name so that a browser accepts the inlined style sheet.

    Source: CSP Level 3, section 2.3.1 (hash-source).
    """
    digest = hashlib.sha256(critical_css().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _built() -> dict[str, str]:
    record: dict[str, dict[str, str]] = json.loads((BUILT / "BUILD.json").read_text("utf-8"))
    return record["built"]


def version_of(path: str) -> str:
    """Eight characters that change when the built file `ui/…` changes; "" for a file that is not built here."""
    return _built().get(path.removeprefix("ui/"), "")[:8]
