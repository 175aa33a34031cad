"""A moment that somebody else vouches for: an RFC 3161 time stamping authority over HTTP, for pyHanko."""

import urllib.request

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from bakhong.documents.adapters.signing.port import ProviderProblem

_TIMEOUT = 10.0
_LARGEST_ANSWER = 100_000


class Stamper(TimeStamper):
    """`url` is the operator's."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Raises: ProviderProblem(no_stamp)."""
        request = urllib.request.Request(  # noqa: S310
            self.url, req.dump(), {"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
                return tsp.TimeStampResp.load(answer.read(_LARGEST_ANSWER))
        except (OSError, ValueError):
            raise ProviderProblem("no_stamp") from None
