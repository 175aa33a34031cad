"""A version is published once, tells what it breaks, and old drafts keep theirs."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import NotAllowed
from bakhong.eforms.actions import Started, save_page
from bakhong.eforms.actions.publishing import BadSpec, publish, publish_shipped
from bakhong.eforms.models import FormVersion
from bakhong.eforms.queries import current_version, spec_of
from bakhong.eforms.queries.breaking import broken_drafts
from bakhong.eforms.rules.lint import lint
from bakhong.eforms.rules.schema import json_schema
from bakhong.eforms.rules.spec import SpecError, read_spec
from bakhong.eforms.tests.conftest import SPEC
from bakhong.people.rules.dictionary import dictionary
from bakhong.places.models import Unit

Start = Callable[..., Started]
DAY = date(2026, 11, 22)


def _other() -> dict[str, Any]:
    """The same form without its income, and with a date where the phone was."""
    spec = deepcopy(SPEC)
    spec["pages"][0]["questions"][4]["type"] = "date"
    spec["pages"][1]["questions"] = [
        each for each in spec["pages"][1]["questions"] if each["code"] != "income"
    ]
    spec["pages"][1]["questions"].append({"code": "why", "label": "Vì sao", "type": "text", "required": True})
    return spec


def test_it_tells_what_it_breaks_and_breaks_nothing(start: Start, at: datetime) -> None:
    started, other = start(), start()
    by = HolderActor("draft", started.draft.uuid)
    save_page(
        draft=started.draft, page="noi-dung", posted={"married": ["no"], "income": ["5000"]}, by=by, at=at
    )
    save_page(
        draft=started.draft, page="nguoi-khai", posted={"name": ["An"], "phone": ["0912345678"]}, by=by, at=at
    )
    told = {each.draft: set(each.losses) for each in broken_drafts(read_spec(_other()), None, DAY)}
    assert told[started.draft.uuid] == {("phone", "type"), ("income", "gone"), ("why", "new_required")}
    assert told[other.draft.uuid] == {("why", "new_required")}
    assert broken_drafts(read_spec(SPEC), None, DAY) == []  # negative control
    published = publish(spec=_other(), by=OPERATOR, at=at, unit=None)
    assert (published.version.number, len(published.broken_drafts)) == (2, 2)
    started.draft.refresh_from_db()
    assert spec_of(started.draft.version) == read_spec(SPEC)
    assert (
        save_page(draft=started.draft, page="noi-dung", posted={"income": ["6000"]}, by=by, at=at).errors
        == {}
    )
    assert current_version("thu").number == 2
    assert start().draft.version.number == 2


def _changed(path: tuple[Any, ...], **more: Any) -> dict[str, Any]:
    """The form with one question, group or page otherwise."""
    spec = deepcopy(SPEC)
    found: Any = spec
    for step in path:
        found = found[step]
    found.update(more)
    return spec


_ASKED = ("pages", 1, "questions")


@pytest.mark.parametrize(
    ("changed", "losses"),
    [
        (_changed((*_ASKED, 2), required=True), {("income", "now_required")}),
        (_changed((*_ASKED, 1), rules={"max_length": 2}), {("spouse", "no_longer_fits")}),
        (_changed(("pages", 0, "questions", 1), rules={"not_before": "1990-01-01"}), {("birth", "no_longer_fits")}),
        (_changed(("pages", 2, "questions", 0), max=1), {("children.1.child", "gone")}),
        (_changed(("pages", 2, "questions", 0, "questions", 2), show_if=None), {
            ("children.0.job", "now_required"), ("children.1.job", "now_required")}),
        (_changed((*_ASKED, 3), options=[{"code": "b", "label": "B"}]), {("needs", "option")}),
        (_changed(("pages", 1), code="viec"), set()),  # a page called otherwise loses nothing
    ],
)  # fmt: skip
def test_each_loss_is_told(
    start: Start, at: datetime, changed: dict[str, Any], losses: set[tuple[str, str]]
) -> None:
    started = start()
    by = HolderActor("draft", started.draft.uuid)
    said: dict[str, dict[str, list[str]]] = {
        "nguoi-khai": {"name": ["An"], "birth": ["1941"]},
        "noi-dung": {"married": ["yes"], "spouse": ["Lê Thị Bé"], "needs": ["a", "b"]},
    }
    for page, posted in said.items():
        save_page(draft=started.draft, page=page, posted=posted, by=by, at=at)
    for row, name in enumerate(("Cả", "Út")):
        save_page(draft=started.draft, page="con", posted={"_add": ["children"]}, by=by, at=at)
        save_page(draft=started.draft, page="con", posted={f"children.{row}.child": [name]}, by=by, at=at)
    found = broken_drafts(read_spec(changed), None, DAY)
    assert {loss for each in found for loss in each.losses} == losses


def test_a_communes_first_form_is_held_against_drafts_of_the_programs(
    start: Start, thuong_xuan: Unit, at: datetime
) -> None:
    started = start()
    told = broken_drafts(read_spec(_other()), thuong_xuan, DAY)
    assert [each.draft for each in told] == [started.draft.uuid]
    elsewhere = Unit.objects.filter(level="commune").exclude(pk=thuong_xuan.pk).first()
    assert broken_drafts(read_spec(_other()), elsewhere, DAY) == []  # not of another commune


def test_the_same_text_again_is_the_same_version(form: FormVersion, at: datetime) -> None:
    again = publish(spec=json.dumps(SPEC), by=OPERATOR, at=at, unit=None)
    assert (again.version, again.is_new) == (form, False)
    assert Event.objects.filter(deed="eforms.publish").count() == 1


def test_a_commune_has_its_own(
    form: FormVersion, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit, at: datetime
) -> None:
    secretary, clerk = staff("dx_secretary", thuong_xuan), staff("one_stop_officer", thuong_xuan)
    for by, unit in ((clerk, thuong_xuan), (secretary, None)):
        with pytest.raises(NotAllowed):
            publish(spec=_other(), by=by, at=at, unit=unit)
    made = publish(spec=_other(), by=secretary, at=at, unit=thuong_xuan)
    assert current_version("thu", thuong_xuan) == made.version
    assert current_version("thu") == form


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{", "[" * 100_000, '{"code": NaN}', "x" * 600_000,
        '{"code": "thu", "title": "T", "pages": []}', "\ud800", '{"a":' * 20_000,
    ],
)  # fmt: skip
def test_rubbish_is_refused_in_plain_words(db: None, at: datetime, text: str) -> None:
    with pytest.raises(BadSpec) as told:
        publish(spec=text, by=OPERATOR, at=at, unit=None)
    assert told.value.sentences


def _broken(change: Callable[[dict[str, Any]], Any]) -> list[str]:
    spec = deepcopy(SPEC)
    change(spec)
    try:
        read_spec(spec)
    except SpecError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_each_mistake_is_told_with_its_place() -> None:
    first: Callable[[dict[str, Any]], dict[str, Any]] = lambda spec: spec["pages"][0]["questions"][0]  # noqa: E731
    assert _broken(lambda spec: None) == []  # negative control
    for change, words in (
        (lambda spec: first(spec).update(type="txt"), "pages[0].questions[0].type"),
        (lambda spec: first(spec).update(labell="x"), "pages[0].questions[0].labell"),
        (lambda spec: first(spec).update(code="birth"), "hai câu hỏi cùng mã birth"),
        (lambda spec: first(spec).update(show_if={"var": "married"}), "married"),
        (lambda spec: first(spec).update(show_if={"+": [1]}), "không có phép"),
        (lambda spec: first(spec).update(known_as=""), "is_locked"),
        (lambda spec: first(spec).update(rules={"pattern": "(a+)+"}), "mẫu lặp"),
        (lambda spec: first(spec).update(options=[{"code": "a", "label": "A"}]), "options"),
        (lambda spec: spec["pages"][2].update(code="xem-lai"), "xem-lai"),
        (lambda spec: spec["pages"][0].update(show_if={"==": [1, 1]}), "trang đầu"),
    ):
        told = _broken(change)
        assert any(words in each for each in told), (words, told)


@pytest.mark.parametrize("letter", ["\\u0000", "\\ud800", "\\u0007"])
def test_letters_that_no_database_keeps_are_refused(letter: str) -> None:
    """However deep they stand, and not only once somebody publishes the form."""
    sent = json.dumps(SPEC)
    for place in ('{"==": [{"var": "x"}, "%s"]}', '{"%s": 1}'):
        spec = json.dumps(SPEC | {"title": "THERE"}).replace('"THERE"', place % letter)
        with pytest.raises(SpecError, match="ký tự lạ"):
            read_spec(spec)
    assert read_spec(sent)  # negative control


@pytest.mark.parametrize("pattern", ["((a+))+", "(a|a)*", "(a|a)" * 30, "a*a*a*", r"(a+)\1", "(?=a)a"])
def test_no_pattern_keeps_the_server_busy(pattern: str) -> None:
    """Each would go on for minutes or hours over some short answers."""
    place = "pages[0].questions[0].rules.pattern"
    rules = {"pattern": pattern, "max_length": 500}
    assert any(
        place in each for each in _broken(lambda spec: spec["pages"][0]["questions"][0].update(rules=rules))
    )


@pytest.mark.parametrize("pattern", [r"[A-Z]{2}\d{4,8}(-[A-Z]+)?", "[0-9]+/[A-Z]+", "(thửa|ô) [0-9]{1,4}"])
def test_a_harmless_pattern_is_taken(pattern: str) -> None:
    rules = {"pattern": pattern, "max_length": 500}
    assert _broken(lambda spec: spec["pages"][0]["questions"][0].update(rules=rules)) == []


def test_an_author_is_warned_of_what_is_known_already() -> None:
    spec = deepcopy(SPEC)
    spec["pages"][0]["questions"][1].pop("known_as")
    spec["pages"][0]["questions"].append({"code": "x", "label": "Ngày sinh của con", "type": "date"})
    spec["pages"][0]["questions"].append(
        {"code": "y", "label": "Y", "type": "text", "known_as": "person.shoe"}
    )
    found = {(each.code, each.place) for each in lint(read_spec(spec), dictionary())}
    assert ("asks_known_fact", "birth") in found
    assert ("asks_known_fact", "x") not in found  # somebody else's
    assert ("unknown_key", "y") in found
    assert ("known_but_not_prefilled", "phone") in found
    assert ("asks_known_fact", "birth") not in {
        (each.code, each.place) for each in lint(read_spec(SPEC), dictionary())
    }


def test_shipped_forms_are_published_once(db: None, at: datetime) -> None:
    made = publish_shipped(at)
    assert len(made) >= 4
    again = publish_shipped(at)
    assert [(each.version, each.is_new) for each in again] == [(each.version, False) for each in made]
    for each in made:
        version = each.version
        codes = [finding.code for finding in lint(spec_of(version), dictionary())]
        assert "asks_known_fact" not in codes, (version.form.code, codes)
        assert "unknown_key" not in codes


def test_json_schema_says_what_a_valid_answer_is() -> None:
    schema = json_schema(read_spec(SPEC))
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["required"] == ["name", "married"]  # what is always asked
    assert schema["properties"]["sex"]["enum"] == ["male", "female"]
    rows = schema["properties"]["children"]
    assert (rows["type"], rows["maxItems"], rows["items"]["required"]) == ("array", 3, ["child"])
    assert schema["additionalProperties"] is False
    (conditional,) = (each for each in schema["x-conditions"] if each["path"] == "spouse")
    assert conditional["show_if"] == {"==": [{"var": "married"}, True]}
    json.dumps(schema)
