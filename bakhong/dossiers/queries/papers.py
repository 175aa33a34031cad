"""The papers that lie with a draft, or with a dossier that waits for a supplement, before they are handed in.

They need no table: a file's key is made from what it lies with, the paper and a number, so that each key tells its paper. Residents' pages
and the desk give the same keys, hence each finds what the other was sent.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from bakhong.documents.models import File

MOST_SENT = 40  # files sent for one paper, those taken back too
MOST_KEPT = 10  # files of one paper


def file_key(owner: UUID, paper: str, number: int) -> UUID:
    """The uuid of the `number`-th file sent for a paper of a draft."""
    return uuid5(owner, f"paper/{paper}/{number}")


def keys_of(owner: UUID, paper: str) -> list[UUID]:
    return [file_key(owner, paper, number) for number in range(MOST_SENT)]


def files_by_paper(owner: UUID, papers: Sequence[str]) -> dict[str, list[File]]:
    """paper → its files in the order they came, without those taken back."""
    place = {key: (paper, number) for paper in papers for number, key in enumerate(keys_of(owner, paper))}
    found: dict[str, list[File]] = {paper: [] for paper in papers}
    rows = File.objects.filter(owner=owner, erased_at=None, uuid__in=list(place))
    for file in sorted(rows, key=lambda file: place[file.uuid][1]):
        found[place[file.uuid][0]].append(file)
    return found
