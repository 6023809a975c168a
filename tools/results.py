"""The results of every system for its samples, stored so that they answer at once.

``python -m tools.results [SYSTEM ...] [--again]`` writes ``assets/results``, in half precision,
each under the name by which it is looked up. What is there stays unless it is made again; what
belongs to no sample any more is removed.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any

from hybridcore.answers import key_of, run
from hybridcore.media import Input
from hybridcore.progress import progress_bar
from hybridcore.store import SHIPPED, save, store
from hybridcore.system import Reader, System
from hybridcore.systems import systems

Look = tuple[Reader, Input, dict[str, Any]]  # what a result is looked up with


def sample_looks(system: System, folder: Path) -> dict[str, Look]:
    """Reader, input and options of every result that the samples of a system need, by its name.

    There is more than one for a sample only where an option that reruns has another default for
    another kind.

    Args:
        folder: where samples are made that do not lie in a file.
    """
    looks: dict[str, Look] = {}
    for sample in system.samples:
        path = sample.path(folder)
        reader = system.reader_of(path)
        if reader is None:
            raise ValueError(f"{system.key} does not read its own sample {sample.key}")
        source = reader.open(path)
        for kind in system.kinds:
            options = system.defaults(kind.key)
            looks[key_of(system, reader, source, options)] = reader, source, options
    return looks


def make(system: System, folder: Path = SHIPPED, *, again: bool = False) -> None:
    """Store the results of a system's samples, and remove those of samples that are no more."""
    with tempfile.TemporaryDirectory() as made:
        looks = sample_looks(system, Path(made))
        for name, (reader, source, options) in looks.items():
            path = folder / f"{name}.npz"
            if again or not path.exists():
                with progress_bar(f"{system.key}: {source.name}") as progress:
                    save(run(system, reader, source, options, progress), path, half=True)
                print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")
    for path in folder.glob(f"{system.key}-*.npz"):
        if path.stem not in looks:
            path.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help="default: all of them")
    parser.add_argument("--again", action="store_true", help="make also those that are there")
    arguments = parser.parse_args()
    by_key = systems()
    if unknown := set(arguments.systems) - set(by_key):
        parser.error(f"{', '.join(sorted(unknown))} is none of {', '.join(by_key)}")
    os.environ["HYBRIDCORE_STORE"] = ""  # nothing comes from what this user kept
    store.cache_clear()
    for system in by_key.values():
        if not arguments.systems or system.key in arguments.systems:
            make(system, again=arguments.again)
    if not arguments.systems:
        for path in SHIPPED.glob("*.npz"):
            if path.name.rpartition("-")[0] not in by_key:
                path.unlink()


if __name__ == "__main__":
    main()
