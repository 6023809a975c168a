"""Objects are read closely in some frames, and held between them."""

import numpy as np
import pytest
import torch

from hybridcore.media import Chunk
from hybridcore.scene.objects import HeldObjects


class Counted:
    """An encoder whose logits say which reading it was: the class is the frame's brightness."""

    def __init__(self) -> None:
        self.frames = 0

    def encode(self, frames: np.ndarray, *names: str) -> dict[str, torch.Tensor]:
        self.frames += len(frames)
        logits = torch.zeros(len(frames), 1000)
        logits[torch.arange(len(frames)), torch.from_numpy(frames[:, 0, 0, 0].astype(int))] = 50
        return {"object_logits": logits}


@pytest.mark.parametrize("size", [1, 3, 10, 21, 64])
def test_an_answer_stands_until_the_next_reading(size: int) -> None:
    count, wanted = 32, [0, 10, 13, 30]
    encoder = Counted()
    held, parts = HeldObjects(encoder), []  # type: ignore[arg-type]
    for start in range(0, count, size):
        frames = np.arange(start, min(start + size, count))
        read = [k for k in wanted if k in frames]
        closer = np.zeros((len(read), 32, 32, 3), np.uint8) + np.uint8(read)[:, None, None, None]
        parts.append(held.step(Chunk(
            start, frames / 25, np.empty(0, np.uint8), closer, tuple(k - start for k in read))))
    shares = torch.cat(parts)
    expected = [max(k for k in wanted if k <= t) for t in range(count)]
    assert shares.argmax(1).tolist() == expected
    assert encoder.frames == 4  # each once
