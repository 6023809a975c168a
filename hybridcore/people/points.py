"""The names of landmarks and the lines between them: bodies, hands and faces.

Left and right are the person's own. Points of the face mesh have numbers, no names; the outlines
below are those that MediaPipe draws.
"""

from __future__ import annotations

BODY_POINTS = (
    "nose",
    "left eye (inner)", "left eye", "left eye (outer)",
    "right eye (inner)", "right eye", "right eye (outer)",
    "left ear", "right ear", "mouth (left)", "mouth (right)",
    "left shoulder", "right shoulder", "left elbow", "right elbow", "left wrist", "right wrist",
    "left pinky", "right pinky", "left index", "right index", "left thumb", "right thumb",
    "left hip", "right hip", "left knee", "right knee", "left ankle", "right ankle",
    "left heel", "right heel", "left foot index", "right foot index",
)
BODY_EDGES = (
    (0, 1), (1, 2), (2, 3), (3, 7), (0, 4), (4, 5), (5, 6), (6, 8), (9, 10),
    (11, 12), (11, 23), (12, 24), (23, 24),
    (11, 13), (13, 15), (15, 17), (15, 19), (15, 21), (17, 19),
    (12, 14), (14, 16), (16, 18), (16, 20), (16, 22), (18, 20),
    (23, 25), (25, 27), (27, 29), (29, 31), (27, 31),
    (24, 26), (26, 28), (28, 30), (30, 32), (28, 32),
)
SHOULDERS, HIPS, WRISTS, ANKLES = (11, 12), (23, 24), (15, 16), (27, 28)  # left, right
FACE = 11  # so many points come first: nose, eyes, ears and mouth
TORSO = (11, 12, 24, 23)  # once around

HAND_POINTS = (
    "wrist",
    *(f"{finger} {joint}" for finger, joints in (
        ("thumb", ("CMC", "MCP", "IP", "tip")),
        ("index", ("MCP", "PIP", "DIP", "tip")), ("middle", ("MCP", "PIP", "DIP", "tip")),
        ("ring", ("MCP", "PIP", "DIP", "tip")), ("pinky", ("MCP", "PIP", "DIP", "tip")),
    ) for joint in joints),
)
HAND_EDGES = (
    (0, 1), (1, 2), (2, 3), (3, 4), (0, 5), (5, 6), (6, 7), (7, 8), (5, 9), (9, 10), (10, 11),
    (11, 12), (9, 13), (13, 14), (14, 15), (15, 16), (13, 17), (0, 17), (17, 18), (18, 19),
    (19, 20),
)

FACE_POINTS = 468
FACE_OUTLINES = {  # once around each
    "face": (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400,
             377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67,
             109),
    "right eye": (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    "left eye": (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    "lips": (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40,
             185),
}
