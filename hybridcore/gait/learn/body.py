"""A body around a skeleton: tapered capsules for limbs, torso, head, clothes and what is carried.

A capsule is a sphere moved along a bone, its radius changing on the way. Torso and head are wider
than deep; theirs carry two radii (across, deep) and show what the camera sees of the ellipse. All
sizes here are invented, drawn once for each person around those of an adult 1.7 m tall (Winter,
*Biomechanics and Motor Control of Human Movement*, 2009, for the proportions); only the skeleton
is measured.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hybridcore.gait.learn import skeleton as sk

Condition = Literal["normal", "bag", "coat"]
CONDITIONS: tuple[Condition, ...] = ("normal", "bag", "coat")
Carried = Literal["handbag", "shoulder bag", "backpack"]
CARRIED: tuple[Carried, ...] = ("handbag", "shoulder bag", "backpack")


@dataclass(frozen=True)
class Shape:
    """What is invented of a person: the distance of the shoulders in metres, then factors of the
    radii of everything, of belly, hips, limbs and head; long hair in 0..1."""

    shoulders: float = 0.36
    girth: float = 1.0
    belly: float = 1.0
    hips: float = 1.0
    limbs: float = 1.0
    head: float = 1.0
    hair: float = 0.0

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Shape:
        """Someone."""
        spread = np.clip(rng.standard_normal(6), -2, 2)
        return cls(
            shoulders=0.36 + 0.022 * spread[0], girth=1 + 0.09 * spread[1],
            belly=1 + 0.10 * spread[2], hips=1 + 0.08 * spread[3], limbs=1 + 0.07 * spread[4],
            head=1 + 0.04 * spread[5], hair=float(rng.random() < 0.4) * rng.uniform(0.4, 1),
        )


@dataclass(frozen=True)
class Outfit:
    """What changes from walk to walk: looseness is a factor of the radii; coat is 0 for none, else
    how far it goes down the thigh (1: to the knee); carried is a bag or None, side 1 for right."""

    looseness: float = 1.0
    coat: float = 0.0
    carried: Carried | None = None
    side: int = 1
    size: float = 1.0  # of what is carried

    @classmethod
    def draw(cls, condition: Condition, rng: np.random.Generator) -> Outfit:
        """What someone wears and carries."""
        return cls(
            looseness=1 + 0.03 * float(np.clip(rng.standard_normal(), -2, 2)),
            coat=float(rng.uniform(0.55, 1.15)) if condition == "coat" else 0.0,
            carried=CARRIED[rng.integers(len(CARRIED))] if condition == "bag" else None,
            side=int(rng.choice((-1, 1))), size=float(rng.uniform(0.85, 1.2)),
        )


@dataclass(frozen=True)
class Capsules:
    """M tapered capsules in each of T frames: ends float32 ``[T, M, 2, 3]`` in metres (x ahead,
    y up, z right); radii ``[M, 2, 2]`` in metres: end, then (across, deep); parts: name of each."""

    ends: np.ndarray
    radii: np.ndarray
    parts: tuple[str, ...]

    def projected_radii(self, angle: float) -> np.ndarray:
        """The radii as seen at ``angle`` rad from ahead, metres ``[M, 2]``: of an ellipse, half
        its shadow."""
        across, deep = self.radii[..., 0], self.radii[..., 1]
        return np.hypot(across * math.cos(angle), deep * math.sin(angle))


def dress(joints: np.ndarray, shape: Shape, outfit: Outfit) -> Capsules:
    """The body around joints ``[T, 20, 3]`` that walk along +x (depth already put in)."""
    limbs: list[tuple[str, np.ndarray, np.ndarray, tuple[float, float], tuple[float, float]]] = []

    def add(
        part: str, a: np.ndarray, b: np.ndarray,
        first: float | tuple[float, float], second: float | tuple[float, float],
    ) -> None:
        both = [r if isinstance(r, tuple) else (r, r) for r in (first, second)]
        limbs.append((part, a, b, both[0], both[1]))

    def offset(x: float, y: float, z: float = 0.0) -> np.ndarray:
        return np.array([x, y, z], np.float32)

    def between(a: int, b: int, share: float) -> np.ndarray:
        return joints[:, a] * (1 - share) + joints[:, b] * share

    coat = outfit.coat > 0
    cloth = shape.girth * outfit.looseness
    body = cloth * (1.12 if coat else 1.0)
    limb = cloth * shape.limbs
    arm = limb * (1.25 if coat else 1.0)
    half = shape.shoulders / 2

    head, neck = joints[:, sk.HEAD], joints[:, sk.NECK]
    add("head", head + offset(0.012, -0.035), head + offset(0, 0.03),
        (0.066 * shape.head, 0.082 * shape.head), (0.078 * shape.head, 0.096 * shape.head))
    add("hair", head + offset(-0.02, 0.035), head + offset(-0.04 - 0.03 * shape.hair,
        0.01 - 0.17 * shape.hair), 0.083 * shape.head, 0.07 * shape.head)
    add("neck", neck + offset(-0.005, -0.02), head + offset(-0.005, -0.05),
        0.058 * cloth, 0.05 * cloth)

    pelvis = joints[:, sk.PELVIS] + offset(-0.01, 0.02)
    crotch = between(sk.HIP_R, sk.HIP_L, 0.5) + offset(-0.015, -0.04)
    waist = between(sk.PELVIS, sk.NECK, 0.35) + offset(0.005, 0)
    chest = between(sk.PELVIS, sk.NECK, 0.72)
    wide_hips = (0.155 * body * shape.hips, 0.115 * body * shape.hips)
    wide_waist = (0.140 * body, 0.105 * body * shape.belly)
    wide_chest = (half * 0.82 * body**0.5, 0.112 * body)
    add("torso", crotch, pelvis, (0.135 * body * shape.hips, 0.105 * body), wide_hips)
    add("torso", pelvis, waist, wide_hips, wide_waist)
    add("torso", waist, chest, wide_waist, wide_chest)
    add("torso", chest, neck + offset(0, -0.04), wide_chest, (half * 0.55, 0.07 * body))
    add("torso", joints[:, sk.SHOULDER_R] + offset(0, -0.02),
        joints[:, sk.SHOULDER_L] + offset(0, -0.02), 0.055 * arm, 0.055 * arm)

    for side in (0, 1):
        shoulder, elbow, wrist, hand, hip, knee, ankle, foot = (
            joints[:, joint + side] for joint in (
                sk.SHOULDER_R, sk.ELBOW_R, sk.WRIST_R, sk.HAND_R,
                sk.HIP_R, sk.KNEE_R, sk.ANKLE_R, sk.FOOT_R))
        add("sleeve", shoulder + offset(0, -0.02), elbow, 0.052 * arm, 0.042 * arm)
        add("sleeve", elbow, wrist, 0.042 * arm, 0.033 * arm)
        add("hand", wrist, hand, 0.033, 0.03)
        add("leg", hip + offset(-0.01, -0.02), knee, 0.088 * limb, 0.060 * limb)
        add("leg", knee, ankle, 0.060 * limb, 0.045 * limb)
        sole = foot - ankle  # the sensor's foot is short: from the ankle to the ball
        sole = sole / np.maximum(np.linalg.norm(sole, axis=1, keepdims=True), 1e-3)
        add("shoe", ankle + offset(0, -0.035) - 0.045 * sole, ankle + offset(0, -0.045)
            + 0.15 * sole, 0.042, 0.03)

    if coat:
        hems = []
        for side in (0, 1):
            hip, knee = joints[:, sk.HIP_R + side], joints[:, sk.KNEE_R + side]
            hem = hip + outfit.coat * (knee - hip)
            hems.append(hem)
            add("coat", pelvis, hem, wide_hips, 0.105 * body)
        add("coat", hems[0], hems[1], 0.105 * body, 0.105 * body)
    if outfit.carried:
        size, side = outfit.size, int(outfit.side < 0)
        if outfit.carried == "handbag":
            hand = joints[:, sk.HAND_R + side]
            add("bag", hand + offset(-0.09, -0.22), hand + offset(0.09, -0.22),
                (0.05 * size, 0.11 * size), (0.05 * size, 0.11 * size))
            add("bag", hand, hand + offset(0, -0.16), 0.025, 0.03)
        elif outfit.carried == "shoulder bag":
            hip = joints[:, sk.HIP_R + side] + offset(-0.03, -0.02, outfit.side * 0.09)
            add("bag", hip + offset(-0.10, 0), hip + offset(0.08, 0), 0.11 * size, 0.11 * size)
        else:
            back = offset(-0.10 * body - 0.06 * size, 0)
            add("bag", waist + back, chest + back, (0.13 * size, 0.10 * size),
                (0.12 * size, 0.085 * size))
    parts, a, b, first, second = zip(*limbs, strict=True)
    return Capsules(
        ends=np.stack([np.stack(a, 1), np.stack(b, 1)], 2).astype(np.float32),
        radii=np.array([first, second], np.float32).transpose(1, 0, 2),
        parts=parts,
    )
