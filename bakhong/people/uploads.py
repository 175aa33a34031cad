"""A list between being sent and being taken in: sealed in the data folder, for a day, then gone. The database keeps no file.

One file a list, `DATA/imports/<uuid>`. What a person chose for it (columns, marks, day) is kept with it.
"""

import base64
import json
import time
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from bakhong.core.errors import NotFound
from bakhong.core.ids import new_uuid
from bakhong.people.sealed import CannotOpen, seal, unseal

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Upload:
    """`fields`: (sheet, column) → field; `meanings`: unclear mark → yes or no; `actor_id`: who sent it, and alone may see it."""

    uuid: UUID
    content: bytes
    filename: str
    commune_id: int
    actor_id: str
    as_of: date | None = None
    fields: dict[tuple[str, int], str] = field(default_factory=dict)
    meanings: dict[str, bool] = field(default_factory=dict)

    def chosen(
        self, as_of: date | None, fields: dict[tuple[str, int], str], meanings: dict[str, bool]
    ) -> "Upload":
        return replace(self, as_of=as_of, fields=fields, meanings=meanings)


def keep(upload: Upload) -> Upload:
    """Write it, and drop what is older than a day."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    drop_old(folder)
    document = {
        "content": base64.b64encode(upload.content).decode(),
        "filename": upload.filename,
        "commune": upload.commune_id,
        "actor": upload.actor_id,
        "as_of": upload.as_of.isoformat() if upload.as_of else None,
        "fields": [[*place, code] for place, code in upload.fields.items()],
        "meanings": upload.meanings,
    }
    path = folder / str(upload.uuid)
    trial = path.with_suffix(".part")
    trial.touch(mode=0o600)
    trial.write_bytes(seal(json.dumps(document), _belongs_to(upload.uuid)))
    trial.replace(path)
    return upload


def new_upload(
    *, content: bytes, filename: str, commune_id: int, actor_id: str, as_of: date | None
) -> Upload:
    return keep(Upload(new_uuid(), content, filename[-200:], commune_id, actor_id, as_of))


def kept(uuid: UUID, *, commune_id: int, actor_id: str) -> Upload:
    """Raises: NotFound when it is gone, or another's."""
    path = _folder() / str(uuid)
    try:
        document: dict[str, Any] = json.loads(unseal(path.read_bytes(), _belongs_to(uuid)))
    except (OSError, CannotOpen, ValueError):
        raise NotFound(_("Tệp này không còn. Hãy gửi lại.")) from None
    if (document["commune"], document["actor"]) != (commune_id, actor_id):
        raise NotFound(_("Tệp này không còn. Hãy gửi lại."))
    return Upload(
        uuid,
        base64.b64decode(document["content"]),
        document["filename"],
        commune_id,
        actor_id,
        date.fromisoformat(document["as_of"]) if document["as_of"] else None,
        {(sheet, column): code for sheet, column, code in document["fields"]},
        document["meanings"],
    )


def drop_old(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.DATA) / "imports"


def _belongs_to(uuid: UUID) -> str:
    return f"people_upload:{uuid}"
