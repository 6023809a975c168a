"""Pose and action as a system: what it reads, which networks it has, what it shows."""

from __future__ import annotations

from hybridcore.options import Number
from hybridcore.pose.calibration import THRESHOLD
from hybridcore.pose.samples import SAMPLES
from hybridcore.pose.tour import TOUR
from hybridcore.system import Aspect, Chart, Export, Kind, Reader, System, Teaching, lazy
from hybridcore.text import write_csv, write_json

_CHARTS = "hybridcore.pose.charts"
_EXPORTS = "hybridcore.pose.exports"
_VIEW = "hybridcore.pose.view"
_NO_LEGS = "Too little of this person is seen for it."

SYSTEM = System(
    key="pose",
    title="Pose and action",
    icon=":material/accessibility_new:",
    rank=25,
    sentence="Everybody in a video gets a skeleton, and an LSTM says at every frame what they do: "
             "stand, sit down, walk, jump, wave, throw, and 15 more, or that it is not sure.",
    papers=(
        "Du, Wang & Wang, Hierarchical Recurrent Neural Network for Skeleton Based Action "
        "Recognition, CVPR 2015",
        "Bazarevsky et al., BlazePose: On-device Real-time Body Pose Tracking, 2020 (the network "
        "that finds the landmarks)",
        "Yang, Wu, Sakti & Nakamura, Make Skeleton-based Action Recognition Model Smaller, Faster "
        "and Better, ACM Multimedia Asia 2019 (DD-Net: joint distances and two speeds)",
        "Bai, Kolter & Koltun, An Empirical Evaluation of Generic Convolutional and Recurrent "
        "Networks for Sequence Modeling, 2018 (the TCN)",
    ),
    limits=(
        "Learned from skeletons of web clips and of Kinect recordings. It knows 21 actions; what "
        "else people do is called not sure at best and one of the 21 at worst. Falling, lying and "
        "fighting are not among them.",
        "On real clips it finds standing and sitting most of the time, and walking a fifth of the "
        "time, else it is not sure. Who walks towards a camera that moves along is called "
        "standing; views from the ceiling, and small people of a crowd, mislead it.",
        "Angles and speeds are those of the picture, not of space: an arm that points at the "
        "camera looks short.",
        "A clip may show people who were not asked. Landmarks are found on this machine and kept "
        "for a day at most beside the other results; they can be enough to know somebody by the "
        "way they move. Use it on yourself, or on people who agreed, and not to judge anybody.",
    ),
    reads=(
        Reader("video", lazy("hybridcore.media:Clip.open")),
        Reader("picture", lazy("hybridcore.media:Clip.open")),  # as a clip of one frame
    ),
    kinds=(
        Kind("lstm", "LSTM", "pose_lstm"),
        Kind("tcn", "TCN", "pose_tcn"),
        Kind("speed", "Pose and speed", "pose_speed", memory=False),
        Kind("pose", "One pose", "pose_pose", memory=False),
    ),
    cards=("people_body_detector", "people_body"),
    options=(
        Number(
            key="threshold", title="Sure from", default=THRESHOLD, low=0.0, high=1.0, step=0.05,
            help="Probability from which an action is named; below it the answer is not sure."),
    ),
    samples=SAMPLES,
    outputs=lazy("hybridcore.pose.result:PoseResult"),
    load=lazy("hybridcore.pose.predict:PoseReader.load"),
    text=lambda answer: answer.result.to_text(),
    headline=lambda answer: answer.result.headline(),
    notes=lambda answer: lazy("hybridcore.pose.notes:notes")(answer.result),
    items=lazy(f"{_VIEW}:items"),
    view=lazy(f"{_VIEW}:player_view"),
    events=lazy(f"{_VIEW}:events"),
    facts=lazy(f"{_CHARTS}:facts"),
    states=lazy(f"{_CHARTS}:states"),
    flow=lazy(f"{_CHARTS}:flow"),
    charts=(
        Chart("timeline", "Actions over time", "Probability of the main actions over time",
              lazy(f"{_CHARTS}:timeline"), over_time=True),
        Chart("angles", "Joint angles", "Angles of elbows, shoulders, hips and knees over time",
              lazy(f"{_CHARTS}:angle_lines"), over_time=True, empty=_NO_LEGS),
        Chart("speeds", "Speeds", "Speeds of wrists, ankles and the whole body over time",
              lazy(f"{_CHARTS}:speed_lines"), over_time=True, empty=_NO_LEGS),
        Chart("segments", "Stretches", "Table of what one person does",
              lazy(f"{_CHARTS}:segment_table"), note="Click a row to go there."),
        Chart("comparison", "Models side by side",
              "Probability of the action of each stretch under each network",
              lazy(f"{_CHARTS}:comparison"), inside=True, over_time=True,
              note="What each network makes of the action that the chosen one finds likeliest, "
                   "stretch by stretch."),
        Chart("visibility", "What is seen", "How well head, arms, torso and legs are seen",
              lazy(f"{_CHARTS}:visibility"), inside=True, over_time=True,
              note="Joints below one half are not drawn, and the networks are told that they are "
                   "missing."),
    ),
    exports=(
        Export(key="csv", title="Landmarks CSV", file_name="landmarks.csv", mime="text/csv",
               write=write_csv),
        Export(key="actions", title="Actions CSV", file_name="actions.csv", mime="text/csv",
               write=lazy(f"{_EXPORTS}:write_actions")),
        Export(key="json", title="JSON", file_name="pose.json", mime="application/json",
               write=write_json),
        Export(key="coco", title="COCO key points", file_name="keypoints.json",
               mime="application/json", write=lazy(f"{_EXPORTS}:write_coco")),
        Export(key="mp4", title="Annotated MP4", file_name="pose.mp4", mime="video/mp4",
               write=lazy(f"{_EXPORTS}:write_annotated"), slow=True, flags=("--video",)),
    ),
    teaching=Teaching(
        lazy("hybridcore.pose.own_movements:movements"), "the largest body, 15 steps a second",
        ("pose_lstm", "people_body_detector", "people_body"),
        aspects=(
            Aspect("pose, motion and memory", ("pose", "motion", "memory"),
                   "For most movements; the memory is that of the LSTM."),
            Aspect("pose and motion", ("pose", "motion"),
                   "For movements unlike all of the 21 actions."),
            Aspect("pose only", ("pose",),
                   "For postures that are held, such as arms crossed."),
        )),
    tour=TOUR,
)
