"""Scene labelling as a system: what it reads, which models it has, what it shows."""

from __future__ import annotations

from hybridcore.cards import ASSETS
from hybridcore.system import Chart, Export, Kind, Reader, Sample, System, lazy
from hybridcore.text import write_csv, write_json

_SAMPLES = ASSETS / "samples"


SYSTEM = System(
    key="scene",
    title="Scene labelling",
    icon=":material/landscape:",
    sentence="Upload a video: for every frame the scene, the objects, where the network looked, "
             "and what its LSTM remembers, beside the same network without memory.",
    papers=(
        "Donahue et al., Long-term Recurrent Convolutional Networks for Visual Recognition and "
        "Description, CVPR 2015",
        "Bai, Kolter & Koltun, An Empirical Evaluation of Generic Convolutional and Recurrent "
        "Networks for Sequence Modeling, 2018 (the TCN)",
    ),
    limits=(
        "The encoder learned its 100 scenes from MiniPlaces: small photographs that people took "
        "with intent. It has never seen surveillance footage, drawings, or a scene outside those "
        "100 names, and it always names one of them: look at its confidence.",
        "No public video set of these scenes was at hand. The models over time learned from "
        "photographs seen through a simulated camera, with blur, darkness, noise, occlusion and "
        "cuts, not from real video.",
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
    cards=("encoder", "scene_groups"),
    samples=(
        Sample(
            "rendered-tour", "Rendered tour",
            "Snowy mountains, dunes, icebergs and a corridor, rendered by this project: height "
            "fields and a ray-traced box, no photograph. Cuts, and one dissolve into the ice.",
            _SAMPLES / "rendered-tour.mp4", _SAMPLES / "rendered-tour.jpg"),
        Sample(
            "hard-footage", "Hard footage",
            "Rendered by this project and then spoilt on purpose: motion blur, defocus, darkness, "
            "noise, coarse compression and something passing before the lens.",
            _SAMPLES / "hard-footage.mp4", _SAMPLES / "hard-footage.jpg"),
        Sample(
            "photographs", "Photographs",
            "Photographs that come with scikit-learn and scikit-image, camera path composed by "
            "this project. Composed on first use; nothing is downloaded.",
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
              lazy("hybridcore.scene.charts:segment_table"), note="Choose a row to go there."),
        Chart("votes", "What voted for the group",
              "Objects of this frame and the groups that they vote for",
              lazy("hybridcore.scene.charts:object_votes"), at_frame=True),
        Chart("attention", "Attention", "Frames of the clip under their attention maps",
              lazy("hybridcore.scene.charts:attention_strip"), inside=True,
              note="Brighter is where the network looked; each map sums to one over its cells."),
        Chart("comparison", "Models side by side",
              "Probability of the segment's scene under each model",
              lazy("hybridcore.scene.charts:comparison"), inside=True, over_time=True,
              note="Probability, by each model, of the scene that the segments of the model chosen "
                   "name."),
        Chart("groups", "Groups",
              "Share of indoor, outdoor natural and outdoor built over time",
              lazy("hybridcore.scene.charts:group_areas"), inside=True, over_time=True),
    ),
    states=lazy("hybridcore.scene.states:lstm_states"),
    flow=lazy("hybridcore.scene.states:data_flow"),
    exports=(
        Export(key="csv", title="CSV", file_name="scenes.csv", mime="text/csv", write=write_csv),
        Export(key="json", title="JSON", file_name="scenes.json", mime="application/json",
               write=write_json),
        Export(key="mp4", title="Annotated MP4", file_name="scenes.mp4", mime="video/mp4",
               write=lazy("hybridcore.scene.annotate:write_annotated"), slow=True,
               flags=("--video",)),
    ),
    text=lazy("hybridcore.scene.result:segment_lines"),
    headline=lazy("hybridcore.scene.result:headline"),
    aliases=("label",),
    rank=10,
)
