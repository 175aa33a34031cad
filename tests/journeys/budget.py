"""Counts what a journey costs: screens shown, taps, characters typed. Works with and without JavaScript."""

from typing import Any


class Hand:
    """`hand = Hand(page)`, then `hand.tap(locator)` and `hand.type(locator, "…")`; `hand.spent` tells the sum.

    `site`: whose pages are counted as screens, all where it is empty.
    """

    def __init__(self, page: Any, site: str = "") -> None:
        self.page, self.site = page, site
        self.screens = self.taps = self.typed = self.bytes = 0
        page.on("framenavigated", self._shown)
        page.on("request", lambda request: self._moved(len(request.post_data_buffer or b"")))
        wire = page.context.new_cdp_session(page)
        wire.on("Network.loadingFinished", lambda event: self._moved(int(event["encodedDataLength"])))
        wire.send("Network.enable")

    def _moved(self, size: int) -> None:
        self.bytes += size

    def _shown(self, frame: Any) -> None:
        if frame == self.page.main_frame and frame.url != "about:blank" and frame.url.startswith(self.site):
            self.screens += 1

    def open(self, address: str) -> None:
        self.page.goto(address)

    def tap(self, target: Any) -> None:
        self.taps += 1
        target.click()

    def type(self, target: Any, text: str) -> None:
        """One tap into the field, then its letters."""
        self.taps += 1
        self.typed += len(text)
        target.fill(text)

    def choose(self, target: Any) -> None:
        self.taps += 1
        target.check(force=True)

    def pick(self, target: Any, value: str) -> None:
        """One tap opens a list, another chooses."""
        self.taps += 2
        target.select_option(value)

    def send_file(self, target: Any, files: Any) -> None:
        """Opening the picker and choosing."""
        self.taps += 2
        target.set_input_files(files)

    @property
    def seconds(self) -> float:
        """By the keystroke-level model on a phone: 1.1 s a tap and 1.35 s of thought before it, 0.8 s a character; waiting not counted."""
        return (1.1 + 1.35) * self.taps + 0.8 * self.typed

    @property
    def spent(self) -> str:
        return f"{self.screens} screens, {self.taps} taps, {self.typed} characters, {self.seconds:.0f} s, {self.bytes // 1000} kB"
