"""Gestures as a system: what it reads, which networks it has, what it shows."""

from __future__ import annotations

from hybridcore.gesture.calibration import THRESHOLD
from hybridcore.gesture.samples import SAMPLES
from hybridcore.gesture.tour import TOUR
from hybridcore.options import Number
from hybridcore.system import Chart, Export, Kind, Reader, System, lazy
from hybridcore.text import write_csv, write_json

_CHARTS = "hybridcore.gesture.charts"
_EXPORTS = "hybridcore.gesture.exports"
_VIEW = "hybridcore.gesture.view"

SYSTEM = System(
    key="gesture",
    title="Gestures",
    icon=":material/waving_hand:",
    rank=27,
    sentence="Hands before a camera become points, and an LSTM says at every frame what they do: "
             "hello, thanks, I love you, a swipe, a pinch, a grab, an open hand, pointing, "
             "nothing, or that it is not sure.",
    papers=(
        "Molchanov et al., Online Detection and Classification of Dynamic Hand Gestures with "
        "Recurrent 3D Convolutional Neural Networks, CVPR 2016",
        "Zhang et al., MediaPipe Hands: On-device Real-time Hand Tracking, CVPR Workshops 2020 "
        "(the network that finds the points)",
        "Caputo et al., SFINGE 3D: A Novel Benchmark for Online Detection and Recognition of "
        "Heterogeneous Hand Gestures from 3D Fingers' Trajectories, Computers & Graphics 2020",
    ),
    limits=(
        "Three words are no sign language. It learned them from people who recorded themselves "
        "before a webcam, few of whom sign every day; other signs are called not sure at best, "
        "and one of these gestures at worst.",
        "Left and right are the person's own, in a picture that is not mirrored. A mirrored "
        "recording turns swipes around.",
        "Swipes, pinches, grabs, opening and pointing were learned from a finger sensor and from "
        "still hands, placed before a drawn camera; how often they are right in real video was "
        "not measured.",
        "A clip may show people who were not asked. Points are found on this machine and kept for "
        "a day at most beside the other results.",
    ),
    reads=(
        Reader("video", lazy("hybridcore.media:Clip.open")),
        Reader("picture", lazy("hybridcore.media:Clip.open")),  # as a clip of one frame
    ),
    kinds=(
        Kind("lstm", "LSTM", "gesture_lstm"),
        Kind("average", "Moving average", "gesture_frame"),
        Kind("frame", "One moment", "gesture_frame", memory=False),
    ),
    cards=("people_palm_detector", "people_hand", "people_body_detector", "people_body"),
    options=(
        Number(
            key="threshold", title="Sure from", default=THRESHOLD, low=0.0, high=1.0, step=0.05,
            help="Probability from which a gesture is named; below it the answer is not sure."),
    ),
    samples=SAMPLES,
    outputs=lazy("hybridcore.gesture.result:GestureResult"),
    load=lazy("hybridcore.gesture.predict:GestureReader.load"),
    text=lambda answer: answer.result.to_text(),
    headline=lambda answer: answer.result.headline(),
    notes=lambda answer: lazy("hybridcore.gesture.notes:notes")(answer.result),
    items=lazy(f"{_VIEW}:items"),
    view=lazy(f"{_VIEW}:player_view"),
    events=lazy(f"{_VIEW}:events"),
    facts=lazy(f"{_CHARTS}:facts"),
    states=lazy(f"{_CHARTS}:states"),
    flow=lazy(f"{_CHARTS}:flow"),
    charts=(
        Chart("timeline", "Gestures over time", "Probability of the main gestures over time",
              lazy(f"{_CHARTS}:timeline"), over_time=True),
        Chart("segments", "Gestures", "Table of the gestures of one person",
              lazy(f"{_CHARTS}:segment_table"), note="Click a row to go there.",
              empty="No gesture was found."),
        Chart("comparison", "Models side by side",
              "Probability of each gesture under the LSTM, the moving average and one moment",
              lazy(f"{_CHARTS}:comparison"), inside=True, over_time=True,
              note="What each makes of the gesture that the chosen one finds likeliest. One moment "
                   "sees no movement; the moving average is its mean over the last second."),
        Chart("paths", "Where the hands are", "Place of both wrists in the picture over time",
              lazy(f"{_CHARTS}:paths"), inside=True, over_time=True,
              note="Gaps: the hand was not found.", empty="No hand was found."),
    ),
    exports=(
        Export(key="csv", title="Landmarks CSV", file_name="landmarks.csv", mime="text/csv",
               write=write_csv),
        Export(key="gestures", title="Gestures CSV", file_name="gestures.csv", mime="text/csv",
               write=lazy(f"{_EXPORTS}:write_gestures")),
        Export(key="json", title="JSON", file_name="gestures.json", mime="application/json",
               write=write_json),
        Export(key="vtt", title="VTT", file_name="gestures.vtt", mime="text/vtt",
               write=lazy(f"{_EXPORTS}:write_vtt")),
        Export(key="mp4", title="Annotated MP4", file_name="gestures-seen.mp4", mime="video/mp4",
               write=lazy(f"{_EXPORTS}:write_annotated"), slow=True, flags=("--video",)),
    ),
    tour=TOUR,
)
