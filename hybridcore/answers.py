"""From an input to the answer of a system: looked up if it is stored, otherwise run now."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from typing import Any

from hybridcore.cards import load_card
from hybridcore.media.inputs import Input
from hybridcore.progress import Progress
from hybridcore.store import store
from hybridcore.system import Answer, Model, Reader, System
from hybridcore.systems import systems

_models: dict[tuple[str, str | None], Model[Any, Any, Any]] = {}
_loading = threading.RLock()  # a system that needs another loads it while it is loaded itself


def shared_model(system: System, device: str | None = None) -> Model[Any, Any, Any]:
    """The networks of a system with all its kinds, loaded once a process and device.

    Raises:
        WeightsError: weights are missing or are not the ones their cards name.
        OptionError: there is no such device.
    """
    with _loading:
        if (system.key, device) not in _models:
            _models[system.key, device] = system.load(device)
        return _models[system.key, device]


def weights_digest(system: System, reader: Reader) -> str:
    """One hash over all weights that an answer for inputs of this reader depends on."""
    parts = [load_card(name).get("sha256", "") for name in system.all_cards]
    parts += [system.version] if system.version else []
    for key in reader.needs:
        needed = systems()[key]
        parts.append(weights_digest(needed, _reader_of(needed, reader)))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def key_of(system: System, reader: Reader, source: Input, options: Mapping[str, Any]) -> str:
    """Names the outputs of the networks: input, weights and the options that need a new look."""
    basis = json.dumps(
        [source.digest, weights_digest(system, reader), _rerunning(system, options)],
        sort_keys=True, default=str)
    return f"{system.key}-{hashlib.sha256(basis.encode()).hexdigest()[:32]}"


def look(
    system: System, reader: Reader, source: Input, options: Mapping[str, Any],
    progress: Progress | None = None, *, device: str | None = None,
) -> Any:
    """The outputs of the networks of every kind for an input: stored, or run now and then stored.

    Raises:
        MediaError: the input cannot be used.
        WeightsError: as :func:`shared_model`.
    """
    key = key_of(system, reader, source, options)
    outputs = store().find(key, system.output_type)
    if outputs is None:
        outputs = run(system, reader, source, options, progress, device=device)
        store().keep(key, outputs)
    return outputs


def run(
    system: System, reader: Reader, source: Input, options: Mapping[str, Any],
    progress: Progress | None = None, *, device: str | None = None,
) -> Any:
    """As :func:`look`, but the system itself runs whatever is stored, and nothing of it is kept."""
    needed = {}
    for key in reader.needs:
        other = systems()[key]
        defaults = other.defaults(other.kinds[0].key)
        outputs = look(
            other, _reader_of(other, reader), source, defaults, _unwatched(progress), device=device)
        model = shared_model(other, device)
        needed[key] = finish(other, model, outputs, source, other.kinds[0].key, defaults).result
    return shared_model(system, device).run(
        source, progress, **_rerunning(system, options), **needed)


def finish(
    system: System, model: Model[Any, Any, Any], outputs: Any, source: Input, kind: str,
    options: Mapping[str, Any],
) -> Answer[Any, Any]:
    """The answer of one kind of model, from the outputs of the networks."""
    result = model.finish(outputs, source, kind, **_finishing(system, options))
    return Answer(system, source, kind, result, dict(options), model, outputs)


def _finishing(system: System, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that ``Model.finish`` takes."""
    return {key: value for key, value in options.items() if key not in _rerunning(system, options)}


def _rerunning(system: System, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that ``Model.run`` takes."""
    return {o.key: options[o.key] for o in system.options if o.rerun and o.key in options}


def _unwatched(progress: Progress | None) -> Progress | None:
    """The same, for the work of another system, whose outputs nobody looks at."""
    return None if progress is None else lambda done, total: progress(done, total)


def _reader_of(system: System, reader: Reader) -> Reader:
    """The reader of another system for the same kind of file."""
    same = system.reader(reader.kind)
    if same is None:
        raise ValueError(f"{system.key} reads no {reader.kind}")
    return same
