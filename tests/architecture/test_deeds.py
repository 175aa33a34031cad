"""Every deed that the trail may hold, and every kind of object it may be about, has words in the trail's page."""

import ast
from pathlib import Path

from django.apps import apps

from bakhong.accounts.views.trail import kinds, words
from bakhong.indicators.actions.followups import _MOVES
from bakhong.indicators.rules.transitions import DEEDS

ROOT = Path(__file__).resolve().parent.parent.parent
WRITERS = {"record", "_record", "_note", "_trail", "_move_villages"}


def noted(source: str) -> tuple[set[str], set[str]]:
    """(deeds, kinds of object) that a module names where it notes a deed.

    >>> noted('record(by=by, deed="places.merge", object_kind="unit")')
    ({'places.merge'}, {'unit'})
    """
    deeds: set[str] = set()
    kinds: set[str] = set()
    for call in [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]:
        named = {word.arg: word.value for word in call.keywords}
        if "object_kind" in named:
            kinds |= _texts(named["object_kind"])
        writes = getattr(call.func, "id", getattr(call.func, "attr", "")) in WRITERS
        given = [*call.args, *named.values()] if writes else [named["deed"]] if "deed" in named else []
        deeds |= {text for value in given for text in _texts(value) if _is_deed(text)}
    return deeds, kinds


def _texts(value: ast.expr) -> set[str]:
    return {value.value} if isinstance(value, ast.Constant) and isinstance(value.value, str) else set()


def _is_deed(text: str) -> bool:
    room, dot, deed = text.partition(".")
    return bool(dot) and deed.isidentifier() and room in {config.label for config in apps.get_app_configs()}


def modules() -> list[Path]:
    found = [*ROOT.glob("bakhong/*/actions.py"), *ROOT.glob("bakhong/*/actions/*.py")]
    return [*found, *ROOT.glob("bakhong/*/receivers.py")]


def test_every_deed_has_words() -> None:
    deeds: set[str] = set()
    objects: set[str] = set()
    for module in modules():
        named, about = noted(module.read_text())
        deeds |= named
        objects |= about
    deeds |= {f"indicators.{deed}" for deed in DEEDS} | {f"indicators.{deed}_followup" for deed in _MOVES}
    assert len(deeds) > 50
    assert sorted(deeds - set(words())) == []
    assert sorted(objects - set(kinds())) == []


def test_words_are_of_deeds_that_exist() -> None:
    """A word that nothing notes any more is left over."""
    code = "\n".join(module.read_text() for module in modules())
    made = {f"indicators.{deed}" for deed in DEEDS} | {f"indicators.{deed}_followup" for deed in _MOVES}
    assert [deed for deed in words() if f'"{deed}"' not in code and deed not in made] == []


def test_a_deed_without_words_is_found() -> None:
    """Negative control."""
    deeds, _ = noted('_trail(period, "indicators.forget_period", by, at)')
    assert deeds - set(words()) == {"indicators.forget_period"}
