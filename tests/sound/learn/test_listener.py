"""A listener names the materials that it has heard, whatever the loudness and the noise before."""

import numpy as np

from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.learn.listener import Listener, blows
from hybridcore.sound.mix import Piece, mix
from hybridcore.sound.synthesis.synthesise import synthesise

MATERIALS = ("metal", "cloth", "gravel")
TIMES = np.array([0.3, 1.0, 1.7, 2.4])


def struck(material: str, seed: int, level: float = -20.0) -> Sound:
    pieces = [Piece(synthesise(material, "hit", 0.6, seed, touch=k), 0, float(time), level)
              for k, time in enumerate(TIMES)]
    return mix(pieces, 3 * RATE)


def test_a_listener_names_what_it_has_not_heard_before() -> None:
    heard = {material: [blows(struck(material, seed), TIMES) for seed in range(3)]
             for material in MATERIALS}
    listener = Listener(
        np.concatenate([one for blow in heard.values() for one in blow]),
        [m for m in MATERIALS for _ in range(12)],
        [f"{m} {seed}" for m in MATERIALS for seed in range(3) for _ in TIMES])
    noise = 1e-4 * np.random.default_rng(0).standard_normal(3 * RATE).astype(np.float32)
    for material in MATERIALS:
        for sound in (struck(material, 7), struck(material, 7, -26.0) + noise):
            assert listener.names(blows(sound, TIMES)) == [material] * len(TIMES)
    assert listener.names(blows(struck("metal", 7), np.empty(0))) == []


def test_a_blow_is_heard_until_the_next_and_without_its_loudness() -> None:
    loud, soft = (blows(struck("metal", 1, level), TIMES[:1]) for level in (-20.0, -26.0))
    np.testing.assert_allclose(loud, soft, atol=0.03)
    both = mix([Piece(synthesise("metal", seed=1), 0, time, -20.0) for time in (0.3, 0.45)], RATE)
    alone, followed = (blows(both, np.array(times))[0] for times in ([0.3], [0.3, 0.45]))
    assert followed[-1].sum() < 0.2 * alone[-1].sum()
    assert not blows(np.zeros(RATE, np.float32), np.array([0.5])).any()
