"""How often the networks are sure of a digit in a language that they do not know.

``python -m hybridcore.digits.learn.other_speech --data FOLDER``: the recordings of EmoDB (Burkhardt
et al. 2005; ten people who say ten German sentences), whose names begin with the speaker's number.
No digit is said in them but the "sieben" of one sentence, and nothing was learned from them.
"""

from __future__ import annotations

import logging
from collections import defaultdict

import numpy as np

from hybridcore.cards import replace_metrics
from hybridcore.digits.model import KINDS
from hybridcore.digits.predict import DigitReader
from hybridcore.media.recording import Recording
from hybridcore.training.metrics import bootstrap
from hybridcore.training.options import script_parser

logger = logging.getLogger("hybridcore.training")

_EVERY = 5  # recordings, of which one is heard


def main() -> None:
    parser = script_parser(__doc__, data="folder of the recordings of EmoDB")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    reader = DigitReader.load("cpu")
    sure: dict[str, dict[str, int]] = {kind: defaultdict(int) for kind in KINDS}
    seconds: dict[str, float] = defaultdict(float)
    paths = sorted(args.data.glob("*.wav"))[::_EVERY]
    for path in paths:
        source, speaker = Recording.open(path), path.name[:2]
        outputs = reader.run(source)
        seconds[speaker] += source.duration
        for kind in KINDS:
            result = reader.finish(outputs, source, kind)
            sure[kind][speaker] += len(result.sure)
    split = f"EmoDB, {len(paths)} recordings of {len(seconds)} people speaking German"
    minutes = np.array(list(seconds.values())) / 60
    for kind in KINDS:
        rate, low, high = (round(value, 2) for value in bootstrap(
            np.array([sure[kind][speaker] for speaker in seconds]), minutes))
        logger.info("%s: %.2f a minute (%.2f to %.2f)", kind, rate, low, high)
        replace_metrics(f"digits_{kind}", split, [{
            "name": "sure digits a minute in another language", "split": split,
            "count": len(paths), "value": rate, "unit": "/min", "interval": [low, high]}])


if __name__ == "__main__":
    main()
