"""The scene labeller: a clip in, a :class:`SceneResult` out.

Frames come in chunks from a decoding thread, pass the shared encoder once, and every model reads
the same grids; each carries its state from chunk to chunk, so the chunk size changes nothing. Some
frames are read closer, for their objects (:mod:`hybridcore.scene.objects`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import numpy as np
import torch
from torch import nn

from hybridcore.cards import load_card
from hybridcore.encoder.encoder import SIDE, Encoder, shared_encoder
from hybridcore.layers.flow import FlowRecorder
from hybridcore.layers.rows import Rows
from hybridcore.media import CHUNK, Chunk, Clip
from hybridcore.media.motion import CameraMotion
from hybridcore.progress import Progress, report
from hybridcore.scene.calibration import THRESHOLD, calibrate, card_temperature
from hybridcore.scene.groups import GroupVotes
from hybridcore.scene.model import KINDS, Kind, SceneConfig, SceneModel, SceneOutput, SceneState
from hybridcore.scene.objects import CLOSER, HeldObjects
from hybridcore.scene.place import PlaceProbe
from hybridcore.scene.result import TOP, SceneResult, Track, top_of
from hybridcore.weights import load_into

_MEMORY: dict[Kind, str] = {"lstm": "LSTM", "tcn": "causal TCN"}  # between embedding and classifier


class SceneLabeller:
    """Labels the scene at every frame of a clip, with memory and without.

    >>> result = SceneLabeller.load().run(Clip.open("walk.mp4"))
    >>> result.segments
    """

    def __init__(
        self, encoder: Encoder, models: dict[Kind, SceneModel], votes: GroupVotes,
        place: PlaceProbe,
    ) -> None:
        self.encoder = encoder
        self.models = {kind: model.to(encoder.device) for kind, model in models.items()}
        self.votes = votes.to(encoder.device)
        self.place = place.to(encoder.device)

    @classmethod
    def load(cls, device: str | None = None) -> SceneLabeller:
        """Read the weights of the encoder and of the models.

        Raises:
            WeightsError: if weights are missing or are not the ones their cards name.
            OptionError: if there is no such device.
        """
        votes = load_into(GroupVotes(), "scene_groups")
        place = load_into(PlaceProbe(), "scene_place")
        models = {kind: load_model(kind) for kind in KINDS}
        return cls(shared_encoder(device), models, votes, place)

    @torch.inference_mode()
    def run(
        self, source: Clip, progress: Progress | None = None, *, chunk: int = CHUNK
    ) -> SceneResult:
        """Label every frame of a clip with the models of every kind.

        ``progress(done, total)`` is called after every chunk, in frames (``total`` is an estimate);
        it stops the run by raising. What is known so far is the result of the frames so far.

        Raises:
            MediaError: if the clip cannot be decoded.
        """
        collected = Rows()
        states: dict[Kind, SceneState | None] = dict.fromkeys(self.models)
        flows = {kind: FlowRecorder() for kind in self.models}
        objects, motion = HeldObjects(self.encoder), CameraMotion()
        with ThreadPoolExecutor(1) as beside:  # camera motion uses one core: beside the encoder
            for part in source.chunks(size=(SIDE, SIDE), length=chunk, closer=CLOSER):
                moved = beside.submit(motion.step, part.frames)
                self._step(part, states, flows, objects, collected)
                collected.add(motion=moved.result())
                done = part.start + len(part.frames)
                report(progress, done, max(source.info.frame_count, done),
                       lambda: self._result(source, flows, collected.so_far))
        return self._result(source, flows, collected.join)

    def finish(
        self, outputs: SceneResult, source: Clip, kind: str, *, threshold: float = THRESHOLD
    ) -> SceneResult:
        """The same result, calibrated and looked at through the model of one kind.

        ``threshold``: what is at least as likely is said.
        """
        share = outputs.known[:, None]
        tracks = {
            key: replace(
                track,
                probabilities=calibrate(track.probabilities, card_temperature(key)) * share)
            for key, track in outputs.tracks.items()
        }
        return replace(outputs, kind=kind, tracks=tracks, threshold=threshold)

    def _step(
        self, part: Chunk, states: dict[Kind, SceneState | None],
        flows: dict[Kind, FlowRecorder], held: HeldObjects, collected: Rows,
    ) -> None:
        """One chunk through the encoder and every model."""
        features = self.encoder.encode(part.frames, "grid16", "scene_grid")
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
        objects = held.step(part)  # [N, 1000]
        index, value = top_of(objects.cpu().numpy(), TOP)
        voices = value[..., None] * self.votes.votes.cpu().numpy()[index]  # [N, 5, 3]
        collected.add(
            times=part.times, objects=index, object_probability=value, voices=voices,
            groups=self.votes(objects), place=self.place(grid),
        )

    def _result(
        self, clip: Clip, flows: dict[Kind, FlowRecorder], rows: Callable[[str], np.ndarray]
    ) -> SceneResult:
        """``rows``: gives those that were collected under a name."""
        tracks: dict[str, Track] = {
            kind: Track(
                probabilities=rows(f"{kind}.probabilities"),
                attention=rows(f"{kind}.attention"),
                cut_probability=rows(f"{kind}.cuts"),
                inputs=rows(f"{kind}.inputs"),
                hidden=rows(f"{kind}.hidden"),
                flow=flows[kind].steps,
            )
            for kind in self.models
        }
        return SceneResult(
            kind=KINDS[0], width=clip.info.width, height=clip.info.height,
            duration=clip.info.duration, times=rows("times"), tracks=tracks,
            objects=rows("objects"),
            object_probability=rows("object_probability"),
            groups=rows("groups"), voices=rows("voices"),
            motion=rows("motion"), place=rows("place"),
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
