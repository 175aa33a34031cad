"""What answers given to one version of a form lose in another: the new one is run over them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bakhong.eforms.rules.answers import Wrong, as_typed, read
from bakhong.eforms.rules.spec import FormSpec, Group, Question
from bakhong.eforms.rules.visible import asked, missing


def lost(
    old: FormSpec, new: FormSpec, values: Mapping[str, Any], *, today: date
) -> Iterator[tuple[str, str]]:
    """(path, what): "gone" (asked no more), "type" (asked otherwise), "option" (the chosen one is not there any more), "no_longer_fits"
    (it may not be answered so any more), "new_required" (asked newly, and must be answered), "now_required" (must be answered now).

    >>> from bakhong.eforms.rules.spec import read_spec
    >>> def form(*questions):
    ...     return read_spec({"code": "a", "title": "A", "pages": [{"code": "p", "title": "P", "questions": list(questions)}]})
    >>> one = form({"code": "x", "label": "X", "type": "text"}, {"code": "y", "label": "Y", "type": "text"})
    >>> two = form({"code": "x", "label": "X", "type": "number"}, {"code": "z", "label": "Z", "type": "text", "required": True})
    >>> three = form({"code": "x", "label": "X", "type": "text", "rules": {"pattern": "[0-9]+"}},
    ...              {"code": "y", "label": "Y", "type": "text", "required": True})
    >>> day = date(2026, 11, 22)
    >>> list(lost(one, two, {"x": "1", "y": "2"}, today=day)), list(lost(one, one, {"x": "1"}, today=day))
    ([('x', 'type'), ('y', 'gone'), ('z', 'new_required')], [])
    >>> list(lost(one, three, {"x": "abc"}, today=day))
    [('x', 'no_longer_fits'), ('y', 'now_required')]
    """
    before, after, most = _by_place(old), _by_place(new), _most_rows(new)
    found = {
        path: what
        for path, value in sorted(values.items())
        if _place(path) in before and value is not None
        for what in [_loss(path, value, before[_place(path)], after.get(_place(path)), most, today)]
        if what
    }
    yield from found.items()
    kept = {path: value for path, value in values.items() if path not in found}
    missed = {path for path, _wrong, _question in missing(asked(old, values), values)}
    for path, _wrong, _question in missing(asked(new, kept), kept):
        if path not in missed and path not in found:
            yield path, "now_required" if _place(path) in before else "new_required"


def differing(old: FormSpec, new: FormSpec) -> Iterator[tuple[str, str]]:
    """(what is asked, what): "gone", "added" or "changed", of each question; in the order of the new form, then of the old one.

    >>> from bakhong.eforms.rules.spec import read_spec
    >>> def form(*questions):
    ...     return read_spec({"code": "a", "title": "A", "pages": [{"code": "p", "title": "P", "questions": list(questions)}]})
    >>> one = form({"code": "x", "label": "X", "type": "text"}, {"code": "y", "label": "Y", "type": "text"})
    >>> two = form({"code": "x", "label": "X?", "type": "text"}, {"code": "z", "label": "Z", "type": "text"})
    >>> list(differing(one, two)), list(differing(one, one))
    ([('X?', 'changed'), ('Z', 'added'), ('Y', 'gone')], [])
    """
    before, after = _by_place(old), _by_place(new)
    for place, question in after.items():
        if before.get(place) != question:
            yield question.label.vi, "changed" if place in before else "added"
    yield from ((question.label.vi, "gone") for place, question in before.items() if place not in after)


def _loss(
    path: str, value: Any, was: Question, now: Question | None, most: Mapping[str, int], today: date
) -> str:
    parts = path.split(".")
    if now is None or (len(parts) == 3 and int(parts[1]) >= most.get(parts[0], 0)):
        return "gone"
    if now.type != was.type:
        return "type"
    if now.options and not _chosen(value) <= {option.code for option in now.options}:
        return "option"
    return "no_longer_fits" if isinstance(read(now, as_typed(was, value), today=today), Wrong) else ""


def _chosen(value: Any) -> set[str]:
    return {str(each) for each in value} if isinstance(value, list) else {str(value)}


def _by_place(spec: FormSpec) -> dict[str, Question]:
    return {
        f"{group.code}.{question.code}" if group else question.code: question
        for _page, group, question in spec.questions()
    }


def _most_rows(spec: FormSpec) -> dict[str, int]:
    return {item.code: item.max for _page, item in spec.items() if isinstance(item, Group)}


def _place(path: str) -> str:
    """ "children.0.name" → "children.name"."""
    parts = path.split(".")
    return f"{parts[0]}.{parts[2]}" if len(parts) == 3 else path
