"""Bring your own CNN + LSTM: any module that keeps three names, as a system with page and command.

:func:`own_system` makes a :class:`~hybridcore.system.System` of it, for a Python file that is named
when the server or the command starts (:mod:`hybridcore.systems`). The module has

* ``read(frames)``: frames float32 ``[1, T, C, h, w]`` in 0..1 -> what its CNN makes of every frame,
  ``[1, T, D]``;
* ``lstm``: an ``nn.LSTM(D, H, batch_first=True)`` of one layer in one direction;
* ``classify``: hidden states ``[..., H]`` -> logits ``[..., classes]``.

:class:`hybridcore.lab.hybrid.HybridCNNRNN` is one. Beside it stands the same network whose
memory is erased before every frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
import torch
from torch import Tensor, nn

from hybridcore.cards import ASSETS
from hybridcore.errors import OptionError
from hybridcore.figures import PALETTE, every, lay_out, seconds_axis
from hybridcore.layers.recurrent import lstm_trace
from hybridcore.media import Clip
from hybridcore.progress import Progress, report
from hybridcore.system import Answer, At, Chart, Export, Kind, Reader, Sample, States, System, lazy
from hybridcore.text import percent, write_csv
from hybridcore.view import Panel, PlayerView, Series, Strip

_FIRST = 5  # labels in the bars, at most
_SAMPLES = (Sample(
    "rendered-tour", "Rendered tour", "Four scenes, rendered by this project.",
    ASSETS / "samples" / "rendered-tour.mp4", ASSETS / "samples" / "rendered-tour.jpg"),)
KINDS = (Kind("lstm", "LSTM"), Kind("frame", "Memory erased", memory=False))


class OwnModule(Protocol):
    """What a module has to have."""

    lstm: nn.LSTM
    classify: Callable[[Tensor], Tensor]

    def read(self, frames: Tensor) -> Tensor: ...


@dataclass(frozen=True)
class OwnOutputs:
    """times float64 ``[T]``, s; features ``[T, D]`` of every frame and hidden states ``[T, H]``,
    float32; probabilities float32 ``[T, C]`` with memory and, as ``erased``, without."""

    times: np.ndarray
    features: np.ndarray
    hidden: np.ndarray
    probabilities: np.ndarray
    erased: np.ndarray


@dataclass(frozen=True)
class OwnResult:
    """What one kind says: times ``[T]``, s; p float32 ``[T, C]`` of ``labels``."""

    times: np.ndarray
    p: np.ndarray
    labels: tuple[str, ...]

    @property
    def columns(self) -> list[str]:
        """Those of :meth:`to_table`."""
        return ["time", "label", "probability"]

    def to_table(self) -> list[dict[str, Any]]:
        """A row for each frame: the likeliest label."""
        return [{"time": round(float(t), 4), "label": self.labels[int(p.argmax())],
                 "probability": round(float(p.max()), 4)}
                for t, p in zip(self.times, self.p, strict=True)]

    def headline(self) -> str:
        """The label of most frames."""
        label = int(np.bincount(self.p.argmax(1), minlength=len(self.labels)).argmax())
        return f"{self.labels[label]} in {percent(float((self.p.argmax(1) == label).mean()))}"


class OwnModel:
    """Runs a module over a clip. size: (height, width) of the frames; channels: 1 or 3."""

    def __init__(
        self, module: nn.Module, labels: Sequence[str], size: tuple[int, int], channels: int
    ) -> None:
        self.module = cast(OwnModule, module.eval())
        self.labels, self.size, self.channels = tuple(labels), size, channels
        if missing := [n for n in ("read", "lstm", "classify") if not hasattr(module, n)]:
            raise OptionError(f"{type(module).__name__} has no {' and no '.join(missing)}; the "
                              "player needs read, lstm and classify.")
        lstm = self.module.lstm
        if lstm.num_layers != 1 or lstm.bidirectional or not lstm.batch_first:
            raise OptionError("The LSTM has to be of one layer, in one direction, batch_first.")

    @torch.inference_mode()
    def run(self, source: Clip, progress: Progress | None = None, **options: Any) -> OwnOutputs:
        """See :class:`hybridcore.system.Model`."""
        parts: list[tuple[np.ndarray, ...]] = []
        state = None
        for chunk in source.chunks(size=self.size):
            features = self._read(chunk.frames)
            hidden, state = self.module.lstm(features, state)
            alone, _ = self.module.lstm(features.transpose(0, 1))  # every frame from nothing
            with_memory, without = self._say(hidden[0]), self._say(alone[:, 0])
            parts.append((chunk.times, features[0].numpy(), hidden[0].numpy(), with_memory,
                          without))
            done = chunk.start + len(chunk.frames)
            report(progress, done, max(source.info.frame_count, done), lambda: _joined(parts))
        return _joined(parts)

    def finish(
        self, outputs: OwnOutputs, source: Clip, kind: str, **options: Any
    ) -> OwnResult:
        """See :class:`hybridcore.system.Model`."""
        p = outputs.probabilities if kind == "lstm" else outputs.erased
        return OwnResult(outputs.times, p, self.labels)

    def _read(self, frames: np.ndarray) -> Tensor:
        pictures = torch.from_numpy(frames).float().div(255).permute(0, 3, 1, 2)  # [n, 3, h, w]
        if self.channels == 1:
            pictures = pictures.mean(1, keepdim=True)
        try:
            return self.module.read(pictures[None])
        except RuntimeError as error:
            raise OptionError(f"The module cannot read frames {tuple(pictures[None].shape)}: "
                              f"{error}.") from error

    def _say(self, hidden: Tensor) -> np.ndarray:
        logits = self.module.classify(hidden)
        if logits.shape[-1] != len(self.labels):
            raise OptionError(f"The module says {logits.shape[-1]} classes, but "
                              f"{len(self.labels)} labels are named.")
        p: np.ndarray = logits.softmax(-1).numpy()
        return p


def _joined(parts: Sequence[tuple[np.ndarray, ...]]) -> OwnOutputs:
    return OwnOutputs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def own_system(
    *, key: str, title: str, labels: Sequence[str], load: Callable[[], nn.Module],
    size: tuple[int, int], channels: int = 3, sentence: str = "", samples: Sequence[Sample] = (),
) -> System:
    """A system of a module.

    Args:
        key: its address ``/key`` and its command; title, sentence: as people see it.
        labels: names of the classes.
        load: makes the module, with its weights.
        size: (height, width) of the frames that it reads; channels: 3, or 1 for brightness.
        samples: clips that are there from the beginning; none: a rendered one.
    """
    return System(
        key=key, title=title, icon=":material/extension:", rank=90,
        sentence=sentence or "A CNN and an LSTM of your own.", papers=(), limits=(),
        reads=(Reader("video", lazy("hybridcore.media:Clip.open")),
               Reader("picture", lazy("hybridcore.media:Clip.open"))),
        kinds=KINDS, samples=tuple(samples) or _SAMPLES, outputs=OwnOutputs,
        load=lambda device: OwnModel(load(), labels, size, channels),
        text=lambda answer: "\n".join(
            f"{row['time']:.2f} s  {row['label']}" for row in answer.result.to_table()),
        headline=lambda answer: answer.result.headline(), view=view, states=states,
        charts=(Chart("timeline", "Over time", "Probability of every label over time", timeline,
                      over_time=True),),
        exports=(Export(key="csv", title="CSV", file_name=f"{key}.csv", mime="text/csv",
                        write=write_csv),))


def view(answer: Answer[Clip, OwnResult], item: int) -> PlayerView:
    """Strips of the network with memory and without, and the likeliest labels as bars."""
    result, info = answer.result, answer.source.info
    colours = [PALETTE[k % len(PALETTE)] for k in range(len(result.labels))]
    p_of = {"lstm": answer.outputs.probabilities, "frame": answer.outputs.erased}
    ranked = np.argsort(-result.p, 1)[:, :_FIRST]
    bars = Series(answer.system.kind(answer.kind).title, result.labels, ranked,
                  np.take_along_axis(result.p, ranked, 1), colours=colours,
                  hollow=answer.kind == "frame")
    return PlayerView(
        times=result.times, panels=[Panel("This frame", [bars])], size=(info.width, info.height),
        strips=[Strip(kind.title, p_of[kind.key].argmax(1), result.labels, colours,
                      p_of[kind.key].max(1)) for kind in KINDS],
        sound=info.has_sound, alt=f"The clip {answer.source.name}: {result.headline()}")


def states(answer: Answer[Clip, OwnResult], at: At) -> States | None:
    """The LSTM from inside, the units that change most first."""
    if answer.kind != "lstm":
        return None
    outputs = answer.outputs
    trace = lstm_trace(answer.model.module.lstm, torch.from_numpy(outputs.features),
                       torch.from_numpy(outputs.hidden))
    return States(trace, outputs.times, np.argsort(-trace.h.std(0)), "the most varied first",
                  signals={f"probability of {label}": outputs.probabilities[:, k]
                           for k, label in enumerate(answer.result.labels)})


def timeline(answer: Answer[Clip, OwnResult], at: At) -> Any:
    """The probability of every label over time."""
    import plotly.graph_objects as go

    result, figure = answer.result, go.Figure()
    thin = every(len(result.times))
    for k, label in enumerate(result.labels):
        figure.add_scatter(x=result.times[thin], y=result.p[thin, k], name=label, mode="lines",
                           line={"color": PALETTE[k % len(PALETTE)], "width": 2})
    figure.update_yaxes(range=[0, 1.02], title="probability")
    return lay_out(seconds_axis(figure, answer.source.info.duration), height=240, over_time=True)
