"""The translations. Every text of the site stands in the code in Vietnamese; `en` holds its English.

    .venv/bin/python locale/messages.py update   collects the texts of all code and templates, keeps what is translated,
                                                 forgets what is no longer said, and writes the .mo files
    .venv/bin/python locale/messages.py check    says what has no English yet or does not fit; status 1 when there is any

`vi` holds no text of ours: it rewords messages of Django, whose msgids are English, in plain words. It is edited by hand.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = Path(__file__).resolve().parent
LANGUAGES = ("en", "vi")
_ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_MANY = {"ngettext", "ngettext_lazy"}
_STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_IN_TEMPLATE = re.compile(rf"\b(_|gettext|ngettext)\(\s*{_STRING}(?:\s*,\s*{_STRING})?", re.S)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

# Without dates and names, which would change with every run.
_HEAD = r"""# English of every text of Ba Không. Written by locale/messages.py; edit the msgstr lines.
msgid ""
msgstr ""
"Language: en\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

Text = str | tuple[str, str]


def catalogue(language: str) -> Catalog:
    with _po(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(language: str) -> bytes:
    """What the .mo file must be."""
    catalog = catalogue(language)
    # The same bytes from the same texts, whenever they are compiled.
    catalog.creation_date = catalog.revision_date = _EPOCH
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def texts(folder: Path) -> set[Text]:
    """Every text under a folder that goes through gettext; tests are not shown to anybody."""
    found: set[Text] = set()
    for path in sorted(folder.rglob("*")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        if path.suffix == ".py":
            found.update(_in_python(path.read_text("utf-8")))
        elif "templates" in path.parts and path.suffix in (".html", ".txt"):
            found.update(_in_template(path.read_text("utf-8"), str(path)))
    return found


def problems(wanted: set[Text]) -> list[str]:
    """What is wrong with the English of these texts, one sentence each."""
    english = catalogue("en")
    found = []
    for text in sorted(wanted, key=str):
        message = english.get(text if isinstance(text, str) else text[0])
        if message is None or not message.string or not all(_strings(message)):
            found.append(f"no English: {text!r}")
        elif _placeholders(text) != _placeholders(message.string):
            found.append(f"placeholders differ: {text!r} / {message.string!r}")
    return found


def update() -> None:
    old, new = catalogue("en"), Catalog(locale="en")
    for text in sorted(texts(ROOT / "bakhong") | texts(ROOT / "config"), key=str):
        kept = old.get(text if isinstance(text, str) else text[0])
        # What has got a plural since is said anew.
        is_kept = kept is not None and isinstance(kept.string, str) == isinstance(text, str)
        new.add(text, string=kept.string if kept is not None and is_kept else "")
    buffer = io.BytesIO()
    write_po(buffer, new, width=100, no_location=True, omit_header=True, sort_output=True)
    _po("en").write_bytes(_HEAD.encode() + buffer.getvalue())
    for language in LANGUAGES:
        _po(language).with_suffix(".mo").write_bytes(compiled(language))


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _in_python(source: str) -> Iterator[Text]:
    tree = ast.parse(source)
    # `gettext_lazy as _lazy` and the like: whatever a file calls it.
    called = {
        each.asname: each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for each in node.names
        if each.asname
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            name = called.get(name, name)
            strings = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if name in _ONE and strings:
                yield strings[0]
            elif name in _MANY and len(strings) >= 2:
                yield strings[0], strings[1]


def _in_template(source: str, origin: str) -> Iterator[Text]:
    from django.conf import settings

    if not settings.configured:
        settings.configure()
    from django.utils.translation.template import templatize

    for name, first, second in _IN_TEMPLATE.findall(templatize(source, origin=origin)):
        one = str(ast.literal_eval(first))
        yield (one, str(ast.literal_eval(second))) if name == "ngettext" and second else one


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _placeholders(text: Text | list[str]) -> set[str]:
    return set(_PLACEHOLDER.findall(text if isinstance(text, str) else " ".join(text)))


def main(words: list[str]) -> int:
    if words == ["update"]:
        update()
    elif words != ["check"]:
        print(__doc__, file=sys.stderr)
        return 2
    found = problems(texts(ROOT / "bakhong") | texts(ROOT / "config"))
    print(*found, f"{len(found)} texts need English", sep="\n")
    return 1 if found and words == ["check"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
