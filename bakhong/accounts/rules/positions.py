"""Under which words somebody signs for the commune: from their position, and from the role they act in.

Source: Decree 30/2020/NĐ-CP, annex I, part II, 7 (KT.: for the head, by a deputy; TUQ.: by who was authorised).
"""

from collections.abc import Collection
from dataclasses import dataclass

from bakhong.core.text import name_key

CHAIR = "Chủ tịch"
DEPUTY = "Phó Chủ tịch"
AUTHORISED = "Người được uỷ quyền"


@dataclass(frozen=True)
class Seat:
    """What stands above and below a signature; `authority` is empty for the chair themself."""

    name: str
    position: str
    authority: str = ""

    @property
    def words(self) -> str:
        """
        >>> Seat("Hà Văn An", "Phó Chủ tịch", "KT. Chủ tịch").words
        'KT. Chủ tịch, Phó Chủ tịch Hà Văn An'
        """
        return f"{self.authority}, {self.title}" if self.authority else self.title

    @property
    def title(self) -> str:
        return f"{self.position} {self.name}".strip()


def seat(name: str, position: str, roles: Collection[str]) -> Seat:
    """`position` as the roster has it ("" where they are not in it), `roles` held at the commune.

    >>> seat("An", "Phó Chủ tịch UBND xã", ["chair"])
    Seat(name='An', position='Phó Chủ tịch', authority='KT. Chủ tịch')
    >>> seat("An", "", ["deputy_chair"]).authority, seat("An", "Chủ tịch UBND xã", ["chair"]), seat("An", "", ["chair"]).position
    ('KT. Chủ tịch', Seat(name='An', position='Chủ tịch', authority=''), 'Chủ tịch')
    >>> seat("An", "Công chức Tư pháp - hộ tịch", ["certifier"])
    Seat(name='An', position='Công chức Tư pháp - hộ tịch', authority='TUQ. Chủ tịch')
    >>> seat("An", "Chủ tịch Hội Nông dân", ["certifier"]).authority
    'TUQ. Chủ tịch'
    """
    key = name_key(position)
    if key.startswith("pho chu tich") or (not key and "deputy_chair" in roles):
        return Seat(name, DEPUTY, f"KT. {CHAIR}")
    if "chair" in roles or key.startswith(("chu tich ubnd", "chu tich uy ban")):
        return Seat(name, CHAIR)
    return Seat(name, position or AUTHORISED, f"TUQ. {CHAIR}")
