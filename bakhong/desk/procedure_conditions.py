"""When a paper is needed, as an officer chooses it from a list: a question of the form and one of its answers."""

from collections.abc import Mapping
from typing import Any

from bakhong.eforms.rules.spec import FormSpec, Question

ALWAYS, KEPT = "", "keep"
_ANSWERED, _YES = "*", "yes"
_WRITTEN = ("text", "longtext", "date", "national_id", "phone", "email", "address", "person_name")

Choice = tuple[str, Any]


def token_of(rule: Mapping[str, Any] | None) -> str:
    """The entry of the list that means this rule; KEPT for one that the list cannot say.

    >>> token_of({"==": [{"var": "kind"}, "a"]}), token_of({"==": [{"var": "is_x"}, True]}), token_of({">": [{"var": "x"}, ""]})
    ('kind=a', 'is_x=yes', 'x=*')
    >>> token_of(None), token_of({"in": [{"var": "kind"}, ["a", "b"]]})
    ('', 'keep')
    """
    match rule:
        case None:
            return ALWAYS
        case {"==": [{"var": str(code)}, True]}:
            return f"{code}={_YES}"
        case {"==": [{"var": str(code)}, str(option)]}:
            return f"{code}={option}"
        case {">": [{"var": str(code)}, ""]} | {"!=": [{"var": str(code)}, None]}:
            return f"{code}={_ANSWERED}"
        case _:
            return KEPT


def rule_of(token: str, form: FormSpec | None) -> Mapping[str, Any] | None:
    """The rule that an entry of the list means.

    >>> rule_of("kind=a", None), rule_of("", None)
    ({'==': [{'var': 'kind'}, 'a']}, None)
    """
    code, _sign, answer = token.partition("=")
    if not code:
        return None
    kind = next((each.type for each in _questions(form) if each.code == code), "choice")
    if answer == _ANSWERED:
        return {">": [{"var": code}, ""]} if kind in _WRITTEN else {"!=": [{"var": code}, None]}
    return {"==": [{"var": code}, True if kind == "yes_no" else answer]}


def choices(
    form: FormSpec | None, lang: str, always: Any, kept: Any, answered: Any, yes: Any
) -> list[Choice]:
    """The list for one form, by question."""
    found: list[Choice] = [(ALWAYS, always), (KEPT, kept)]
    for each in _questions(form):
        label = each.label.in_language(lang)
        if each.type == "choice":
            options = [
                (f"{each.code}={option.code}", f"{label}: {option.label.in_language(lang)}")
                for option in each.options
            ]
        elif each.type == "yes_no":
            options = [(f"{each.code}={_YES}", f"{label}: {yes}")]
        else:
            options = [(f"{each.code}={_ANSWERED}", f"{label}: {answered}")]
        found.append((label, options))
    return found


def _questions(form: FormSpec | None) -> list[Question]:
    return (
        [question for _page, group, question in form.questions() if group is None] if form is not None else []
    )
