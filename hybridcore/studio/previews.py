"""Every system at work on its first sample, small: its video or picture with the result over it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from hybridcore.answers import finish, look, shared_model
from hybridcore.errors import MediaError
from hybridcore.jobs import Job, board
from hybridcore.media.picture import jpeg
from hybridcore.stages import JobProgress
from hybridcore.studio.chosen import spool
from hybridcore.studio.component import SHOWN, declare, serve
from hybridcore.studio.thumbs import sample_thumb
from hybridcore.system import Answer, At, System
from hybridcore.view import PlayerView, SentenceView

_SIDE = 320  # px, of a picture with a headline
_component = declare("preview", *SHOWN, "clock.js", "preview.js")


@dataclass(frozen=True)
class Preview:
    """What a preview shows. video: what a browser can play; None: a sentence over its picture."""

    view: PlayerView | SentenceView
    payload: bytes
    video: Path | str | None


def find_preview(system: System) -> Job[Preview] | None:
    """The job that makes a preview, if it was begun and what it made is still there."""
    name = _name(system)
    job: Job[Any] | None = board().find(name)
    if job is not None and isinstance(job.result, Preview) and not _kept(job.result):
        board().forget(name)  # the copy was swept away: it is made again
        return None
    return job


def preview_job(system: System) -> Job[Preview]:
    """The job that makes a preview, begun unless it is there; no visitor owns it."""
    return find_preview(system) or board().submit(
        _name(system), partial(_make, system, spool().folder))


def show_preview(system: System, preview: Preview | None) -> bool:
    """Show a preview, or the sample's thumbnail while there is none; whether it was clicked."""
    key = f"{system.key}.preview"
    data: dict[str, Any] = {
        "title": system.title, "payload": None, "video": None, "picture": None, "words": None,
        "alt": f"{system.title} at work on “{system.samples[0].title}”",
        "poster": serve(sample_thumb(system, system.samples[0]), "image/jpeg", f"{key}.poster"),
    }
    if preview is not None:
        data["payload"] = serve(preview.payload, "application/octet-stream", f"{key}.payload")
        if isinstance(preview.view, SentenceView):
            data["words"] = [word for word in preview.view.words if not word.startswith("<")]
            data["picture"] = serve(preview.view.picture, "image/jpeg", f"{key}.picture")
        else:
            video = preview.video
            data["video"] = serve(str(video), "video/mp4", f"{key}.video") \
                if isinstance(video, Path) else video
    result = _component(key=key, data=data, on_open_change=lambda: None)
    return bool(result["open"])


def _name(system: System) -> tuple[str, str]:
    return "preview", system.key


def _kept(preview: Preview) -> bool:
    """Put off the removal of what a preview plays; whether it is still there."""
    return not isinstance(preview.video, Path) or spool().touch(preview.video)


def _make(system: System, folder: Path, progress: JobProgress) -> Preview:
    sample, kind = system.samples[0], system.kinds[0].key
    path, options = sample.path(folder), system.defaults(kind)
    reader = system.reader_of(path)
    if reader is None:
        raise MediaError(f"{system.title} does not read its own sample.")
    source = reader.open(path, name=sample.title, digest=None)
    outputs = look(system, reader, source, options, progress.stage("Analysing"))
    answer = finish(system, shared_model(system), outputs, source, kind, options)
    view = system.view(answer, 0)
    if view is not None:
        video = view.video or source.browser_copy(folder, progress.stage("Preparing the video"))
        return Preview(view, view.to_bytes(), video)
    sentence = system.sentence_view(answer, At()) or _headline(answer)
    return Preview(sentence, sentence.to_bytes(), None)


def _headline(answer: Answer[Any, Any]) -> SentenceView:
    """The answer in a line, over a picture of the input, where nothing else is shown of it.

    Raises:
        MediaError: there is no picture of it.
    """
    picture = answer.source.thumbnail(_SIDE)
    if picture is None:
        raise MediaError(f"{answer.system.title} shows nothing of its own sample.")
    words = answer.system.headline(answer).split()
    return SentenceView(picture=jpeg(picture), size=(picture.shape[1], picture.shape[0]),
                        words=words, probabilities=np.ones(len(words)))
