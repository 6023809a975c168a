"""What the cards of the gesture networks say beside what is measured."""

from __future__ import annotations

from typing import Any

from hybridcore.gesture.learn.folds import Sets
from hybridcore.gesture.model import Kind
from hybridcore.training.sources import HAND_POSES, PAPERS, SFINGE3D

COMMAND = ("python -m hybridcore.gesture.learn.train --data DATA --cache CACHE --run RUN --fold K "
           "for K of 0 to 2, then without --fold; rows on real clips: "
           "python -m hybridcore.gesture.learn.real_clips --data CLIPS")
ABOUT: dict[Kind, dict[str, Any]] = {
    "lstm": {
        "title": "Gesture LSTM",
        "description": "Both hands and the upper body as points, an LSTM over time, a gesture or "
                       "nothing at every step.",
        "paper": PAPERS["online_gestures"],
        "differences": [
            "Points that MediaPipe's networks found in place of a 3-D CNN over pixels",
            "An LSTM in place of a plain recurrent layer, and a label learned at every step in "
            "place of connectionist temporal classification",
        ],
    },
    "frame": {
        "title": "One moment of the hands",
        "description": "The same points without speeds and without memory; the moving average is "
                       "the mean of this over the last second.",
        "differences": ["No recurrence and no motion"],
    },
}
LIMITS = [
    "Three words are no sign language. Those who recorded them do not all make the same signs: "
    "looked at by eye, the folders of thanks and I love you of persons 12, 13 and 18 show each "
    "other's sign; person 4 throws a kiss and person 7 makes a fist for I love you; person 7 makes "
    "a V and person 9 a thumb for thanks; person 35 folds the hands for hello. Nearly all clips of "
    "such a word are wrong, and most of what is wrong is that: 37 of 48 people are above 85 %, 11 "
    "below 75 %. What they taught is in the network, too: it calls a V thanks",
    "Everybody who says words sits before a webcam at home, looks at it and is alone; other rooms, "
    "other cameras, children and hands in gloves were not measured",
    "Swipes, pinches, grabs, opening and pointing come from a finger sensor, from still hands and "
    "from a puppet that this project moves, placed before a drawn camera. SFINGE3D does not say "
    "who made a gesture, so that a hand that is tested may have been learned from; how often these "
    "gestures are right in real video was hardly measured",
    "Signs without a name here are called not sure at best and one of the gestures at worst",
    "Left and right are the person's own in a picture that is not mirrored; a mirrored recording "
    "turns swipes around",
    "It reads three words and six commands, not people. Do not use it to judge anybody, and do not "
    "film people who did not agree",
]


def data(sets: Sets) -> list[dict[str, str]]:
    """The three sets, and the repositories of all people who say words, in the order in which the
    rows by person name them."""
    people = ", ".join(f"{person.name.replace('+', '/')} @ {person.commit[:8]}"
                       for _, person in sets.people)
    words = {
        "name": f"Words before a webcam ({len(sets.people)} people, "
                f"{sum(len(person.clips) for _, person in sets.people):,} clips of 30 frames, "
                "points of MediaPipe Holistic as their owners recorded and published them)",
        "citation": people,
        "terms": "public repositories, most without a stated licence; nothing of them is shipped",
    }
    return [words, SFINGE3D, HAND_POSES]
