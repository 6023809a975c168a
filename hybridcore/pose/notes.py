"""What a person should know before believing an answer: one sentence each."""

from __future__ import annotations

import numpy as np

from hybridcore.people.finder import MOST
from hybridcore.pose.joints import HIPS, LEGS
from hybridcore.pose.measures import seen_share
from hybridcore.pose.result import Body, PoseResult
from hybridcore.text import enumerated

_SMALL = 60  # px of the video; below, an arm is a few pixels
_DOUBTFUL = 0.85  # mean presence; people who are seen well have more
_MOST_NAMED = 4  # people whom one sentence names

NOBODY = ("Nobody is seen. People are found whose head or shoulders show and who are not tiny; "
          "animals, most drawings and people seen from far above are not.")
CROWD = (f"{MOST} people or more are here at once, and no more are followed: others are left out, "
         "and people who hide one another may change names.")
STILL = "One picture shows no movement: what is said comes from the pose alone."


def notes(result: PoseResult) -> tuple[str, ...]:
    """Sentences on a result."""
    if not result.bodies:
        return (NOBODY,)
    found = []
    if len(result.times) == 1:
        found.append(STILL)
    if result.crowd >= MOST:
        found.append(CROWD)
    found += [
        sentence.format(_named(own), "is" if len(own) == 1 else "are")
        for sentence, own in (
            ("The legs of {0} are not seen: there are no angles of hips and knees, and what the "
             "legs do is a guess.", [b for b in result.bodies if torso_only(b)]),
            (f"{{0}} {{1}} less than {_SMALL} px tall: landmarks are rough.",
             [b for b in result.bodies if _height(b, result.height) < _SMALL]),
            ("{0} may be no person: a drawing, a statue, an animal or a poster.",
             [b for b in result.bodies if b.presence.mean() < _DOUBTFUL]),
        ) if own]
    return tuple(sentence[0].upper() + sentence[1:] for sentence in found)


def torso_only(body: Body) -> bool:
    """Whether knees and ankles are hardly ever seen."""
    return seen_share(body.visibility, LEGS) < 0.2 and \
        seen_share(body.visibility, LEGS) <= seen_share(body.visibility, HIPS)


def _height(body: Body, height: int) -> float:
    """Of its box, px."""
    return float(np.median(body.boxes[:, 3] - body.boxes[:, 1])) * height


def _named(bodies: list[Body]) -> str:
    """Their names, the first few of them."""
    names = [body.name for body in bodies]
    return f"{len(names)} people" if len(names) > _MOST_NAMED else enumerated(names)
