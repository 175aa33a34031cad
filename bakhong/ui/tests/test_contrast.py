"""Contrast of every pair of colours that text is written in."""

import pytest

from bakhong.ui.tokens import (
    AMBER,
    BLUE,
    BLUE_WASH,
    GHOST,
    GREEN,
    GREEN_DARK,
    GREEN_WASH,
    INK,
    MUTED,
    ORANGE,
    ORANGE_WASH,
    PAPER,
    RED,
    RED_WASH,
    WASH,
    contrast,
)

BODY = [
    (INK, PAPER),
    (INK, WASH),
    (INK, AMBER),
    (INK, GREEN_WASH),
    (INK, BLUE_WASH),
    (INK, ORANGE_WASH),
    (INK, RED_WASH),
    (MUTED, PAPER),
    (MUTED, WASH),
    (PAPER, GREEN_DARK),
]
OTHER = [
    (GREEN, PAPER),
    (GREEN, WASH),
    (PAPER, GREEN),
    (GREEN_DARK, WASH),
    (GREEN, GREEN_WASH),
    (BLUE, BLUE_WASH),
    (ORANGE, ORANGE_WASH),
    (RED, RED_WASH),
    (RED, PAPER),
    (PAPER, RED),
]


@pytest.mark.parametrize(("text", "ground"), BODY)
def test_body_text_is_read_in_the_sun(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 7


@pytest.mark.parametrize(("text", "ground"), OTHER)
def test_links_and_states_are_read(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


def test_graphics_are_seen() -> None:
    assert contrast(GHOST, PAPER) >= 3
    assert contrast(GREEN, PAPER) >= 3


def test_focus_is_seen_by_its_dark_outline() -> None:
    # Amber on white alone would not do: hence the outline in ink.
    assert contrast(AMBER, PAPER) < 3 <= contrast(INK, AMBER)
