"""The scene labeller: a clip in, a :class:`SceneResult` out.

Frames come in chunks from a decoding thread, pass the shared encoder once, and every model reads
the same grids; each carries its state from chunk to chunk, so the chunk size changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import torch
from torch import Tensor

from hybridcore.cards import load_card
from hybridcore.encoder.encoder import SIDE, Encoder
from hybridcore.encoder.labels import object_names, scene_names
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.media import Chunk, Clip
from hybridcore.media.motion import CameraMotion
from hybridcore.progress import Progress
from hybridcore.scene.groups import GroupVotes
from hybridcore.scene.model import KINDS, Kind, SceneConfig, SceneModel, SceneOutput, SceneState
from hybridcore.scene.result import TOP, SceneResult, Track, top_of
from hybridcore.weights import load_into

CHUNK = 16


class _Collected:
    """Per-chunk arrays of one run, joined as they come.

    They are copied into a few arrays that double when full: thousands of small ones that outlive
    their chunk would lie scattered between its large buffers and keep their memory from being used
    again.
    """

    def __init__(self) -> None:
        self._rows: dict[str, np.ndarray] = {}
        self._count: dict[str, int] = {}

    def add(self, **arrays: Tensor | np.ndarray) -> None:
        for name, array in arrays.items():
            if isinstance(array, Tensor):
                array = array.float().cpu().numpy()
            at = self._count.get(name, 0)
            end = at + len(array)
            rows = self._rows.get(name)
            if rows is None or end > len(rows):
                grown = np.empty((max(2 * end, 1024), *array.shape[1:]), array.dtype)
                if rows is not None:
                    grown[:at] = rows[:at]
                rows = self._rows[name] = grown
            rows[at:end] = array
            self._count[name] = end

    def join(self, name: str) -> np.ndarray:
        """All rows of ``name``, which is then forgotten."""
        return self._rows.pop(name)[: self._count[name]].copy()


class SceneLabeler:
    """Labels the scene at every frame of a clip, with memory and without.

    >>> result = SceneLabeler.load().run(Clip.open("walk.mp4"))
    >>> result.segments("lstm")
    """

    def __init__(
        self, encoder: Encoder, models: dict[Kind, SceneModel], votes: GroupVotes
    ) -> None:
        self.encoder = encoder
        self.models = {kind: model.to(encoder.device) for kind, model in models.items()}
        self.votes = votes.to(encoder.device)

    @classmethod
    def load(cls, device: str | None = None, kinds: Iterable[Kind] = KINDS) -> SceneLabeler:
        """Read the weights of the encoder and of the models named.

        Raises:
            WeightsError: if weights are missing or are not the ones their cards name.
        """
        votes = load_into(GroupVotes(), "scene_groups")
        return cls(Encoder.load(device), {kind: load_model(kind) for kind in kinds}, votes)

    @torch.inference_mode()
    def run(
        self, clip: Clip, progress: Progress | None = None, *, chunk: int = CHUNK
    ) -> SceneResult:
        """Label every frame of ``clip``.

        ``progress(done, total)`` is called after every chunk, in frames (``total`` is an estimate);
        it stops the run by raising.

        Raises:
            MediaError: if the clip cannot be decoded.
        """
        found = _Collected()
        states: dict[Kind, SceneState | None] = dict.fromkeys(self.models)
        motion = CameraMotion()
        with ThreadPoolExecutor(1) as beside:  # camera motion uses one core: beside the encoder
            for part in clip.chunks(size=(SIDE, SIDE), length=chunk):
                moved = beside.submit(motion.step, part.frames)
                self._step(part, states, found)
                found.add(motion=moved.result())
                if progress:
                    done = part.start + len(part.frames)
                    progress(done, max(clip.info.frame_count, done))
        return self._result(clip, found)

    def _step(
        self, part: Chunk, states: dict[Kind, SceneState | None], found: _Collected
    ) -> None:
        """One chunk through the encoder and every model."""
        features = self.encoder.encode(part.frames, "scene_grid", "object_logits")
        grid = features["scene_grid"]  # [N, 1280, h, w]
        cells = grid.flatten(2).transpose(1, 2)[None]  # [1, N, L, 1280]
        for kind, model in self.models.items():
            output: SceneOutput = model(cells, states[kind])
            states[kind] = output.state
            found.add(**{
                f"{kind}.probabilities": output.logits[0].softmax(-1),
                f"{kind}.attention": output.attention[0].unflatten(-1, grid.shape[2:]),
                f"{kind}.cuts": output.cut_logits[0].sigmoid(),
                f"{kind}.inputs": output.inputs[0],
                f"{kind}.hidden": output.hidden[0],
            })
        objects = features["object_logits"].softmax(-1)  # [N, 1000]
        index, value = top_of(objects.cpu().numpy(), TOP)
        voices = value[..., None] * self.votes.votes.cpu().numpy()[index]  # [N, 5, 3]
        found.add(
            times=part.times, objects=index, object_probability=value, voices=voices,
            groups=self.votes(objects),
        )

    def _result(self, clip: Clip, found: _Collected) -> SceneResult:
        tracks = {
            kind: Track(
                kind=kind,
                probabilities=found.join(f"{kind}.probabilities"),
                attention=found.join(f"{kind}.attention"),
                cut_probability=found.join(f"{kind}.cuts"),
                inputs=found.join(f"{kind}.inputs"),
                hidden=found.join(f"{kind}.hidden"),
            )
            for kind in self.models
        }
        return SceneResult(
            width=clip.info.width, height=clip.info.height, duration=clip.info.duration,
            times=found.join("times"), tracks=tracks, objects=found.join("objects"),
            object_probability=found.join("object_probability"), groups=found.join("groups"),
            voices=found.join("voices"), motion=found.join("motion"),
            scene_names=scene_names(), object_names=object_names(),
        )


@cache
def shared_labeler() -> SceneLabeler:
    """The labeller that all sessions of a server share, loaded when first asked for."""
    return SceneLabeler.load()


def load_model(kind: Kind) -> SceneModel:
    """One scene model with its weights, on the CPU.

    Raises:
        WeightsError: if its weights are missing or are not the ones that its card names.
    """
    model = SceneModel(config=SceneConfig(**load_card(f"scene_{kind}")["config"]))
    return load_into(model, f"scene_{kind}")


def lstm_internals(model: SceneModel, result: SceneResult) -> LSTMTrace:
    """Gates, cell and hidden states of the LSTM over the clip, ``[T, H]`` each."""
    track = result.tracks["lstm"]
    device = model.classifier.weight.device
    return lstm_trace(
        model.lstm,
        torch.from_numpy(track.inputs).to(device), torch.from_numpy(track.hidden).to(device),
    )
