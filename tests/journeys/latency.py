"""A slow network, for those who look for races in the journeys: `BAKHONG_TEST_LATENCY=0.4 ./dev test -m browser`."""

import os
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SECONDS = float(os.environ.get("BAKHONG_TEST_LATENCY") or 0)


def latency(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Every page comes that many seconds late: a test that does not wait for it looks at the one before, and fails."""

    def late(request: HttpRequest) -> HttpResponse:
        time.sleep(SECONDS)
        return get_response(request)

    return late
