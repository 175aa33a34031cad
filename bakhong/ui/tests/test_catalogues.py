"""The translations: the committed .mo files are what the .po files make, and this room's English is complete."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from django.utils import translation
from django.utils.translation import gettext

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "locale" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["en", "vi"])
def test_compiled_catalogues_are_up_to_date(messages: ModuleType, language: str) -> None:
    committed = (ROOT / "locale" / language / "LC_MESSAGES" / "django.mo").read_bytes()
    assert committed == messages.compiled(language), "run `.venv/bin/python locale/messages.py update`"


def test_every_text_of_this_room_has_english(messages: ModuleType) -> None:
    assert messages.problems(messages.texts(ROOT / "bakhong" / "ui")) == []


def test_a_missing_or_unfit_translation_is_noticed(
    messages: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    catalog = messages.Catalog(locale="en")
    catalog.add("ngày %(day)s", string="day %(date)s")
    catalog.add("xã", string="commune")
    monkeypatch.setattr(messages, "catalogue", lambda language: catalog)
    found = messages.problems({"ngày %(day)s", "xã", "thôn"})
    assert [problem.split(":")[0] for problem in found] == ["placeholders differ", "no English"]


def test_texts_are_found_wherever_they_stand(messages: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "x.html").write_text(
        '{% load i18n ui %}{% translate "một" %}{% button _("hai") %}{% blocktranslate with a=b %}ba {{ a }}{% endblocktranslate %}'
        "{% blocktranslate count n=x|length %}bốn {{ n }}{% plural %}năm {{ n }}{% endblocktranslate %}"
    )
    (tmp_path / "x.py").write_text('_("sáu") + gettext_lazy("bảy " "tám") + ngettext("chín", "mười", n)')
    assert messages.texts(tmp_path) == {
        "một", "hai", "ba %(a)s", ("bốn %(n)s", "năm %(n)s"), "sáu", "bảy tám", ("chín", "mười"),
    }  # fmt: skip


def test_django_speaks_plainly() -> None:
    with translation.override("vi"):
        assert gettext("This field is required.") == "Cần điền ô này."
