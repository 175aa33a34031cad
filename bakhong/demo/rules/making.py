"""The whole synthetic commune from one seed."""

import random

from bakhong.demo.rules.adopting import adopt
from bakhong.demo.rules.commune import Commune, Margins
from bakhong.demo.rules.peopling import populate

SEED = 20250506


def make_commune(margins: Margins | None = None, *, seed: int = SEED) -> Commune:
    """Ngọc Phụng as it might have been on REF, with everything that led there."""
    rng = random.Random(seed)  # noqa: S311 - the same people every time is the point
    margins = margins or Margins()
    commune = Commune(margins, populate(rng, margins))
    adopt(rng, commune)
    return commune
