"""A head as one small safetensors file: tensors, and all else as text in its header.

A head comes from anybody, so nothing of it is believed: the file holds tensors and text, never
code; names, sizes and numbers are checked before a network is made of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import cattrs
import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from hybridcore.errors import HybridCoreError, WeightsError
from hybridcore.teach.head import Head
from hybridcore.teach.held_out import HeldOut, Score
from hybridcore.teach.marks import MOST_NAMES, check_name
from hybridcore.teach.network import HeadConfig, HeadNetwork
from hybridcore.teach.projection import COMPONENTS

MOST_BYTES = 8 << 20
_FORMAT = 1
_KEY = "hybridcore.head"  # of the header
_MOST_TITLE = 60  # letters
_MOST_HIDDEN = 256

T = TypeVar("T")


@dataclass(frozen=True)
class _Told:
    """What the header says, as :class:`Head` has it; ``hidden`` and ``memory`` of its network."""

    format: int
    title: str
    system: str
    recipe: str
    basis: str
    aspect: str
    parts: dict[str, int]
    names: tuple[str, ...]
    hidden: int
    memory: bool
    strange: float
    marked: tuple[float, ...]
    held_out: HeldOut
    compared: dict[str, Score]


def to_bytes(head: Head) -> bytes:
    """The file, its tensors in half precision."""
    config = head.network.config
    told = _Told(
        format=_FORMAT, title=head.title, system=head.system, recipe=head.recipe, basis=head.basis,
        aspect=head.aspect, parts=dict(head.parts), names=head.names, hidden=config.hidden,
        memory=config.memory, strange=head.strange, marked=head.marked, held_out=head.held_out,
        compared=dict(head.compared))
    tensors = {name: value.half().contiguous() for name, value in
               head.network.state_dict().items()}
    return save(tensors, {_KEY: json.dumps(asdict(told))})


def from_bytes(content: bytes, name: str) -> Head:
    """The head that a file holds.

    Args:
        name: of the file, for messages.

    Raises:
        WeightsError: it holds none, or one that cannot be true; one sentence says so.
    """
    if len(content) > MOST_BYTES:
        raise WeightsError(
            f"{name} has {len(content) / 1e6:.0f} MB, and a head has at most "
            f"{MOST_BYTES / 1e6:.0f}.")
    try:
        tensors = load(content)
        told = _read_header(content)
        _check(told)
        network = HeadNetwork(config=HeadConfig(
            inputs=sum(told.parts.values()), classes=len(told.names), hidden=told.hidden,
            width=COMPONENTS * len(told.parts), memory=told.memory))
        expected = {key: value.shape for key, value in network.state_dict().items()}
        if {key: value.shape for key, value in tensors.items()} != expected:
            raise ValueError("its tensors do not fit its description")
        if not all(value.is_floating_point() and bool(torch.isfinite(value).all())
                   for value in tensors.values()):
            raise ValueError("it holds what is no number")
        network.load_state_dict({key: value.float() for key, value in tensors.items()})
    except SafetensorError as error:
        raise WeightsError(f"{name} is not a safetensors file.") from error
    except (ValueError, KeyError, TypeError, RecursionError, HybridCoreError,
            cattrs.BaseValidationError) as error:
        said = str(error) if isinstance(error, ValueError | HybridCoreError) and not isinstance(
            error, json.JSONDecodeError | UnicodeDecodeError) else "its description is damaged"
        raise WeightsError(f"{name} is not a head that can be used: {said.rstrip('.')}.") from error
    return Head(
        title=told.title, system=told.system, recipe=told.recipe, basis=told.basis,
        aspect=told.aspect, parts=told.parts, names=told.names, network=network.eval(),
        strange=told.strange, marked=told.marked, held_out=told.held_out, compared=told.compared)


def read_head(path: Path) -> Head:
    """As :func:`from_bytes`, of a file.

    Raises:
        WeightsError: also where there is no such file.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise WeightsError(f"There is no head {path}.") from error
    return from_bytes(content, path.name)


def check_fit(head: Head, *, system: str, recipe: str, basis: str) -> None:
    """Raise unless a head was taught on the features that a system has now.

    Raises:
        WeightsError: it was not; the sentence says what to do.
    """
    if head.system != system:
        raise WeightsError(
            f"The head “{head.title}” was taught on {head.system}, and this is {system}.")
    if (head.recipe, head.basis) != (recipe, basis):
        raise WeightsError(
            f"The head “{head.title}” was taught on the features of another version of HybridCore; "
            "teach it again from its marks.")


def _read_header(content: bytes) -> _Told:
    """The description in the header of a file that was read as safetensors already."""
    length = int.from_bytes(content[:8], "little")
    metadata = json.loads(content[8 : 8 + length]).get("__metadata__") or {}
    if _KEY not in metadata:
        raise ValueError("it was not saved by HybridCore")
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in (int, float, str, bool):  # as they are: nothing is made of something else
        converter.register_structure_hook(kind, _exactly(kind))
    return converter.structure(json.loads(metadata[_KEY]), _Told)


def _exactly(kind: type[T]) -> Callable[[object, object], T]:
    def take(value: object, _: object) -> T:
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise TypeError(f"a {kind.__name__} is expected")
        return value

    return take


def _check(told: _Told) -> None:
    """Raise unless a description can be true.

    Raises:
        ValueError, TextError: it cannot.
    """
    for name in told.names:
        check_name(name)
    if told.format != _FORMAT:
        raise ValueError(f"it has format {told.format}, and this version reads {_FORMAT}")
    if not 2 <= len(set(told.names)) == len(told.names) <= MOST_NAMES:
        raise ValueError(f"a head has 2 to {MOST_NAMES} labels, each once")
    if not all(0 < len(title) <= _MOST_TITLE and title.isprintable()
               for title in (told.title, told.aspect, *told.compared)):
        raise ValueError("a title of it cannot be shown")
    if not 1 <= told.hidden <= _MOST_HIDDEN or not 1 <= len(told.parts) <= 8 or not all(
            1 <= columns <= 8192 for columns in told.parts.values()):
        raise ValueError("its sizes are out of bounds")
    held, scores = told.held_out, [
        told.held_out.memory, told.held_out.still, *told.compared.values()]
    numbers = [told.strange, *told.marked, held.seconds, *(score.seconds for score in scores)]
    if len(told.marked) != len(told.names) or not np.isfinite(numbers).all() or min(numbers) < 0:
        raise ValueError("its figures are no figures")
    if not all(0 <= count <= held.stretches for count in (
            held.most, *(score.right for score in scores))) or any(
            score.seconds > held.seconds + 1e-6 for score in scores):
        raise ValueError("its figures are no figures")
    for name in held.once:
        check_name(name)
