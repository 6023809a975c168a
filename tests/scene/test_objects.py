"""Objects are read closely in some frames, and held between them."""

import numpy as np
import pytest
import torch

from hybridcore.media import Chunk
from hybridcore.scene.objects import CLOSER, HeldObjects


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
