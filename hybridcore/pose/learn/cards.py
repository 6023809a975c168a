"""What the cards of the pose networks say beside what is measured."""

from __future__ import annotations

from typing import Any

from hybridcore.pose.model import Kind
from hybridcore.training.sources import (
    JHMDB,
    KINECT_GAIT,
    MSR_ACTION3D,
    PAPERS,
    STANDING_CLIPS,
    UTD_MHAD,
)

DATA = [JHMDB, UTD_MHAD, MSR_ACTION3D, KINECT_GAIT, STANDING_CLIPS]
ABOUT: dict[Kind, dict[str, Any]] = {
    "lstm": {
        "title": "Pose LSTM",
        "description": "Thirteen joints with speeds, distances and angles, an LSTM over time, an "
                       "action at every moment.",
        "paper": PAPERS["hierarchical_rnn"],
        "differences": [
            "One LSTM over the whole body, forwards in time only, in place of five parts and two "
            "directions, so that an answer is there at every frame",
            "Joints in the picture in place of three dimensions; joints may be missing",
            "The joint collection distances and the two speeds of DD-Net (Yang et al. 2019) as "
            "input beside the joints",
        ],
    },
    "tcn": {
        "title": "Pose TCN",
        "description": "The same input under a causal temporal convolutional network that sees "
                       "four seconds.",
        "paper": PAPERS["tcn"],
        "differences": ["Elementwise dropout"],
    },
    "speed": {
        "title": "Pose and speed",
        "description": "The same input, speeds included, with no memory: the baseline that memory "
                       "must beat.",
        "differences": ["No recurrence; the slow speed looks back a quarter of a second"],
    },
    "pose": {
        "title": "One pose",
        "description": "One pose alone, without speeds and without memory.",
        "differences": ["No recurrence and no motion"],
    },
}
EARLIER = ("two runs one after the other: 800 steps with seed 1 on Kinect skeletons as they were "
           "recorded, and 250 with seed 2 once they had the proportions of landmarks "
           "(learn/spoil.py); neither saw what fixed cameras show (learn/footage.py)")
LIMITS = [
    "Learned from skeletons drawn by hand on web clips and from Kinect, joined to sequences and "
    "turned before cameras; real clips set the temperature alone. The real clips that judge are "
    "few, 20 of 13 places, and most of their time somebody stands or sits: the interval over "
    "places is wide",
    "On those clips standing and sitting are mostly found, and sitting down, standing up and "
    "waving where they are seen once or twice; walking mostly is not: people cross the picture in "
    "two seconds, half of them over its lower edge, and it says not sure. Somebody who walks "
    "towards a camera that moves along is called standing, somebody who walks below a camera at "
    "the ceiling sitting down, and small people of a crowd seen from far above jumping",
    "Where no leg is seen, nobody can tell standing from sitting, and it says not sure",
    "Knows 21 actions. What else somebody does is called not sure at best, and the nearest of the "
    "21 at worst (a climber: throwing, pulling up); falling, fighting, dancing and lying are not "
    "among them",
    "People of the sets are grown-ups, most of them young; children and wheelchairs were not seen",
    "An action is named while or after it is done, never before; the card says how late",
    "It says what a body does, not who it is and not why. Do not use it to judge people, and do "
    "not film people who did not agree: what somebody does at home or at work is theirs to tell",
]
