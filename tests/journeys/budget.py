"""Counts what a journey costs: screens shown, taps, characters typed. Works with and without JavaScript."""

from typing import Any


class Hand:
    """`hand = Hand(page)`, then `hand.tap(locator)` and `hand.type(locator, "…")`; `hand.spent` tells the sum.

    A scan by a scanner that types like a keyboard, or a photo, is `hand.scan`: one act, no typed character.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.screens = self.taps = self.typed = 0
        page.on("framenavigated", self._shown)

    def _shown(self, frame: Any) -> None:
        if frame == self.page.main_frame and frame.url != "about:blank":
            self.screens += 1

    def open(self, address: str) -> None:
        self.page.goto(address)

    def tap(self, target: Any) -> None:
        self.taps += 1
        target.click()
        self.page.wait_for_load_state("load")

    def type(self, target: Any, text: str) -> None:
        """One tap into the field, then its letters."""
        self.taps += 1
        self.typed += len(text)
        target.fill(text)

    def choose(self, target: Any) -> None:
        self.taps += 1
        target.check(force=True)

    def scan(self, target: Any, text: str) -> None:
        self.taps += 1
        target.fill(text)

    def send_file(self, target: Any, files: Any) -> None:
        """Opening the picker and choosing."""
        self.taps += 2
        target.set_input_files(files)

    @property
    def spent(self) -> str:
        return f"{self.screens} screens, {self.taps} taps, {self.typed} characters"
