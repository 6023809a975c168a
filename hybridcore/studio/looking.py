"""The job behind a page: the networks look at a file while its copy for browsers is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hybridcore.answers import key_of, look
from hybridcore.jobs import board
from hybridcore.media.inputs import Input
from hybridcore.stages import JobProgress
from hybridcore.store import store
from hybridcore.studio import running
from hybridcore.studio.beside import LOOKING, copy_beside
from hybridcore.studio.chosen import Chosen, kept, spool
from hybridcore.studio.progress import run_job
from hybridcore.studio.streaming import show_so_far
from hybridcore.system import Reader, System


@dataclass(frozen=True)
class Looked:
    """What the job of a page gives: the outputs of the networks, and what a browser can play."""

    outputs: Any
    copy: Path | None


def looked_at(
    system: System, reader: Reader, source: Input, options: Mapping[str, Any], chosen: Chosen
) -> Looked | None:
    """Begin the job unless it is there, and show how it stands; its result once it is done."""
    key, name = key_of(system, reader, source, options), _job_name(system, reader, source, options)
    folder = spool().folder
    job = board().find(name)
    if job is not None and isinstance(job.result, Looked) and job.result.copy is not None \
            and not spool().touch(job.result.copy):
        board().forget(name)  # the copy was swept away: it is made again
    running.remember(system, name)
    # What was looked at before waits for nobody.
    return run_job(
        name, partial(_work, system, reader, source, dict(options), chosen, folder),
        size=source.duration or 1.0, quick=store().holds(key))


def _job_name(
    system: System, reader: Reader, source: Input, options: Mapping[str, Any]
) -> tuple[str, str]:
    return "look", key_of(system, reader, source, options)


def draw_so_far(
    system: System, reader: Reader, source: Input, kind: str, options: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> None:
    """What is known while the job is not done."""
    job = board().find(_job_name(system, reader, source, options))
    if job is not None:
        show_so_far(job, system, source, kind, {**options, **settings})


def _work(
    system: System, reader: Reader, source: Input, options: Mapping[str, Any], chosen: Chosen,
    folder: Path, progress: JobProgress,
) -> Looked:
    # The job may have waited for long.
    with kept(system, chosen), copy_beside(source, folder, progress) as copy:
        outputs = look(system, reader, source, options, progress.stage("Analysing", LOOKING))
        return Looked(outputs, copy.wait())
