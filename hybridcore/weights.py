"""Weights that this project trained, each with its model card.

``assets/weights/NAME.safetensors`` holds a state dict (float16 where it costs nothing) and
``NAME.json`` its card: architecture, data, command, seed, metrics, and the SHA-256 of the weights,
which is checked whenever they are loaded. Networks of others that ONNX Runtime runs as they are lie
there as ``NAME.onnx``, with such a card. Nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from hybridcore.cards import WEIGHTS, load_card, write_card
from hybridcore.errors import WeightsError

M = TypeVar("M", bound=nn.Module)

def load_weights(name: str, folder: Path = WEIGHTS) -> dict[str, Tensor]:
    """The state dict of ``name`` in float32, after its hash was checked against the card.

    Raises:
        WeightsError: if the file is missing, is not safetensors or is not the one the card names.
    """
    content = _checked(f"{name}.safetensors", name, folder)
    try:
        return {key: value.float() for key, value in load(content).items()}
    except SafetensorError as error:
        raise WeightsError(f"{name}.safetensors is not a safetensors file.") from error


def load_graph(name: str, folder: Path = WEIGHTS) -> bytes:
    """The ONNX network ``name``, after its hash was checked against the card.

    Raises:
        WeightsError: if the file is missing or is not the one the card names.
    """
    return _checked(f"{name}.onnx", name, folder)


def _checked(file: str, name: str, folder: Path) -> bytes:
    """The content of ``file``, which is the one that the card of ``name`` is about."""
    expected = load_card(name, folder).get("sha256")
    try:
        content = (folder / file).read_bytes()
    except OSError as error:
        raise WeightsError(f"The weights {file} are missing: clone the project again.") \
            from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise WeightsError(
            f"The weights {file} are not the ones that their card names: clone the project "
            "again, or train them again to write a new card."
        )
    return content


def load_into(module: M, name: str, folder: Path = WEIGHTS) -> M:
    """Load ``name`` into ``module`` and return it in eval mode.

    Raises:
        WeightsError: as :func:`load_weights`, or if a name or a shape does not match.
    """
    try:
        module.load_state_dict(load_weights(name, folder))
    except RuntimeError as error:
        raise WeightsError(
            f"The weights {name}.safetensors do not fit the network that they are loaded into."
        ) from error
    return module.eval()


def save_weights(
    module: nn.Module, name: str, card: dict[str, Any], folder: Path = WEIGHTS
) -> None:
    """Write ``module`` as float16 and its card with the hash and the parameter count."""
    state = {
        key: value.detach().cpu().to(torch.float16).contiguous()
        for key, value in module.state_dict().items()
    }
    content = save(state)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.safetensors").write_bytes(content)
    card = {
        "name": name,
        **card,
        "parameters": sum(p.numel() for p in module.parameters()),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    write_card(card, folder)
