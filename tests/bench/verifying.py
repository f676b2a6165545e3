"""How long `bountyhub ledger verify` takes and its memory: a million entries in the memory of a hundred thousand."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bountyhub.kit import migrate
from tests.bench.books import fill
from tests.builders.settings import play_settings
from tests.servers import postgres, process

FEW, MANY = 100_000, 1_000_000
#: Seconds for MANY. The bar is for PostgreSQL; the embedded default is told beside it.
LIMIT = 30.0
#: MiB that MANY may need on top of what FEW need: caches fill, nothing else grows.
MORE_MEMORY = 48
#: The program as it is installed; at its end it tells its peak itself: what a parent is told counts the parent's too.
PROGRAM = """
import atexit, sys
from bountyhub.cli import main
def tell():
    print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
atexit.register(tell)
main()
"""


@dataclass(frozen=True)
class Took:
    """One run: seconds by the clock, MiB at most."""

    seconds: float
    memory: int


def main() -> int:
    """Fill, verify, print; 1 when a limit is passed."""
    process.begin_run()
    try:
        with tempfile.TemporaryDirectory(prefix="bountyhub-bench-") as name:
            engines = {"PostgreSQL": _postgresql, "SQLite": lambda count: _sqlite(Path(name), count)}
            results = [_of_engine(engine, make) for engine, make in engines.items()]
    finally:
        process.end_run()
    return 0 if all(results) else 1


def _of_engine(engine: str, make: Callable[[int], str]) -> bool:
    few, many = (_measure(engine, make(count), count) for count in (FEW, MANY))
    flat = many.memory <= few.memory + MORE_MEMORY
    quick = many.seconds <= LIMIT or engine != "PostgreSQL"
    print(f"{engine}: memory {'flat' if flat else 'NOT FLAT'}, {'in time' if quick else f'TOO SLOW, limit {LIMIT} s'}")
    return flat and quick


def _measure(engine: str, url: str, count: int) -> Took:
    fill(postgres.owner_of(url), count)
    took = verify(url)
    print(f"{engine}: {count} entries in {took.seconds:.1f} s, {took.memory} MiB at most", flush=True)
    return took


def verify(url: str) -> Took:
    """Run the command as an operator does; ends the program when it finds these books wrong."""
    began = time.monotonic()
    command = [sys.executable, "-c", PROGRAM, "ledger", "verify"]
    done = subprocess.run(command, env=_environment(url), stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"verify ended with {done.returncode}: {done.stderr}")
    return Took(time.monotonic() - began, int(done.stderr.split()[-2]) // 1024)


def _environment(url: str) -> dict[str, str]:
    given = play_settings(DATABASE_URL=url).model_dump(exclude_defaults=True)
    texts = {n: v.get_secret_value() if isinstance(v, SecretStr) else str(v) for n, v in given.items()}
    return {"PATH": os.environ["PATH"], **texts}


def _postgresql(count: int) -> str:
    return postgres.create_database(f"{postgres.prefix()}_bench_{count}")


def _sqlite(folder: Path, count: int) -> str:
    url = f"sqlite:///{folder / f'{count}.db'}"
    migrate.upgrade(url)
    return url


if __name__ == "__main__":
    sys.exit(main())
