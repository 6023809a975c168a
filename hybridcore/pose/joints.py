"""The joints that the pose networks read: thirteen that every skeleton data set has.

They are a subset of the 33 landmarks of MediaPipe Pose (:data:`LANDMARKS` says which), so that
skeletons of Kinect, of drawn puppets and of real video are laid out alike. Left and right are those
of the person. In arrays ``[..., J, 2]`` x grows to the right of the picture and y downwards; a
joint that is not seen is NaN.
"""

from __future__ import annotations

JOINTS = (
    "nose", "left shoulder", "right shoulder", "left elbow", "right elbow", "left wrist",
    "right wrist", "left hip", "right hip", "left knee", "right knee", "left ankle", "right ankle",
)
LANDMARKS = (0, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)  # of JOINTS in MediaPipe Pose
MIRRORED = (0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11)  # the joint on the other side of the body
SHOULDERS, WRISTS, HIPS, KNEES, ANKLES = (1, 2), (5, 6), (7, 8), (9, 10), (11, 12)
LEGS = (*KNEES, *ANKLES)
BONES = (
    (0, 1), (0, 2), (1, 2), (1, 3), (3, 5), (2, 4), (4, 6), (1, 7), (2, 8), (7, 8), (7, 9), (9, 11),
    (8, 10), (10, 12),
)
# Angles between two bones: the joint in the middle and the two beside it.
ANGLES = {
    "left elbow": (1, 3, 5), "right elbow": (2, 4, 6),
    "left shoulder": (7, 1, 3), "right shoulder": (8, 2, 4),
    "left hip": (1, 7, 9), "right hip": (2, 8, 10),
    "left knee": (7, 9, 11), "right knee": (8, 10, 12),
}
