"""What a head can learn movements of somebody's own from: one body over time, 15 steps a second.

Three parts: the pose (joints in lengths of the torso, distances, directions and angles), its motion
(speeds of the joints and of the whole body), and the memory of the LSTM that reads both. Where
several people are there it is the one who is largest in the picture; where nobody is, a body none
of whose joints is seen. Looks and places have no part in it.
"""

from __future__ import annotations

import numpy as np
import torch

from hybridcore.cards import load_card
from hybridcore.people.steps import at_steps
from hybridcore.pose.features import RATE, SIZE, STILL_SIZE, features
from hybridcore.pose.joints import JOINTS
from hybridcore.pose.measures import joints_of
from hybridcore.pose.result import Body, PoseResult
from hybridcore.pose.view import PoseAnswer
from hybridcore.progress import Progress
from hybridcore.teach.features import Features

READER = "lstm"  # whose memory it is


def movements(answer: PoseAnswer, progress: Progress | None = None) -> Features:
    """Those of an answer, which holds all that they need.

    ``progress(done, total)`` is called for every person; it stops the work by raising.
    """
    return features_of(answer.result, progress)


def features_of(result: PoseResult, progress: Progress | None = None) -> Features:
    """As :func:`movements`."""
    first = float(result.times[0])
    times = first + np.arange(int((float(result.times[-1]) - first) * RATE) + 1) / RATE
    memory = int(load_card(f"pose_{READER}")["config"]["hidden"])
    nobody = columns(np.full((1, len(JOINTS), 2), np.nan, np.float32), np.zeros((1, memory)))
    values = np.repeat(nobody, len(times), 0)
    bodies = sorted(result.bodies, key=_height)  # the largest is written last
    for done, body in enumerate(bodies, 1):
        _, joints = at_steps(
            joints_of(body.landmarks, body.visibility, (result.height, result.width)), body.times,
            RATE)
        rows = np.round((body.steps - first) * RATE).astype(int)
        seen = np.isfinite(joints).any((1, 2)) & (rows < len(times))
        values[rows[seen]] = columns(joints, body.readings[READER].hidden)[seen]
        if progress is not None:
            progress(done, len(bodies))
    return as_features(times, values, result.duration)


def as_features(times: np.ndarray, values: np.ndarray, duration: float) -> Features:
    """Rows of :func:`columns` at ``times [n]``, s, of a clip of so many seconds."""
    return Features(
        times=times, values=values.astype(np.float16), duration=duration,
        parts={"pose": STILL_SIZE, "motion": SIZE - STILL_SIZE, "memory": values.shape[1] - SIZE})


@torch.inference_mode()
def columns(joints: np.ndarray, hidden: np.ndarray | None) -> np.ndarray:
    """All parts, side by side ``[m, D]``, of joints ``[m, 13, 2]`` and the memory that the LSTM has
    of them ``[m, H]``.

    Raises:
        ValueError: there is no memory.
    """
    if hidden is None:
        raise ValueError("the network that read these joints has no memory")
    read = features(torch.from_numpy(joints)[None])[0].numpy()
    return np.concatenate([read, hidden], 1, dtype=np.float32)


def _height(body: Body) -> float:
    """How large somebody is in the picture, a share of its height."""
    return float(np.median(body.boxes[:, 3] - body.boxes[:, 1]))
