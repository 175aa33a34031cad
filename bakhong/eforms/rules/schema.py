"""A form as JSON Schema: what the answers of a submitted form look like, for whoever takes them over.

Source: JSON Schema, draft 2020-12. A condition has no counterpart that every reader understands: questions with one are not
required here, and the conditions themselves stand under `x-conditions`.
"""

from typing import Any

from bakhong.eforms.rules.answers import LONGEST
from bakhong.eforms.rules.spec import FormSpec, Group, Question

_DAY = r"^\d{4}(-\d{2}(-\d{2})?)?$"


def json_schema(spec: FormSpec, lang: str = "vi") -> dict[str, Any]:
    """Answers by code: scalars, lists of codes, and an array of objects for each repeating group.

    >>> from bakhong.eforms.rules.spec import read_spec
    >>> spec = read_spec({"code": "a", "title": "A", "pages": [{"code": "p", "title": "P", "questions": [
    ...     {"code": "n", "label": "N", "type": "number", "required": True, "rules": {"min": 1}}]}]})
    >>> json_schema(spec)["properties"]["n"], json_schema(spec)["required"]
    ({'type': 'number', 'title': 'N', 'minimum': 1}, ['n'])
    """
    properties: dict[str, Any] = {}
    required, conditions = [], []
    for page, item in spec.items():
        is_always = page.show_if is None and item.show_if is None
        rule = [each for each in (page.show_if, item.show_if) if each is not None]
        if rule:
            conditions.append({"path": item.code, "show_if": rule[0] if len(rule) == 1 else {"and": rule}})
        if isinstance(item, Group):
            properties[item.code] = _group(item, lang)
            conditions += [
                {"path": f"{item.code}.*.{each.code}", "show_if": each.show_if}
                for each in item.questions
                if each.show_if is not None
            ]
        else:
            properties[item.code] = _question(item, lang)
            required += [item.code] if item.required and is_always else []
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": spec.title.in_language(lang),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        "x-code": spec.code,
        "x-conditions": conditions,
    }


def _group(group: Group, lang: str) -> dict[str, Any]:
    items = {
        "type": "object",
        "properties": {each.code: _question(each, lang) for each in group.questions},
        "required": [each.code for each in group.questions if each.required and each.show_if is None],
        "additionalProperties": False,
    }
    found = {"type": "array", "title": group.label.in_language(lang), "items": items}
    return found | {"minItems": group.min, "maxItems": group.max}


def _question(question: Question, lang: str) -> dict[str, Any]:
    found = {**_SHAPES.get(question.type, {"type": "string"}), "title": question.label.in_language(lang)}
    if question.help.vi:
        found["description"] = question.help.in_language(lang)
    if question.known_as:
        found["x-known-as"] = question.known_as
    codes = [option.code for option in question.options]
    if question.type == "choices":
        found["items"] = {"type": "string", "enum": codes}
    elif codes:
        found["enum"] = codes
    return found | _limits(question)


def _limits(question: Question) -> dict[str, Any]:
    rules = question.rules
    is_text = _SHAPES.get(question.type, {"type": "string"}) == {"type": "string"} and not question.options
    longest = rules.max_length or LONGEST.get(question.type, 500)
    said = {
        "minimum": rules.min,
        "maximum": rules.max,
        "minLength": rules.min_length if is_text else None,
        "maxLength": longest if is_text else None,
        "pattern": f"^(?:{rules.pattern})$" if rules.pattern and is_text else None,
    }
    return {name: value for name, value in said.items() if value is not None}


_SHAPES: dict[str, dict[str, Any]] = {
    "number": {"type": "number"},
    "money": {"type": "integer", "minimum": 0},
    "date": {"type": "string", "pattern": _DAY},
    "yes_no": {"type": "boolean"},
    "choices": {"type": "array", "uniqueItems": True},
    "national_id": {"type": "string", "pattern": "^[0-9]{12}$"},
    "phone": {"type": "string", "pattern": "^0[0-9]{9,10}$"},
    "email": {"type": "string", "format": "email", "maxLength": 120},
    "file": {"type": "string", "format": "uuid"},
}
