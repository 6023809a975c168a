"""What the sound models read, to be asked again: why a hit is heard, and where something moved."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from hybridcore.layers.influence import Reading
from hybridcore.media import Clip
from hybridcore.sound.features import SIZE, MotionMaps
from hybridcore.sound.figures import OWN
from hybridcore.sound.materials import ACTIONS
from hybridcore.sound.model import SoundModel
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.result import SoundResult
from hybridcore.system import Answer, At
from hybridcore.why import Glance, Said, Why

_CHANGE = 4  # of features.CHANNELS: how much brightness changes


def sound_why(answer: Answer[Clip, SoundResult], at: At) -> Why:
    """All models over this clip, the one chosen first."""
    result, kinds = answer.result, answer.system.kinds
    readings = [
        sound_reading(answer.model.models[kind.key], answer.outputs.by_kind[kind.key], kind.title)
        for kind in sorted(kinds, key=lambda kind: kind.key != result.kind)]
    lookahead = readings[0].lookahead
    return Why(
        times=result.prediction.times, frame=at.frame, labels=("an onset", *ACTIONS),
        asked=np.zeros(len(result.prediction.times), np.int64), readings=readings,
        share=np.ones(len(result.prediction.times), np.float32), look=partial(_look, answer),
        said=Said(("onset",), (OWN,),
                  lambda p: np.where(p[:, 0] >= result.threshold, 0, -1)),
        note="In a covered frame nothing moves. The maps show where something moved. A model hears "
             f"a frame {lookahead} frames later, so these speak too; what something is made of is "
             "seen apart from the memory and cannot be asked about.",
    )


def sound_reading(model: SoundModel, prediction: FramePrediction, title: str) -> Reading:
    """A model over the inputs that it had: of an onset, and of the actions."""
    kind, device = model.config.kind, model.onset.weight.device
    still = model.usual.still().repeat(model.config.window)

    def head(hidden: Tensor) -> Tensor:
        onset = logsigmoid(model.onset(hidden))
        return torch.cat([onset, model.action(hidden).log_softmax(-1)], -1)

    with torch.inference_mode():
        blank = model.strokes(still)
    return Reading(
        title=title, inputs=torch.from_numpy(prediction.inputs).to(device), blank=blank.clone(),
        memory=model.remember, head=head, lstm=model.lstm if kind == "lstm" else None,
        lookahead=model.lookahead, causal=kind != "bilstm")


def _look(
    answer: Answer[Clip, SoundResult], frames: np.ndarray, gradient: np.ndarray
) -> list[Glance]:
    """Each frame and where its brightness changed since the one before."""
    times = answer.result.prediction.times
    pairs = np.stack([np.maximum(frames - 1, 0), frames], 1)
    pictures = np.stack(answer.source.frames_at(times[pairs.ravel()].tolist(), SIZE))
    glances = []
    for pair, frame in zip(pictures.reshape(-1, 2, *pictures.shape[1:]), pairs, strict=True):
        maps = MotionMaps().step(pair, times[frame])
        glances.append(Glance(pair[1], maps[1, _CHANGE]))
    return glances
