"""Conditions mean the same on the server and in the browser: the built script is run by node beside the Python rules."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import bakhong
from bakhong.eforms.rules.logic import LogicError, check, evaluate

ROOT = Path(bakhong.__file__).parent
SOURCE = ROOT.parent / "frontend/scripts/conditions.js"
BUILT = ROOT / "ui/static/ui/conditions.js"
RUNNER = """
globalThis.self = globalThis;
require(process.argv[1]);
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [rule, data] = JSON.parse(line);
  let said;
  try { said = self.bkHolds(rule, data); } catch (_) { said = "error"; }
  console.log(JSON.stringify(said));
});
"""

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.sampled_from([0.5, -0.5, 1.0, 2.5, 1e15]),
    st.sampled_from(["", "a", "b", "1", "2026-01-01", "1941", "đ", "ａ", "😀", "true", "Ấ"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
)
names = st.sampled_from(
    [
        "a",
        "b",
        "rows",
        "rows.0.a",
        "rows.1.b",
        "rows.9.a",
        "a.b",
        "rows.x",
        "length",
        "__proto__",
        "rows.0",
        "rows.-1",
        "rows.٣",
    ]
)
rules = st.recursive(
    st.one_of(scalars, names.map(lambda name: {"var": name}), st.lists(scalars, max_size=3)),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in"]), st.lists(inner, min_size=2, max_size=2)),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("!"), st.one_of(inner, st.lists(inner, min_size=1, max_size=1))),
        # No rule of the subset: both refuse.
        st.tuples(st.sampled_from(["==", "and", "in", "+", "var", "toString"]), st.lists(inner, max_size=3)),
    ).map(lambda pair: {pair[0]: pair[1]}),
    max_leaves=8,
)  # fmt: skip
answers = st.fixed_dictionaries(
    {},
    optional={
        "a": scalars,
        "b": st.one_of(scalars, st.lists(scalars, max_size=3)),
        "rows": st.lists(st.fixed_dictionaries({}, optional={"a": scalars, "b": scalars}), max_size=3),
    },
)


class Browser:
    """A node that evaluates one condition a line."""

    def __init__(self, script: Path) -> None:
        node = shutil.which("node")
        if node is None:
            pytest.skip("no node on this machine")
        self._process = subprocess.Popen(
            [node, "-e", RUNNER, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def says(self, rule: Any, data: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([rule, data]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    node = Browser(BUILT)
    yield node
    node.close()


def server(rule: Any, data: Any) -> Any:
    try:
        return evaluate(rule, data)
    except LogicError:
        return "error"


ODD = [
    ({"==": [1, True]}, {}),
    ({"==": ["1", 1]}, {}),
    ({"<": ["ａ", "😀"]}, {}),
    ({"<=": [{"var": "a"}, {"var": "b"}]}, {"a": "b", "b": "a"}),
    ({"==": [{"var": "a"}, None]}, {}),
    ({"var": "rows.0"}, {"rows": [True]}),
    ({"in": [{"var": "a"}, {"var": "b"}]}, {"a": 1, "b": [True, 1.0]}),
    ({"!": [[]]}, {}),
    ({"and": [False, {"+": []}]}, {}),
]


@settings(max_examples=2200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(rules, answers)
def test_browser_and_server_say_the_same(browser: Browser, rule: Any, data: Any) -> None:
    assert browser.says(rule, data) == server(rule, data), (rule, data)


for _rule, _data in ODD:
    test_browser_and_server_say_the_same = example(_rule, _data)(test_browser_and_server_say_the_same)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("isScalar(left) && left === right", "isScalar(left) && left == right"),
        ("return values[0] !== true", "return !values[0]"),
        (".codePointAt(0)", ".charCodeAt(0)"),
        ("typeof left === typeof right && ", ""),
    ],
)
def test_a_sloppy_browser_would_be_caught(tmp_path: Path, right: str, wrong: str) -> None:
    """Negative control: one comparison less strict, and the cases above tell."""
    source = SOURCE.read_text(encoding="utf-8")
    assert right in source
    sloppy = tmp_path / "sloppy.js"
    sloppy.write_text(source.replace(right, wrong), encoding="utf-8")
    node = Browser(sloppy)
    try:
        cases = [
            *ODD,
            ({"!": [1]}, {}),
            ({"<": [1, "2"]}, {}),
            ({"<": ["\U00010000", "\U0001f600"]}, {}),
            ({"<": ["\U0001f600", "\U0001f601"]}, {}),
        ]
        assert any(node.says(rule, data) != server(rule, data) for rule, data in cases)
    finally:
        node.close()


def test_what_the_author_may_not_write_is_refused() -> None:
    for rule in (
        {},
        {"a": 1, "b": 2},
        {"+": [1, 2]},
        {"var": []},
        {"==": [1]},
        {"and": []},
        {"in": [1, [[1]]]},
        {"==": [2**60, 1]},
    ):
        with pytest.raises(LogicError):
            check(rule)
    deep: Any = True
    for _level in range(40):
        deep = {"!": [deep]}
    with pytest.raises(LogicError):
        check(deep)
    with pytest.raises(LogicError):
        evaluate(deep, {})
    check({"and": [{"==": [{"var": "a"}, "x"]}, {"in": [{"var": "b"}, ["y", 1, None]]}]})
