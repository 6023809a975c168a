"""Labels of somebody's own on the answers of a system: features, kept; heads, learned and used."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hybridcore.cards import WEIGHTS
from hybridcore.errors import OptionError, WeightsError
from hybridcore.progress import Progress
from hybridcore.store import store
from hybridcore.system import Answer, System, Teaching
from hybridcore.teach.features import Features
from hybridcore.teach.fit import Lesson
from hybridcore.teach.head import Head, label, teach
from hybridcore.teach.head_file import check_fit, from_bytes, read_head
from hybridcore.teach.labelled import Labelled


def features_key(system: System, digest: str) -> str:
    """Names the features of an input of that digest."""
    teaching = teaching_of(system)
    basis = " ".join((digest, teaching.recipe, teaching.basis))
    return f"{system.key}_features-{hashlib.sha256(basis.encode()).hexdigest()[:32]}"


def features_of(answer: Answer[Any, Any], progress: Progress | None = None) -> Features:
    """The features of an answer: stored, or computed now and then stored.

    Raises:
        MediaError: the input cannot be used any more.
    """
    found = stored_features(answer.system, answer.source.digest)
    if found is None:
        found = teaching_of(answer.system).features(answer, progress)
        store().keep(features_key(answer.system, answer.source.digest), found)
    return found


def stored_features(system: System, digest: str) -> Features | None:
    """The features of an input of that digest, if they were computed before."""
    return store().find(features_key(system, digest), Features)


def new_head(
    system: System, lessons: Sequence[Lesson], title: str, aspect: str | None = None,
    progress: Progress | None = None,
) -> Head:
    """A head for a system.

    Args:
        aspect: title of what of the features it learns from; None: what does best.

    Raises:
        TextError: there is too little to learn from.
    """
    teaching = teaching_of(system)
    aspects = {one.title: one.parts for one in teaching.aspects if aspect in (None, one.title)}
    return teach(lessons, title=title, system=system.key, recipe=teaching.recipe,
                 basis=teaching.basis, aspects=aspects, progress=progress)


def label_answer(
    head: Head, answer: Answer[Any, Any], progress: Progress | None = None
) -> Labelled:
    """What a head says of the input of an answer.

    Raises:
        MediaError: the input cannot be used any more.
        WeightsError: the head learned from what the system does not have.
    """
    features = features_of(answer, progress)
    if not head.parts.items() <= features.parts.items():
        raise WeightsError(
            f"The head “{head.title}” learned from what {answer.system.title} does not have.")
    return label(head, features)


def open_head(system: System, head: Path | bytes, name: str = "") -> Head:
    """A head from a file, from its content (``name``: of the file), or one that ships, by name.

    Raises:
        WeightsError: it is none, or none of this system as it is now.
    """
    teaching = teaching_of(system)
    if isinstance(head, bytes):
        opened = from_bytes(head, name)
    elif str(head) in teaching.heads:
        opened = read_head(WEIGHTS / f"{head}.safetensors")
    else:
        opened = read_head(head)
    check_fit(opened, system=system.key, recipe=teaching.recipe, basis=teaching.basis)
    return opened


def teaching_of(system: System) -> Teaching:
    """What the system can be taught from.

    Raises:
        OptionError: nothing.
    """
    if system.teaching is None:
        raise OptionError(f"{system.title} has no features over time to teach labels on.")
    return system.teaching
