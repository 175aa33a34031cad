"""The papers that lie with a draft, or with a dossier that waits for a supplement, before they are handed in.

They need no table: a file's key is made from what it lies with, the paper and a number, so that each key tells its paper. Residents' pages
and the desk give the same keys, hence each finds what the other was sent.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from bakhong.documents.models import File

MOST_SENT = 40  # files sent for one paper, those taken back too
MOST_KEPT = 10  # files of one paper
MOST_OFFERED = 20  # of what was given before


def file_key(owner: UUID, paper: str, number: int, *, is_reused: bool = False) -> UUID:
    """The uuid of the `number`-th file sent for a paper of a draft, or taken for it from what the resident gave before."""
    return uuid5(owner, f"paper/{paper}/{'reused/' if is_reused else ''}{number}")


def _keys_of(owner: UUID, paper: str) -> list[UUID]:
    """Of both kinds, in the order in which they are given out."""
    return [
        file_key(owner, paper, number, is_reused=kind)
        for number in range(MOST_SENT)
        for kind in (False, True)
    ]


def free_key(owner: UUID, paper: str, *, is_reused: bool = False) -> UUID | None:
    """The next key of a paper; None where it was sent and taken back too often."""
    keys = [file_key(owner, paper, number, is_reused=is_reused) for number in range(MOST_SENT)]
    used = set(File.objects.filter(uuid__in=keys).values_list("uuid", flat=True))
    return next((key for key in keys if key not in used), None)


def is_reused(owner: UUID, paper: str, file: File) -> bool:
    """Whether it was taken from what the resident gave before."""
    return any(file.uuid == file_key(owner, paper, number, is_reused=True) for number in range(MOST_SENT))


def kept_for(person: UUID) -> list[File]:
    """Papers somebody gave or was given before, the latest first: what a dossier may take again instead of a new photo."""
    rows = File.objects.filter(person_uuid=person, erased_at=None, revoked_at=None)
    return list(rows.order_by("-made_at")[:MOST_OFFERED])


def files_by_paper(owner: UUID, papers: Sequence[str]) -> dict[str, list[File]]:
    """paper → its files in the order they came, without those taken back."""
    place = {key: (paper, number) for paper in papers for number, key in enumerate(_keys_of(owner, paper))}
    found: dict[str, list[File]] = {paper: [] for paper in papers}
    rows = File.objects.filter(owner=owner, erased_at=None, uuid__in=list(place))
    for file in sorted(rows, key=lambda file: place[file.uuid][1]):
        found[place[file.uuid][0]].append(file)
    return found
