"""A text in both languages of the screens."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """
    >>> Words("Khai sinh", "Birth registration").of("en")
    'Birth registration'
    """

    vi: str
    en: str = ""

    def of(self, lang: str = "vi") -> str:
        return self.en if lang == "en" and self.en else self.vi

    def __str__(self) -> str:
        return self.vi
