"""What is known of an input while its job runs: the player, whose strips grow.

The work offers its outputs so far (:func:`hybridcore.progress.report`). They are shown as those of
an input that ends there would be: a view is made of them, and what it adds to the last one goes to
the browser (:mod:`hybridcore.growth`). That is done once for everybody who looks at the same job,
and seldom enough to take little of the time of the work.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from hybridcore.answers import finish, shared_model
from hybridcore.errors import HybridCoreError
from hybridcore.growth import difference
from hybridcore.jobs import Job
from hybridcore.media.inputs import Input
from hybridcore.media.picture import jpeg
from hybridcore.packing import pack
from hybridcore.studio.beside import FILM
from hybridcore.studio.chosen import first_picture
from hybridcore.studio.fingerprint import fingerprint
from hybridcore.studio.player import synced_player
from hybridcore.studio.seeking import asked
from hybridcore.system import System
from hybridcore.view import NEWS, Part, Parts, PlayerView

_LOOK_SECONDS = 0.15  # between two looks at what is known
_SHARE = 0.15  # of a core that making views may take


class GrowingView:
    """The view of what is known so far. Several sessions use it at the same time.

    Attributes:
        view: the latest.
        parts: how a browser gets it.
    """

    def __init__(self, first: PlayerView) -> None:
        self.view = first
        self._tree = first.tree()
        self.parts = Parts(uuid.uuid4().hex, Part(0, pack(self._tree)))
        self._lock = threading.Lock()
        self._outputs: Any = None
        self._due = 0.0

    def update(self, outputs: Any, draw: Callable[[Any], PlayerView | None]) -> None:
        """Show these outputs, unless they are shown or the last ones came a moment ago.

        draw: makes their view; None where there is nothing to see yet.
        """
        with self._lock:
            now, began = time.monotonic(), time.thread_time()
            if outputs is None or outputs is self._outputs or now < self._due:
                return
            self._outputs = outputs
            view = draw(outputs)
            if view is not None:
                self._grow(view)
            self._due = now + (time.thread_time() - began) / _SHARE

    def _grow(self, view: PlayerView) -> None:
        tree, parts = view.tree(), self.parts
        change = difference(self._tree, tree)
        self.view, self._tree = view, tree
        if change is None:
            return
        newest = parts.news[-1].revision if parts.news else parts.whole.revision
        part, whole = Part(newest + 1, pack(change)), parts.whole
        if part.revision - whole.revision >= NEWS // 2:
            whole = Part(part.revision, pack(tree))
        self.parts = Parts(parts.name, whole, (*parts.news, part)[-NEWS:])


def show_so_far(
    job: Job[Any], system: System, source: Input, kind: str, options: Mapping[str, Any]
) -> None:
    """Show what is known of an input that lasts; nothing of one that does not.

    While the job lives only this element refreshes; at its end the page runs again.
    """
    if not source.duration:
        return
    growing = job.progress.so_far.setdefault(
        f"view {kind} {fingerprint(options)}", GrowingView(_still_view(source.digest, source)))
    show = _show if job.finished else st.fragment(_follow, run_every=_LOOK_SECONDS)
    show(job, growing, system, source, kind, options)


def _follow(job: Job[Any], *shown: Any) -> None:
    if job.finished:
        st.rerun()
    _show(job, *shown)


def _show(
    job: Job[Any], growing: GrowingView, system: System, source: Input, kind: str,
    options: Mapping[str, Any],
) -> None:
    so_far, first = job.progress.so_far, _still_view(source.digest, source)

    def draw(outputs: Any) -> PlayerView | None:
        return view_so_far(system, source, kind, options, outputs, first)

    growing.update(so_far.get("outputs"), draw)
    synced_player(growing.view, key=system.key, video=so_far.get(FILM), film=source.digest,
                  parts=growing.parts, seek=asked(system.key))


def view_so_far(
    system: System, source: Input, kind: str, options: Mapping[str, Any], outputs: Any,
    first: PlayerView,
) -> PlayerView | None:
    """The view of outputs so far; None where they hold nothing to see yet.

    first: the view before anything was known.
    """
    try:
        answer = finish(system, shared_model(system), outputs, source, kind, options)
        view = system.view(answer, 0)
    except HybridCoreError:  # it is said at the end, if it is still so
        return None
    # Until all is known the input plays with its own sound, from its beginning.
    return None if view is None else replace(
        view, video=None, track=None, poster=first.poster, length=source.duration, start=0)


@st.cache_resource(max_entries=16, show_spinner=False)
def _still_view(digest: str, _source: Input) -> PlayerView:
    """The video alone, before anything is known, with its first picture until it plays."""
    try:
        still = first_picture(digest, _source)
    except HybridCoreError:  # the job says so
        still = None
    if still is None:
        return PlayerView(times=np.zeros(1), length=_source.duration)
    return PlayerView(
        times=np.zeros(1), length=_source.duration, size=(still.shape[1], still.shape[0]),
        poster=jpeg(still, max(still.shape)), alt=f"The clip {_source.name}")
