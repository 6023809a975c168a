"""What a head can learn expressions of somebody's own from: one face over time, ten steps a second.

Two parts: what the CNN finds in the face, and the memory of the LSTM that follows it. Where several
people are there it is the face that is largest in the picture; where nobody is, nothing but zeros.
The voice has no part in it.
"""

from __future__ import annotations

import numpy as np

from hybridcore.emotion.face import FaceConfig
from hybridcore.emotion.face_lstm import RATE, FaceLSTMConfig
from hybridcore.emotion.faces import at_even_pace
from hybridcore.emotion.result import EmotionResult, Person
from hybridcore.emotion.view import EmotionAnswer
from hybridcore.errors import MediaError
from hybridcore.progress import Progress
from hybridcore.teach.features import Features


def expressions(answer: EmotionAnswer, progress: Progress | None = None) -> Features:
    """Those of the faces of an answer.

    ``progress(done, total)`` is called for every face; it stops the work by raising.

    Raises:
        MediaError: no face is seen.
    """
    result: EmotionResult = answer.result
    if not result.people:
        raise MediaError("No face is seen here, so there is no expression to learn or to name.")
    first = float(result.times[0])
    times = first + np.arange(int((float(result.times[-1]) - first) * RATE) + 1) / RATE
    values = np.zeros((len(times), FaceConfig.features + FaceLSTMConfig.hidden), np.float16)
    for done, person in enumerate(sorted(result.people, key=_height), 1):  # the largest comes last
        assert person.trace is not None
        steps, rows, seen = at_even_pace(result.times[person.frames])
        places = np.round((steps - first) * RATE).astype(int)
        seen &= places < len(times)
        found = answer.model.faces.cnn.look(person.crops[rows[seen]]).features
        values[places[seen]] = np.concatenate([found, person.trace.h[rows[seen]]], 1)
        if progress is not None:
            progress(done, len(result.people))
    return Features(times=times, values=values, duration=result.outputs.duration,
                    parts={"face": FaceConfig.features, "memory": FaceLSTMConfig.hidden})


def _height(person: Person) -> float:
    """How large a face is in the picture, a share of its height."""
    return float(np.median(person.boxes[:, 3] - person.boxes[:, 1]))
