"""Whether an agency's seal can be put while nobody is there: its operator has left the key's secret on the server (docs/adr/0018)."""

from bakhong.documents.adapters.signing.port import is_remote
from bakhong.documents.adapters.signing.registry import providers
from bakhong.documents.queries.seals import InUse, seal_in_use
from bakhong.places.models import Unit


def puts_itself(unit: Unit) -> bool:
    return bool(kept_secret(seal_in_use(unit)))


def kept_secret(seal: InUse | None) -> str:
    """ "" where there is none, and for a seal that is confirmed elsewhere."""
    port = providers().get(seal.provider) if seal is not None else None
    if seal is None or port is None or is_remote(port):
        return ""
    return port.kept_secret(seal.account)  # type: ignore[union-attr]
