"""What the cards of the witnesses of faces say beside what is measured."""

from __future__ import annotations

from typing import Any

from hybridcore.emotion.learn.faces_tracks import FACES, STEPS
from hybridcore.training.sources import IMAGENET_WEIGHTS, PAPERS

FER2013 = {
    "name": "FER2013 (35,887 grey faces of 48 px from the web; the official split: 28,709 to learn "
            "from, 3,589 to choose by, 3,589 to judge by, of which 3,268 differ from each other "
            "and from all others)",
    "citation": "Goodfellow et al., Challenges in Representation Learning: A Report on Three "
                "Machine Learning Contests, ICONIP 2013",
    "terms": "research; pictures found by a web search, nothing of them is shipped or shown",
}
CK_48 = {
    "name": "CK+ at 48 px (309 sequences of 106 people, the last three frames each; the weights "
            "never saw them; contempt is not among the seven and was left out, no face is labelled "
            "neutral)",
    "citation": "Lucey, Cohn, Kanade, Saragih, Ambadar & Matthews, The Extended Cohn-Kanade "
                "Dataset (CK+), CVPR Workshops 2010",
    "terms": "research; nothing of it is shipped or shown",
}
_FACE_COMMAND = ("python -m hybridcore.emotion.learn.faces_train --data DATA --cache CACHE "
                 "--run RUN --minutes 75")
_LSTM_COMMAND = ("python -m hybridcore.emotion.learn.faces_time_train --data DATA --cache CACHE "
                 "--run RUN --minutes 3")
_C3D_COMMAND = ("python -m hybridcore.emotion.learn.c3d_train --data DATA --cache CACHE --run RUN "
                "--minutes 60")
_MEASURE = "; measured by python -m hybridcore.emotion.learn.faces_evaluate with the same folders"
_TRACKS = (f"Tracks of {STEPS} steps are made of {FACES} training faces each: moved, faded into "
           "each other, spoilt")
_INFLATED = (
    "For a quarter of the time a flat twin learned single faces. Its kernels became those of C3D "
    "(inflation: Carreira & Zisserman, Quo Vadis, Action Recognition?, CVPR 2017, "
    f"https://arxiv.org/abs/1705.07750), which went on with ever new tracks. {_TRACKS}. Both "
    "learned the labels and, as much, what the CNN over a single frame says (distillation: Hinton, "
    "Vinyals & Dean, 2015, https://arxiv.org/abs/1503.02531)")

ABOUT: dict[str, dict[str, Any]] = {
    "emotion_face": {
        "title": "One face",
        "description": "A CNN over one aligned grey face: seven expressions.",
        "paper": PAPERS["efficientnet"],
        "differences": [
            "The trunk up to stride 16 alone, then a 1x1 convolution, a mean and a linear layer",
            "Stem and the first two stages keep their ImageNet weights; a crop is grey and its "
            "mean and contrast are taken away",
        ],
    },
    "emotion_face_lstm": {
        "title": "Face over time",
        "description": "An LSTM over the features of the CNN along the track of a face, ten steps "
                       "a second.",
        "paper": PAPERS["cnn_rnn_c3d"],
        "differences": [
            "A label at every step in place of one for a film",
            "Contrast and sharpness of the crop are inputs; a step at which the face is not seen "
            "is zero",
        ],
    },
    "emotion_c3d": {
        "title": "C3D on a face",
        "description": "Convolutions over space and time on 16 crops of a face, ten a second.",
        "paper": PAPERS["c3d"],
        "differences": [
            "Four convolutions in place of eight, with batch norm; the first has a stride of two",
            "The mean over time in place of the last pooling; one grey channel of 48 px",
        ],
    },
}
TRAINING: dict[str, dict[str, Any]] = {
    "emotion_face": {"data": [FER2013, CK_48], "started_from": IMAGENET_WEIGHTS,
                     "command": _FACE_COMMAND + _MEASURE},
    "emotion_face_lstm": {"data": [FER2013, CK_48], "how": _TRACKS,
                          "command": _LSTM_COMMAND + _MEASURE},
    "emotion_c3d": {"data": [FER2013, CK_48], "how": _INFLATED,
                    "command": _C3D_COMMAND + _MEASURE},
}
_CARE = [
    "An expression is not a feeling: this says what a face looks like to people who label "
    "pictures, not what somebody feels, thinks or intends. Do not use it to judge anybody",
    "The labels of FER2013 are noisy: people agree with them in about 65 of 100 pictures "
    "(Goodfellow et al. 2013), so figures much above that would be agreement with noise",
    "FER2013 does not say who is shown: one person may be in several splits, and how right it is "
    "by sex, age or colour of skin could not be measured. Faces from web searches for words of "
    "emotion are posed, often actors, more often of the rich countries than not",
    "Right by expression differs much; see the rows",
]
_SYNTHETIC = [
    "There was no labelled video of faces. Tracks are made of still faces: an expression does not "
    "unfold, it fades into another person's face. How right it is on video of people was measured "
    "on CK+ alone, three frames at the peak of posed expressions",
    "Figures on such tracks say how it stands up to spoilt pictures, not how it reads moving faces",
]
_BRIEF = (
    "It learned for an hour, on one thread of a machine with other work. Over all it is less often "
    "right than the CNN over a single frame, where pictures are spoilt more often; it finds no "
    "disgust: see the rows")
LIMITS: dict[str, list[str]] = {
    "emotion_face": [*_CARE, "Profiles, masks, children and drawn faces are few in what it "
                             "learned from; crops below about 32 px of the frame are guesses"],
    "emotion_face_lstm": [*_SYNTHETIC, *_CARE],
    "emotion_c3d": [*_SYNTHETIC, _BRIEF, *_CARE],
}
