"""Runs the scenarios and prints one table: how long, against what was promised, and the ratio of the two."""

import importlib
import os
import pkgutil
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from types import ModuleType

import bench
from bakhong.cli.database import ROOT, database
from bakhong.cli.say import say, table
from bench import Scenario


@dataclass(frozen=True)
class Measured:
    """Milliseconds."""

    median: float
    p95: float


def measure(scenario: Scenario) -> Measured:
    """Once to warm up, then `repeats` runs by each of `clients` at the same time."""
    scenario.run()

    def one_client(_: int) -> list[float]:
        return [_milliseconds(scenario) for _ in range(scenario.repeats)]

    with ThreadPoolExecutor(scenario.clients) as pool:
        times = sorted(t for one in pool.map(one_client, range(scenario.clients)) for t in one)
    return Measured(median=statistics.median(times), p95=times[min(len(times) - 1, int(len(times) * 0.95))])


def _milliseconds(scenario: Scenario) -> float:
    start = time.perf_counter()
    scenario.run()
    return (time.perf_counter() - start) * 1000


def _modules(names: list[str]) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(bench.__path__):
        if not found.name.startswith("_") and (not names or found.name in names):
            yield importlib.import_module(f"bench.{found.name}")


def main(names: list[str]) -> int:
    os.environ.setdefault("BAKHONG_DATA", str(ROOT / "var" / "bench"))
    os.environ.setdefault("BAKHONG_POOL", "1")
    rows: list[tuple[object, ...]] = [
        ("scenario", "clients", "runs", "p50 ms", "p95 ms", "promise ms", "p95/promise")
    ]
    with ExitStack() as stack:
        modules = list(_modules(names))
        if any(getattr(module, "NEEDS_DATABASE", False) for module in modules):
            stack.enter_context(database())
        for module in modules:
            for scenario in module.scenarios():
                took = measure(scenario)
                rows.append(
                    (
                        scenario.name,
                        scenario.clients,
                        scenario.clients * scenario.repeats,
                        f"{took.median:.1f}",
                        f"{took.p95:.1f}",
                        f"{scenario.promise:.0f}",
                        f"{took.p95 / scenario.promise:.2f}{'' if took.p95 <= scenario.promise else '  OVER'}",
                    )
                )
    table(rows)
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
