"""Scene labelling as a system: what it reads, which models it has, what it shows."""

from __future__ import annotations

from hybridcore.cards import ASSETS
from hybridcore.options import Number
from hybridcore.scene.calibration import THRESHOLD
from hybridcore.scene.tour import TOUR
from hybridcore.system import Aspect, Chart, Export, Kind, Reader, Sample, System, Teaching, lazy
from hybridcore.text import write_csv, write_json

_SAMPLES = ASSETS / "samples"


SYSTEM = System(
    key="scene",
    title="Scene labelling",
    icon=":material/landscape:",
    sentence="Upload a video and see, for every frame, the scene, the objects, where the network "
             "looked and what its LSTM remembers, beside the same network without memory.",
    papers=(
        "Donahue et al., Long-term Recurrent Convolutional Networks for Visual Recognition and "
        "Description, CVPR 2015",
        "Bai, Kolter & Koltun, An Empirical Evaluation of Generic Convolutional and Recurrent "
        "Networks for Sequence Modeling, 2018 (the TCN)",
    ),
    limits=(
        "The encoder learned its 100 scenes from MiniPlaces: small, deliberately taken "
        "photographs. It has never seen surveillance footage, drawings, or a scene outside those "
        "100. On real clips it is seldom right: probabilities are calibrated there, and where none "
        "is high enough a coarser name is said, or that it is not sure.",
        "The temporal models learned from photographs seen through a simulated camera, with blur, "
        "darkness, noise, occlusion and cuts, not from real video: no public video data set of "
        "these scenes was available.",
    ),
    reads=(
        Reader("video", lazy("hybridcore.media:Clip.open")),
        Reader("picture", lazy("hybridcore.media:Clip.open")),  # as a clip of one frame
    ),
    kinds=(
        Kind("lstm", "LSTM", "scene_lstm"),
        Kind("tcn", "TCN", "scene_tcn"),
        Kind("frame", "Frame only", "scene_frame", memory=False),
    ),
    cards=("encoder", "scene_groups", "scene_place"),
    options=(
        Number(
            key="threshold", title="Sure from", default=THRESHOLD, low=0.0, high=1.0,
            step=0.05,
            help="Probability from which a scene is named. Below it a coarser name is said that is "
                 "likely enough, such as shop or indoor, or else that it is none that the model "
                 "knows, or that it is not sure."),
    ),
    samples=(
        Sample(
            "rendered-tour", "Rendered tour",
            "Snowy mountains, dunes, icebergs and a corridor, rendered by this project without any "
            "photograph. Scene changes are cuts, and one dissolve into the ice.",
            _SAMPLES / "rendered-tour.mp4", _SAMPLES / "rendered-tour.jpg"),
        Sample(
            "hard-footage", "Hard footage",
            "Rendered by this project, then degraded on purpose: motion blur, defocus, darkness, "
            "noise, coarse compression and something passing in front of the lens.",
            _SAMPLES / "hard-footage.mp4", _SAMPLES / "hard-footage.jpg"),
        Sample(
            "photographs", "Photographs",
            "A simulated camera moves over photographs that ship with scikit-learn and "
            "scikit-image. Made on first use; nothing is downloaded.",
            lazy("hybridcore.scene.photographs:film"),
            lazy("hybridcore.scene.photographs:thumbnail")),
    ),
    outputs=lazy("hybridcore.scene.result:SceneResult"),
    load=lazy("hybridcore.scene.predict:SceneLabeller.load"),
    view=lazy("hybridcore.scene.view:player_view"),
    charts=(
        Chart("timeline", "Scenes over time",
              "Probability of the main scenes over time",
              lazy("hybridcore.scene.charts:timeline"), over_time=True),
        Chart("segments", "Segments", "Table of the segments",
              lazy("hybridcore.scene.charts:segment_table"), note="Click a row to go there."),
        Chart("votes", "Votes for the group",
              "Objects in this frame and the groups that they vote for",
              lazy("hybridcore.scene.charts:object_votes"), at_frame=True),
        Chart("attention", "Attention", "Frames of the clip under their attention maps",
              lazy("hybridcore.scene.charts:attention_strip"), inside=True,
              note="The network looked where it is brighter; each map sums to one over its cells."),
        Chart("comparison", "Models side by side",
              "Probability of the segment's scene under each model",
              lazy("hybridcore.scene.charts:comparison"), inside=True, over_time=True,
              note="What each model makes of the scene that the chosen model names, segment by "
                   "segment."),
        Chart("groups", "Groups",
              "Share of indoor, outdoor natural and outdoor built over time",
              lazy("hybridcore.scene.charts:group_areas"), inside=True, over_time=True),
    ),
    events=lazy("hybridcore.scene.view:events"),
    states=lazy("hybridcore.scene.states:lstm_states"),
    flow=lazy("hybridcore.scene.states:data_flow"),
    worked=lazy("hybridcore.scene.states:attended_feature"),
    why=lazy("hybridcore.scene.why:scene_why"),
    exports=(
        Export(key="csv", title="CSV", file_name="scenes.csv", mime="text/csv", write=write_csv),
        Export(key="json", title="JSON", file_name="scenes.json", mime="application/json",
               write=write_json),
        Export(key="vtt", title="VTT", file_name="scenes.vtt", mime="text/vtt",
               write=lazy("hybridcore.scene.result:write_vtt")),
        Export(key="mp4", title="Annotated MP4", file_name="scenes.mp4", mime="video/mp4",
               write=lazy("hybridcore.scene.annotate:write_annotated"), slow=True,
               flags=("--video",)),
    ),
    teaching=Teaching(
        lazy("hybridcore.scene.features:features"), "looks, motion and pace, 10 a second",
        ("encoder",),
        aspects=(
            Aspect("appearance and motion", ("appearance", "close-up", "motion", "flow"),
                   "For most labels, once several people or things were marked with each."),
            Aspect("motion only", ("motion", "flow"),
                   "For what is done, whoever does it: clothes and places are not learned."),
            Aspect("appearance only", ("appearance", "close-up"),
                   "For what is there, such as a thing or a place, however it moves."),
            Aspect("pace only", ("pace",),
                   "For how fast and how unruly things move, such as fights or play, whoever it is "
                   "and whatever they do."),
        ), heads=("fights",)),
    text=lazy("hybridcore.scene.result:segment_lines"),
    headline=lazy("hybridcore.scene.result:headline"),
    aliases=("label",),
    rank=10,
    tour=TOUR,
)
