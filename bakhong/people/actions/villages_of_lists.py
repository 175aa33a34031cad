"""Which village a list means, and making those it names that are not there yet."""

import re
from collections import Counter, defaultdict
from datetime import date, datetime

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.core.text import identity_key, name_key, squeeze
from bakhong.places.actions import create_villages
from bakhong.places.models import Level, Unit
from bakhong.places.permissions import MANAGE_VILLAGES
from bakhong.places.rules.naming import KINDS, VILLAGE_KINDS, readings

_PLAIN_KINDS = {name_key(KINDS[code].vi): code for code in VILLAGE_KINDS}
LONGEST = 60


class Villages:
    """The villages of a commune, asked for by the words of a list. Made ones are in `made`: words → unit."""

    def __init__(self, commune: Unit, as_of: date, by: Actor, at: datetime) -> None:
        self.commune, self.as_of, self.by, self.at = commune, as_of, by, at
        self.made: dict[str, Unit] = {}
        self._known: dict[str, tuple[Unit | None, str]] = {}
        ids = covered_ids([commune.pk], max(as_of, commune.valid_from or as_of))
        units = Unit.objects.filter(pk__in=ids, level=Level.VILLAGE)
        self._units = [unit for unit in units if unit.valid_to is None or unit.valid_to > as_of]
        self._index()

    def _index(self) -> None:
        self._exact: dict[str, list[Unit]] = defaultdict(list)
        self._bare: dict[str, list[Unit]] = defaultdict(list)
        self._plain: dict[str, list[Unit]] = defaultdict(list)
        for unit in self._units:
            self._exact[identity_key(unit.full_name)].append(unit)
            self._bare[identity_key(unit.name)].append(unit)
            self._plain[name_key(unit.name)].append(unit)

    def named(self, words: str) -> tuple[Unit | None, str]:
        """The village, and a problem's code: "" (known), `village_created`, `village_ambiguous`, `village_unknown`, `village_missing`."""
        key = identity_key(words)
        if key not in self._known:
            self._known[key] = self._find(words)
        return self._known[key]

    def _find(self, words: str) -> tuple[Unit | None, str]:
        kind, bare = _parted(words)
        if not bare:
            return None, "village_missing"
        exact = self._exact.get(identity_key(f"{KINDS[kind].vi} {bare}"), []) if kind else []
        for found in (exact, self._bare.get(identity_key(bare), []), self._plain.get(name_key(bare), [])):
            if len(found) == 1:
                return found[0], ""
            if found:
                return None, "village_ambiguous"
        made = self._make(kind or self._usual_kind(), bare)
        if made is None:
            return None, "village_unknown"
        self.made[words] = made
        self._units.append(made)
        self._index()
        return made, "village_created"

    def _make(self, kind: str, bare: str) -> Unit | None:
        if len(bare) > LONGEST or not self.by.may(MANAGE_VILLAGES, self.commune.pk):
            return None
        if bare.isupper() or bare.islower():
            bare = bare.title()
        try:
            return create_villages(
                commune=self.commune,
                villages=[(kind, bare)],
                valid_from=self.commune.valid_from or self.as_of,
                by=self.by,
                at=self.at,
            )[0]
        except Refusal:
            return None

    def _usual_kind(self) -> str:
        kinds = Counter(unit.kind for unit in self._units)
        if kinds:
            usual: str = kinds.most_common(1)[0][0]
            return usual
        return "thon" if self.commune.kind in ("xa", "dac_khu") else "to_dan_pho"


def _parted(words: str) -> tuple[str, str]:
    """Kind ("" where none is said) and name.

    >>> _parted("THÔN XUÂN THÀNH"), _parted("thon 01"), _parted("3.0"), _parted("T5")
    (('thon', 'XUÂN THÀNH'), ('thon', '1'), ('', '3'), ('thon', '5'))
    """
    text = squeeze(words).strip(" .,:;-–")
    text = re.sub(r"^(\d+)\.0$", r"\1", text)
    if match := re.fullmatch(r"(?i)t\.? ?(\d{1,2}[a-z]?)", text):
        return "thon", match[1]
    text = re.split(r"(?i)\s*[,(]\s*|\s+[-–]\s+|\s+(?=(?:xã|phường|thị trấn)\s)", text)[0]
    kind, bare = "", text
    kinds, rest = readings(text)[0]
    village_kinds = [code for code in kinds if code in VILLAGE_KINDS]
    if village_kinds:
        kind, bare = village_kinds[0], rest
    else:
        for length in (3, 2, 1):
            parts = text.split(" ")
            code = _PLAIN_KINDS.get(name_key(" ".join(parts[:length])))
            if code and len(parts) > length:
                kind, bare = code, " ".join(parts[length:])
                break
    bare = re.sub(r"^0+(?=\d)", "", bare.strip(" .:-–"))
    return kind, bare
