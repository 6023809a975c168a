"""What the cards of the pose networks say beside what is measured."""

from __future__ import annotations

from typing import Any

from hybridcore.pose.model import Kind
from hybridcore.training.sources import JHMDB, KINECT_GAIT, MSR_ACTION3D, PAPERS, UTD_MHAD

DATA = [JHMDB, UTD_MHAD, MSR_ACTION3D, KINECT_GAIT]
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
EARLIER = ("a run of 800 steps with seed 1 on Kinect skeletons as they were recorded, before they "
           "were given the proportions of landmarks (learn/spoil.py)")
LIMITS = [
    "Learned from skeletons drawn by hand on web clips and from Kinect, joined to sequences, not "
    "from landmarks of continuous real video; how often it is right there was not measured. In the "
    "one real clip that was looked at by eye somebody who stands at a table with the back to the "
    "camera, seen from above, is called walking",
    "Knows 21 actions. What else somebody does is called not sure at best, and the nearest of the "
    "21 at worst; falling, fighting and lying are not among them",
    "People of the sets are grown-ups before a camera at about the height of the chest, most of "
    "them young; children, wheelchairs, and views from above were not seen",
    "An action is named while or after it is done, never before; the card says how late",
    "It says what a body does, not who it is and not why. Do not use it to judge people, and do "
    "not film people who did not agree: what somebody does at home or at work is theirs to tell",
]
