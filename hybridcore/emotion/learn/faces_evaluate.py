"""Measure the witnesses of faces that are trained, and write their weights and cards.

Temperatures and the window of the moving average are chosen on the validation split (PublicTest of
FER2013); nothing is chosen on the test split or on CK+48.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import nn

from hybridcore.device import describe, pick_device
from hybridcore.emotion.c3d import C3D, CENTRE, FRAMES, C3DConfig, clip_logits
from hybridcore.emotion.crops import qualities
from hybridcore.emotion.face_lstm import FaceLSTM, FaceLSTMConfig
from hybridcore.emotion.face_runtime import FaceRuntime
from hybridcore.emotion.learn import faces_cards
from hybridcore.emotion.learn import faces_measure as measure
from hybridcore.emotion.learn.faces_data import Faces, Sequences, load_ck, load_fer
from hybridcore.emotion.learn.faces_time_train import Featured, cnn, featured
from hybridcore.emotion.learn.faces_tracks import SPOILT, STEPS
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to, logger
from hybridcore.weights import save_weights

_CLIP_STARTS = torch.arange(0, STEPS - FRAMES + 1, 4)
_TEST, _CK = "FER2013, test, in no other split", "CK+48, no training on it, by person"
_MADE = "tracks made of test faces, steps that are seen"


@dataclass(frozen=True, eq=False)
class Judge:
    """What everything is measured on: single faces, CK+48, and tracks; run: the folder that the CNN
    is kept in."""

    faces: dict[str, Faces]
    sequences: Sequences
    runtime: FaceRuntime
    run: Path

    @cached_property
    def tracks(self) -> dict[str, Featured]:
        """Tracks of validation and test."""
        return {split: featured(self.faces, split, self.run) for split in ("validation", "test")}

    @property
    def split(self) -> str:
        """What the test tracks are."""
        return f"{len(self.tracks['test'].tracks):,} {_MADE}"

    def people(self) -> str:
        """What CK+48 is."""
        return f"{_CK} ({len(set(self.sequences.people))} people)"


def face_rows(judge: Judge) -> tuple[list[dict[str, Any]], measure.Calibration]:
    """Rows of the CNN, and its calibration."""
    logits = {split: judge.runtime.look(judge.faces[split].crops).logits
              for split in ("validation", "test")}
    labels = {split: judge.faces[split].labels for split in logits}
    found = measure.calibration_of(logits["validation"], labels["validation"])
    said = {split: measure.told(logits[split], found.temperature, labels[split],
                                np.arange(len(labels[split]))) for split in logits}
    crops = judge.sequences.crops
    last = measure.told(judge.runtime.look(crops[:, -1]).logits, found.temperature,
                        judge.sequences.labels, judge.sequences.people)
    return [
        measure.right_row("right", _TEST, said["test"], headline=True),
        measure.right_row("right", "FER2013, validation", said["validation"]),
        *measure.emotion_rows(_TEST, said["test"]),
        measure.calibration_row(_TEST, said["test"]),
        *measure.named_rows(_TEST, said["test"], found.sure),
        measure.right_row("right, last frame", judge.people(), last),
        *measure.emotion_rows(judge.people(), last),
        measure.calibration_row(judge.people(), last),
    ], found


@torch.inference_mode()
def lstm_rows(
    judge: Judge, model: FaceLSTM, frame_temperature: float,
) -> tuple[list[dict[str, Any]], measure.Calibration]:
    """Rows of the LSTM beside those of single frames and of their moving average."""
    logits = {split: _run(model, own) for split, own in judge.tracks.items()}
    valid, test = judge.tracks["validation"], judge.tracks["test"]
    found = measure.calibration_of(
        logits["validation"][valid.tracks.seen], valid.tracks.labels[valid.tracks.seen])
    seen, labels = test.tracks.seen, test.tracks.labels
    groups = np.repeat(np.arange(len(seen))[:, None], STEPS, 1)

    def flat(p: NDArray) -> measure.Told:
        return measure.Told(p[seen], labels[seen], groups[seen])

    single = measure.told(test.logits, frame_temperature, labels, groups)
    window = measure.best_window(
        measure.told(valid.logits, frame_temperature, valid.tracks.labels, groups[:0]).p,
        valid.tracks.seen, valid.tracks.labels)
    said = flat(measure.told(logits["test"], found.temperature, labels, groups).p)
    frames = flat(single.p)
    average = flat(measure.averaged(single.p, seen, window))
    spoilt = (test.tracks.spoilt > SPOILT)[seen]
    averaging = f"the moving average over {window} steps"
    rows = [measure.right_row("right at every step", judge.split, said, headline=True),
            measure.right_row("single frames: right at every step", judge.split, frames),
            measure.right_row(f"{averaging}: right at every step", judge.split, average),
            measure.gain_row("LSTM above single frames", judge.split, said, frames),
            measure.gain_row(f"LSTM above {averaging}", judge.split, said, average)]
    worse = f"{judge.split}, spoilt"
    rows += [measure.right_row("right", worse, said.where(spoilt)),
             measure.right_row("single frames: right", worse, frames.where(spoilt)),
             measure.right_row(f"{averaging}: right", worse, average.where(spoilt)),
             measure.gain_row("LSTM above single frames", worse, said.where(spoilt),
                              frames.where(spoilt)),
             measure.gain_row(f"LSTM above {averaging}", worse, said.where(spoilt),
                              average.where(spoilt))]
    rows += [*measure.emotion_rows(judge.split, said), measure.calibration_row(judge.split, said),
             *measure.named_rows(judge.split, said, found.sure)]
    return [*rows, *_lstm_transfer(judge, model, found.temperature, frame_temperature)], found


def _lstm_transfer(
    judge: Judge, model: FaceLSTM, temperature: float, frame_temperature: float,
) -> list[dict[str, Any]]:
    """The LSTM over the three frames of every sequence of CK+48."""
    crops, labels, people = (judge.sequences.crops, judge.sequences.labels,
                             judge.sequences.people)
    looked = [judge.runtime.look(three) for three in crops]
    logits = model(torch.from_numpy(np.stack([own.features for own in looked])),
                   torch.from_numpy(qualities(crops)),
                   torch.ones(crops.shape[:2], dtype=torch.bool)).logits[:, -1].numpy()
    said = measure.told(logits, temperature, labels, people)
    p = measure.told(np.stack([own.logits for own in looked]), frame_temperature, labels, people).p
    mean = measure.Told(p.mean(1), labels, people)
    return [measure.right_row("right after three frames", judge.people(), said),
            measure.right_row("mean of three single frames: right", judge.people(), mean),
            measure.gain_row("LSTM above the mean of three single frames", judge.people(), said,
                             mean),
            measure.calibration_row(judge.people(), said)]


def c3d_rows(
    judge: Judge, model: C3D, frame_temperature: float
) -> tuple[list[dict[str, Any]], measure.Calibration]:
    """Rows of C3D beside those of single frames in the middle of its clips."""
    at = _CLIP_STARTS.numpy() + CENTRE
    logits = {split: np.stack([clip_logits(model, torch.from_numpy(crops), _CLIP_STARTS).numpy()
                               for crops in own.tracks.crops])
              for split, own in judge.tracks.items()}
    valid, test = (judge.tracks[split].tracks for split in ("validation", "test"))
    found = measure.calibration_of(
        logits["validation"].reshape(-1, logits["test"].shape[-1]), valid.labels[:, at].ravel())
    labels, seen = test.labels[:, at], test.seen[:, at]
    groups = np.repeat(np.arange(len(test))[:, None], len(at), 1)
    said = measure.told(logits["test"], found.temperature, labels, groups).where(seen)
    frames = measure.told(judge.tracks["test"].logits[:, at], frame_temperature, labels,
                          groups).where(seen)
    spoilt = (test.spoilt[:, at] > SPOILT)[seen]
    split, worse = f"{judge.split}, middles of clips", f"{judge.split}, middles of clips, spoilt"
    crops = torch.from_numpy(judge.sequences.crops)[:, np.arange(FRAMES) * 3 // FRAMES]
    with torch.inference_mode():
        last = measure.told(model(crops).numpy(), found.temperature, judge.sequences.labels,
                            judge.sequences.people)
    return [
        measure.right_row("right", split, said, headline=True),
        measure.right_row("single frames: right", split, frames),
        measure.gain_row("C3D above single frames", split, said, frames),
        measure.right_row("right", worse, said.where(spoilt)),
        measure.right_row("single frames: right", worse, frames.where(spoilt)),
        *measure.emotion_rows(split, said),
        measure.calibration_row(split, said),
        *measure.named_rows(split, said, found.sure),
        measure.right_row("right, three frames held for 16", judge.people(), last),
        measure.calibration_row(judge.people(), last),
    ], found


@torch.inference_mode()
def _run(model: FaceLSTM, own: Featured) -> NDArray[np.float32]:
    return np.asarray(model(torch.from_numpy(own.features), torch.from_numpy(own.quality),
                            torch.from_numpy(own.tracks.seen)).logits.numpy())


def main() -> None:
    """Measure, and write cards."""
    parser = script_parser(__doc__ or "", data="holds fer and ck", cache="what is decoded",
                           run="weights and features, as trained", seed=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    log_to(options.run / "evaluate.log")
    run: Path = options.run
    faces, network = load_fer(options.data, options.cache), cnn(run)
    judge = Judge(faces, load_ck(options.data), FaceRuntime(network), run)
    rows, of_frames = face_rows(judge)
    _write(network, "emotion_face", rows, of_frames, options.seed)
    if (path := run / "lstm.safetensors").exists():
        lstm = FaceLSTM(config=FaceLSTMConfig())
        lstm.load_state_dict(load_file(path))
        _write(lstm, "emotion_face_lstm", *lstm_rows(judge, lstm.eval(), of_frames.temperature),
               options.seed)
    if (path := run / "c3d.safetensors").exists():
        c3d = C3D(config=C3DConfig())
        c3d.load_state_dict(load_file(path))
        _write(c3d, "emotion_c3d", *c3d_rows(judge, c3d.eval(), of_frames.temperature),
               options.seed)


def _write(
    model: nn.Module, name: str, rows: list[dict[str, Any]], found: measure.Calibration,
    seed: int,
) -> None:
    for row in rows:
        logger.info("%s %s", name, row)
    about, training = faces_cards.ABOUT[name], faces_cards.TRAINING[name]
    save_weights(model, name, {
        **about, "config": vars(model.config),
        "training": {**training, "seed": seed, "hardware": describe(pick_device("cpu"))},
        "metrics": rows, "limits": faces_cards.LIMITS[name],
        "calibration": vars(found)})


if __name__ == "__main__":
    main()
