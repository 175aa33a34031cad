"""What answers given to one version of a form lose in another."""

from collections.abc import Iterator, Mapping
from typing import Any

from bakhong.eforms.rules.spec import FormSpec, Question


def lost(old: FormSpec, new: FormSpec, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(path, what): "gone" (asked no more), "type" (asked otherwise), "option" (the chosen one is not there any more), "new_required"
    (asked newly, and must be answered).

    >>> from bakhong.eforms.rules.spec import read_spec
    >>> def form(*questions):
    ...     return read_spec({"code": "a", "title": "A", "pages": [{"code": "p", "title": "P", "questions": list(questions)}]})
    >>> one = form({"code": "x", "label": "X", "type": "text"}, {"code": "y", "label": "Y", "type": "text"})
    >>> two = form({"code": "x", "label": "X", "type": "number"}, {"code": "z", "label": "Z", "type": "text", "required": True})
    >>> list(lost(one, two, {"x": "1", "y": "2"})), list(lost(one, one, {"x": "1"}))
    ([('x', 'type'), ('y', 'gone'), ('z', 'new_required')], [])
    """
    before, after = _by_place(old), _by_place(new)
    for path, value in sorted(values.items()):
        place = _place(path)
        if place not in before or value is None:
            continue
        question = after.get(place)
        if question is None:
            yield path, "gone"
        elif question.type != before[place].type:
            yield path, "type"
        elif question.options and not _chosen(value) <= {option.code for option in question.options}:
            yield path, "option"
    for place, question in after.items():
        if place not in before and question.required and "." not in place:
            yield place, "new_required"


def _chosen(value: Any) -> set[str]:
    return {str(each) for each in value} if isinstance(value, list) else {str(value)}


def _by_place(spec: FormSpec) -> dict[str, Question]:
    return {
        f"{group.code}.{question.code}" if group else question.code: question
        for _page, group, question in spec.questions()
    }


def _place(path: str) -> str:
    """ "children.0.name" → "children.name"."""
    parts = path.split(".")
    return f"{parts[0]}.{parts[2]}" if len(parts) == 3 else path
