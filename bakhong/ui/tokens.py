"""The colours of Ba Không, the same as in frontend/sass/_tokens.scss (a test compares them).

Charts draw with them, and the contrast test computes with them.
"""

INK = "#10241c"
PAPER = "#ffffff"
GREEN = "#0b6b48"
GREEN_DARK = "#08452f"
AMBER = "#f6b400"
BLUE = "#1d5fa8"
ORANGE = "#a34a00"
RED = "#b3261e"
WASH = "#f3f6f2"
MUTED = "#3d4f47"
LINE = "#b5c2b9"
GREEN_WASH = "#e2f1e9"
BLUE_WASH = "#e5eef8"
ORANGE_WASH = "#fbeee0"
RED_WASH = "#fbe9e7"
TRACK = "#dde5df"  # the empty part of a bar
GHOST = "#6f8278"  # the last period, beside a bar


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, 1 to 21.

    Source: WCAG 2.2, definition of contrast ratio.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
