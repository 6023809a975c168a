"""What the card of the head that notices masks says beside what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from hybridcore.device import describe, pick_device
from hybridcore.emotion.face_track import SMALLEST
from hybridcore.emotion.learn.faces_cards import FER2013
from hybridcore.emotion.masked import MaskedConfig

_DATA = [
    FER2013,
    {"name": "UTKFace (9,780 of its 23,708 faces in colour; by picture seven of ten to learn from, "
             "one to choose by, two to judge by, and of each part the first by a hash)",
     "citation": "Zhang, Song & Qi, Age Progression/Regression by Conditional Adversarial "
                 "Autoencoder, CVPR 2017",
     "terms": "non-commercial research; nothing of it is shipped or shown"},
    {"name": "Real-World Masked Face Dataset, part 1 (1,024 different pictures, to judge by; who "
             "is covered was labelled here by eye)",
     "citation": "Wang et al., Masked Face Recognition Dataset and Application, 2020 (arXiv "
                 "2003.09093)",
     "terms": "research; nothing of it is shipped or shown"},
    {"name": "Face-Mask-Detection (people with masks, to choose by, and without, to judge by; "
             "labelled here by eye)",
     "citation": "Deb, github.com/chandrikadeb7/Face-Mask-Detection, 2020",
     "terms": "pictures found on the web; nothing of it is shipped or shown"},
]


def card(
    config: MaskedConfig, rows: Sequence[dict[str, Any]], *, seed: int, crops: int, pictures: int,
    free: float, chosen_by: int,
) -> dict[str, Any]:
    """What the weights are.

    rows: what was measured; crops, pictures: what it learned from; free: of so many plain crops
    (``chosen_by``) the share that lies above the limit.
    """
    return {
        "title": "Mouth and nose covered",
        "description": "A head over what the CNN of single faces finds at every place of a crop: "
                       "whether something covers mouth and nose.",
        "config": asdict(config),
        "training": {
            "data": _DATA,
            "how": "Masks, cloths, respirators and scarves are drawn over faces by this project's "
                   "code; plain faces, and beards, hands at the chin, dark glasses and masks under "
                   f"the chin, drawn too, count as free ({crops:,} crops of {pictures:,} "
                   f"pictures). The bias is such that {100 * free:g} % of the {chosen_by:,} crops "
                   "without a mask of the choosing part lie above one half",
            "started_from": "emotion_face",
            "seed": seed,
            "hardware": describe(pick_device("cpu")),
            "command": "python -m hybridcore.emotion.learn.masked --data DATA --cache CACHE",
        },
        "metrics": list(rows),
        "limits": [
            "Learned from drawn masks. Missed most often: those as bright as the skin, with a "
            "mouth or other things printed on them, blurred and small ones",
            "In many pictures of people in masks the detector finds no face at all (see the rows), "
            "so nothing is said of them",
            f"Faces below {SMALLEST:.0f} px, masks under the nose or under the chin, and faces of "
            "which it could not be seen what they are were not judged",
            "A hand over the mouth is covered or not, as it comes: hands were drawn below and "
            "beside the mouth alone, and FER2013, all of whose faces count as plain, has some over "
            "it",
            "A row of 0 % has no interval worth the name: of n faces without a false alarm, up to "
            "3 / n may be the true share (95 %), 8 % of 37 faces",
            "What UTKFace says of race was guessed by a program and checked by people",
        ],
    }
