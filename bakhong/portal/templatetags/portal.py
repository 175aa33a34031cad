"""`{% load portal %}`: words of the catalogue and of forms in the page's language."""

from typing import Any

from django import template

from bakhong.ui.figures import language

register = template.Library()


@register.filter
def said(words: Any) -> str:
    """A text that comes in both languages, whatever room wrote it: `of(lang)`, `in_language(lang)`, `name(lang)` or `in_words(lang)`."""
    for name in ("of", "in_language", "name", "in_words"):
        ask = getattr(words, name, None)
        if callable(ask):
            return str(ask(language()))
    return str(words or "")
