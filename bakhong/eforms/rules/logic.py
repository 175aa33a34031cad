"""Conditions: a strict subset of JsonLogic that means the same here and in the browser (`frontend/scripts/conditions.js`).

    {"==": [{"var": "married"}, true]}          {"and": [rule, rule, …]}        {"in": [{"var": "kind"}, ["a", "b"]]}

Strict: nothing is converted. Only `true` is true; `==` holds for two equal texts, numbers, booleans or nulls; `<` `<=` `>` `>=` order two
numbers or two texts (a day is an ISO text, so days order rightly); `in` looks for a scalar in a list. Whatever else meets is false, so that
a half-answered page never breaks. A missing variable is null.

Source: jsonlogic.com (the operators' names and shapes); the conversions of JavaScript it inherits are left out on purpose.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Rule = Any  # JSON
DEEPEST = 12
LARGEST = 2**53 - 1  # beyond it a browser's numbers are no whole numbers any more
_ORDERS = ("<", "<=", ">", ">=")
OPERATORS = ("var", "==", "!=", *_ORDERS, "and", "or", "!", "in")


class LogicError(ValueError):
    """No rule of this subset; the text says what is wrong with it."""


def evaluate(rule: Rule, data: Mapping[str, Any]) -> bool:
    """Whether the rule holds of these answers. None (no rule) holds always.

    Raises: LogicError for what `check` refuses too.

    >>> rule = {"and": [{"==": [{"var": "married"}, True]}, {">=": [{"var": "children"}, 2]}]}
    >>> evaluate(rule, {"married": True, "children": 2}), evaluate(rule, {"married": 1, "children": "2"}), evaluate(rule, {})
    (True, False, False)
    >>> evaluate({"in": [{"var": "kind"}, ["a", "b"]]}, {"kind": "b"}), evaluate({"var": "rows.1.age"}, {"rows": [{}, {"age": True}]})
    (True, True)
    """
    return True if rule is None else _value(rule, data, 0) is True


def check(rule: Rule, depth: int = 0) -> None:
    """Raises: LogicError where the rule is none of this subset."""
    if rule is not None:
        _check(rule, depth)


def variables(rule: Rule) -> Iterator[str]:
    """The first parts of the variables a rule asks for.

    >>> sorted(variables({"or": [{"var": "a"}, {"==": [{"var": "rows.0.b"}, 1]}]}))
    ['a', 'rows']
    """
    if isinstance(rule, dict):
        for name, given in rule.items():
            if name == "var" and isinstance(given, str):
                yield given.split(".")[0]
            else:
                yield from variables(given)
    elif isinstance(rule, list):
        for each in rule:
            yield from variables(each)


def _check(rule: Rule, depth: int) -> None:
    if depth > DEEPEST:
        raise LogicError("điều kiện lồng quá sâu")
    if _is_scalar(rule):
        if _is_number(rule) and abs(rule) > LARGEST:
            raise LogicError("số quá lớn")
        return
    if isinstance(rule, list):
        for each in rule:
            if not _is_scalar(each):
                raise LogicError("danh sách chỉ chứa chữ, số, true, false hoặc null")
            _check(each, depth + 1)
        return
    _name, given = _operator(rule)
    for each in given:
        _check(each, depth + 1)


def _operator(rule: Rule) -> tuple[str, list[Any]]:
    """The operator and its operands, counted."""
    if not isinstance(rule, dict) or len(rule) != 1:
        raise LogicError("điều kiện là một đối tượng có đúng một phép")
    ((name, given),) = rule.items()
    if name not in OPERATORS:
        raise LogicError(f"không có phép “{str(name)[:20]}”")
    if name == "var":
        if not isinstance(given, str) or not given:
            raise LogicError("“var” gọi tên một câu hỏi")
        return name, [given]
    operands = given if isinstance(given, list) else [given] if name == "!" else None
    wanted = {"and": None, "or": None, "!": 1}.get(name, 2)
    if operands is None or not operands or (wanted is not None and len(operands) != wanted):
        raise LogicError(f"phép “{name}” sai số vế")
    return name, operands


def _value(rule: Rule, data: Mapping[str, Any], depth: int) -> Any:
    if depth > DEEPEST:
        raise LogicError("điều kiện lồng quá sâu")
    if _is_scalar(rule) or isinstance(rule, list):
        return rule
    name, operands = _operator(rule)
    if name == "var":
        return _look_up(operands[0], data)
    if name == "and":
        return all(_value(each, data, depth + 1) is True for each in operands)
    if name == "or":
        return any(_value(each, data, depth + 1) is True for each in operands)
    values = [_value(each, data, depth + 1) for each in operands]
    return _apply(name, values)


def _apply(name: str, values: list[Any]) -> bool:
    if name == "!":
        return values[0] is not True
    left, right = values
    if name == "==":
        return _same(left, right)
    if name == "!=":
        return not _same(left, right)
    if name == "in":
        return isinstance(right, list) and any(_same(left, each) for each in right)
    return _ordered(name, left, right)


def _look_up(path: str, data: Any) -> Any:
    for part in path.split("."):
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list) and part.isascii() and part.isdigit() and len(part) < 6:
            data = data[int(part)] if int(part) < len(data) else None
        else:
            return None
    return data


def _same(left: Any, right: Any) -> bool:
    """Equal scalars of one kind: `1` is no `true`, and two lists are never the same."""
    if _is_number(left) and _is_number(right):
        return bool(left == right)
    return _is_scalar(left) and type(left) is type(right) and left == right


def _ordered(name: str, left: Any, right: Any) -> bool:
    if not (_is_number(left) and _is_number(right)) and not (
        isinstance(left, str) and isinstance(right, str)
    ):
        return False
    if name in ("<", "<="):
        return bool(left < right) or (name == "<=" and _same(left, right))
    return bool(left > right) or (name == ">=" and _same(left, right))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
