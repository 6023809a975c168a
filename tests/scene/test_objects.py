"""Objects are read closely in some frames, and held between them."""

from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.media import Chunk, Clip
from hybridcore.scene.objects import CLOSER, HeldObjects
from hybridcore.scene.predict import SceneLabeller


class Counted:
    """An encoder whose logits say which reading it was: the class is the frame's brightness."""

    def __init__(self) -> None:
        self.frames = 0

    def encode(self, frames: np.ndarray, *names: str) -> dict[str, torch.Tensor]:
        self.frames += len(frames)
        logits = torch.zeros(len(frames), 1000)
        logits[torch.arange(len(frames)), torch.from_numpy(frames[:, 0, 0, 0].astype(int))] = 50
        return {"object_logits": logits}


@pytest.mark.parametrize("size", [1, 3, CLOSER.every, 2 * CLOSER.every + 1, 64])
def test_an_answer_stands_until_the_next_reading(size: int) -> None:
    count = 3 * CLOSER.every + 2
    encoder = Counted()
    held, parts = HeldObjects(encoder), []  # type: ignore[arg-type]
    for start in range(0, count, size):
        frames = np.arange(start, min(start + size, count))
        read = frames[frames % CLOSER.every == 0].astype(np.uint8)
        closer = np.broadcast_to(read[:, None, None, None], (len(read), 32, 32, 3))
        parts.append(held.step(Chunk(start, frames / 25, np.empty(0, np.uint8), closer)))
    shares = torch.cat(parts)
    expected = np.arange(count) // CLOSER.every * CLOSER.every
    assert shares.argmax(1).tolist() == expected.tolist()
    assert encoder.frames == 4  # each once


def test_held_objects_are_those_of_the_frame_read_closely(two_shots: Path) -> None:
    labeller, clip = SceneLabeller.load("cpu"), Clip.open(two_shots)
    result = labeller.run(clip)
    at = np.arange(0, 60, CLOSER.every)
    frames = np.stack(clip.frames_at(result.times[at].tolist(), CLOSER.size))
    shares = labeller.encoder.encode(frames, "object_logits")["object_logits"].softmax(-1)
    value, index = shares.topk(5)
    groups = labeller.votes(shares)
    for t in range(60):
        k = t // CLOSER.every
        np.testing.assert_array_equal(result.objects[t], index[k])
        np.testing.assert_allclose(result.object_probability[t], value[k], atol=1e-5)
        np.testing.assert_allclose(result.groups[t], groups[k], atol=1e-5)
