"""The scene labeller: a clip in, a :class:`SceneResult` out.

Frames come in chunks from a decoding thread, pass the shared encoder once, and every model reads
the same grids; each carries its state from chunk to chunk, so the chunk size changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from hybridcore.cards import load_card
from hybridcore.encoder.encoder import SIDE, Encoder, shared_encoder
from hybridcore.layers.flow import FlowRecorder
from hybridcore.media import Chunk, Clip
from hybridcore.media.motion import CameraMotion
from hybridcore.progress import Progress
from hybridcore.scene.groups import GroupVotes
from hybridcore.scene.model import KINDS, Kind, SceneConfig, SceneModel, SceneOutput, SceneState
from hybridcore.scene.result import TOP, SceneResult, Track, top_of
from hybridcore.weights import load_into

CHUNK = 16
_MEMORY: dict[Kind, str] = {"lstm": "LSTM", "tcn": "causal TCN"}  # between embedding and classifier


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


class SceneLabeller:
    """Labels the scene at every frame of a clip, with memory and without.

    >>> result = SceneLabeller.load().run(Clip.open("walk.mp4"))
    >>> result.segments
    """

    def __init__(
        self, encoder: Encoder, models: dict[Kind, SceneModel], votes: GroupVotes
    ) -> None:
        self.encoder = encoder
        self.models = {kind: model.to(encoder.device) for kind, model in models.items()}
        self.votes = votes.to(encoder.device)

    @classmethod
    def load(cls, device: str | None = None) -> SceneLabeller:
        """Read the weights of the encoder and of the models.

        Raises:
            WeightsError: if weights are missing or are not the ones their cards name.
            OptionError: if there is no such device.
        """
        votes = load_into(GroupVotes(), "scene_groups")
        return cls(shared_encoder(device), {kind: load_model(kind) for kind in KINDS}, votes)

    @torch.inference_mode()
    def run(
        self, source: Clip, progress: Progress | None = None, *, chunk: int = CHUNK
    ) -> SceneResult:
        """Label every frame of a clip with the models of every kind.

        ``progress(done, total)`` is called after every chunk, in frames (``total`` is an estimate);
        it stops the run by raising.

        Raises:
            MediaError: if the clip cannot be decoded.
        """
        collected = _Collected()
        states: dict[Kind, SceneState | None] = dict.fromkeys(self.models)
        flows = {kind: FlowRecorder() for kind in self.models}
        motion = CameraMotion()
        with ThreadPoolExecutor(1) as beside:  # camera motion uses one core: beside the encoder
            for part in source.chunks(size=(SIDE, SIDE), length=chunk):
                moved = beside.submit(motion.step, part.frames)
                self._step(part, states, flows, collected)
                collected.add(motion=moved.result())
                if progress:
                    done = part.start + len(part.frames)
                    progress(done, max(source.info.frame_count, done))
        return self._result(source, flows, collected)

    def finish(self, outputs: SceneResult, source: Clip, kind: str) -> SceneResult:
        """The same result, looked at through the model of one kind."""
        return replace(outputs, kind=kind)

    def _step(
        self, part: Chunk, states: dict[Kind, SceneState | None],
        flows: dict[Kind, FlowRecorder], collected: _Collected,
    ) -> None:
        """One chunk through the encoder and every model."""
        features = self.encoder.encode(part.frames, "grid16", "scene_grid", "object_logits")
        grid = features["scene_grid"]  # [N, 1280, h, w]
        cells = grid.flatten(2).transpose(1, 2)[None]  # [1, N, L, 1280]
        for kind, model in self.models.items():
            flow = flows[kind]
            flow.note("frames", part.frames, symbol="uint8", trained=False)
            flow.note("Lite0 trunk", features["grid16"], trained=False)
            flow.note("scene top", grid)
            with _watching(model, flow):
                output: SceneOutput = model(cells, states[kind])
            states[kind] = output.state
            probabilities = output.logits[0].softmax(-1)
            flow.note("softmax", probabilities, symbol="p_t")
            collected.add(**{
                f"{kind}.probabilities": probabilities,
                f"{kind}.attention": output.attention[0].unflatten(-1, grid.shape[2:]),
                f"{kind}.cuts": output.cut_logits[0].sigmoid(),
                f"{kind}.inputs": output.inputs[0],
                f"{kind}.hidden": output.hidden[0],
            })
        objects = features["object_logits"].softmax(-1)  # [N, 1000]
        index, value = top_of(objects.cpu().numpy(), TOP)
        voices = value[..., None] * self.votes.votes.cpu().numpy()[index]  # [N, 5, 3]
        collected.add(
            times=part.times, objects=index, object_probability=value, voices=voices,
            groups=self.votes(objects),
        )

    def _result(
        self, clip: Clip, flows: dict[Kind, FlowRecorder], collected: _Collected
    ) -> SceneResult:
        tracks: dict[str, Track] = {
            kind: Track(
                probabilities=collected.join(f"{kind}.probabilities"),
                attention=collected.join(f"{kind}.attention"),
                cut_probability=collected.join(f"{kind}.cuts"),
                inputs=collected.join(f"{kind}.inputs"),
                hidden=collected.join(f"{kind}.hidden"),
                flow=flows[kind].steps,
            )
            for kind in self.models
        }
        return SceneResult(
            kind=KINDS[0], width=clip.info.width, height=clip.info.height,
            duration=clip.info.duration, times=collected.join("times"), tracks=tracks,
            objects=collected.join("objects"),
            object_probability=collected.join("object_probability"),
            groups=collected.join("groups"), voices=collected.join("voices"),
            motion=collected.join("motion"),
        )


@contextmanager
def _watching(model: SceneModel, flow: FlowRecorder) -> Iterator[None]:
    """Record what leaves the parts of a model, of its one clip."""
    with ExitStack() as stack:
        def watch(name: str, symbol: str, module: nn.Module, output: int | None = 0) -> None:
            """``output``: which one, None where there is only one."""
            stack.enter_context(flow.watching(
                {name: module}, symbol=symbol, axis=1, batch=0,
                pick=lambda outputs: outputs if output is None else outputs[output]))

        watch("soft attention", "a_t", model.attention, 1)
        watch("attended", "y_t", model.attention)
        watch("embedding", "x_t", model.embed, None)
        kind = model.config.kind
        if kind in _MEMORY:
            watch(_MEMORY[kind], "h_t", getattr(model, kind))
        yield


def load_model(kind: Kind) -> SceneModel:
    """One scene model with its weights, on the CPU.

    Raises:
        WeightsError: if its weights are missing or are not the ones that its card names.
    """
    model = SceneModel(config=SceneConfig(**load_card(f"scene_{kind}")["config"]))
    return load_into(model, f"scene_{kind}")
