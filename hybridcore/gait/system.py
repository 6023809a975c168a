"""Gait recognition: who walks in a clip, how, and who that is."""

from __future__ import annotations

from hybridcore.gait.samples import SAMPLES
from hybridcore.options import Choice, File, Number, Text
from hybridcore.system import Chart, Export, Kind, Reader, System, lazy
from hybridcore.text import write_csv, write_json

_CHARTS = "hybridcore.gait.charts"
_EXPORTS = "hybridcore.gait.exports"


SYSTEM = System(
    key="gait",
    title="Gait recognition",
    icon=":material/directions_walk:",
    rank=30,
    sentence="People who walk past a fixed camera: silhouettes come off the background, steps are "
             "counted, the gait energy image builds up, and an LSTM names the walker, or finds no "
             "match. It learned from rendered bodies: treat a name as a guess.",
    papers=(
        "Feng, Li & Luo, Learning Effective Gait Features Using LSTM, ICPR 2016",
        "Chao, He, Zhang & Feng, GaitSet: Regarding Gait as a Set for Cross-View Gait Recognition, "
        "AAAI 2019",
        "Han & Bhanu, Individual Recognition Using Gait Energy Image, TPAMI 2006",
        "Bashir, Xiang & Gong, Gait Recognition Using Gait Entropy Image, ICDP 2009",
    ),
    limits=(
        "Identities are measured on rendered bodies. The skeletons that move them are real; girth, "
        "limbs, head, hair and clothes are invented, and most of what the networks recognise is in "
        "these.",
        "Real clothes and real segmentation were not measured.",
        "More than one in ten strangers is mistaken for somebody enrolled: treat a name as a "
        "guess.",
        "The camera has to stand still.",
    ),
    reads=(
        Reader("video", lazy("hybridcore.media:Clip.open")),
        Reader("archive", lazy("hybridcore.gait.mask_set:MaskSet.open")),
    ),
    kinds=(
        Kind("lstm", "LSTM", "gait_lstm"),
        Kind("set", "Set pooling", "gait_set", memory=False),
        Kind("mean", "Mean of frames", "gait_mean", memory=False),
        Kind("gei", "Gait energy image", "gait_gei", memory=False),
    ),
    options=(
        Choice(
            key="background", title="Background", default="auto", rerun=True,
            choices={"auto": "Automatic", "median": "Median", "knn": "KNN", "mog2": "MOG2"},
            help="Automatic takes the temporal median, and KNN where much of the picture never "
                 "rests."),
        File(key="gallery", title="Gallery", made=True,
             help="Compare with the walkers enrolled there."),
        Text(key="enrol", title="Enrol", widget=False, help="Add the walker to the gallery under "
             "this name."),
        Number(key="walker", title="Walker", low=1, high=999, step=1, widget=False,
               help="Which one to enrol, where there are several."),
    ),
    samples=SAMPLES,
    outputs=lazy("hybridcore.gait.result:GaitResult"),
    load=lazy("hybridcore.gait.predict:GaitRecogniser.load"),
    text=lambda answer: answer.result.to_text(),
    headline=lambda answer: answer.result.headline(),
    notes=lambda answer: answer.result.notes,
    items=lazy(f"{_CHARTS}:items"),
    facts=lazy(f"{_CHARTS}:facts"),
    view=lazy("hybridcore.gait.view:player_view"),
    states=lazy(f"{_CHARTS}:states"),
    flow=lazy(f"{_CHARTS}:flow"),
    charts=(
        Chart("notes", "Notes", "What to know before believing this walk",
              lazy(f"{_CHARTS}:notes")),
        Chart("strip", "Silhouettes", "Silhouettes at their times",
              lazy(f"{_CHARTS}:silhouettes"), over_time=True),
        Chart("width", "Steps", "Width of the lower half over time, with steps",
              lazy(f"{_CHARTS}:width"), over_time=True),
        Chart("energies", "Gait energy image, entropy image, and the energy image of each cycle",
              "Gait energy images", lazy(f"{_CHARTS}:energies")),
        Chart("evidence", "Identity at every frame, from all silhouettes so far",
              "Distance to the enrolled names over time", lazy(f"{_CHARTS}:evidence"),
              over_time=True),
        Chart("matches", "Nearest names", "Distance of this walk to the nearest enrolled names",
              lazy(f"{_CHARTS}:matches")),
        Chart("map", "Embedding map", "Enrolled walks and those of this input in a plane",
              lazy(f"{_CHARTS}:embedding_map"), inside=True,
              note="Walks that lie close walk alike; a star is a walk of this input."),
        Chart("view", "View", "Probability of each angle", lazy(f"{_CHARTS}:views"), inside=True),
        Chart("stance", "Stance and swing", "Where feet touch the ground over time",
              lazy(f"{_CHARTS}:stance"), inside=True, over_time=True,
              note="What touches the ground, over time: level streaks are a foot that stands, "
                   "slopes are a foot that swings."),
        Chart("compare", "Compare walks", "Gait energy images and their differences",
              lazy(f"{_CHARTS}:compare"), inside=True,
              note="Orange: more of this walker; blue: more of the other."),
    ),
    exports=(
        Export(key="json", title="JSON", file_name="gait.json", mime="application/json",
               write=write_json),
        Export(key="csv", title="CSV", file_name="gait.csv", mime="text/csv",
               write=write_csv),
        Export(key="gei", title="Energy images", file_name="gait-energy.png", mime="image/png",
               write=lazy(f"{_EXPORTS}:write_energies")),
        Export(key="mp4", title="Annotated MP4", file_name="gait.mp4", mime="video/mp4",
               write=lazy(f"{_EXPORTS}:write_video"), slow=True,
               fits=lazy(f"{_EXPORTS}:is_video"), flags=("--video",)),
    ),
    parts={"options": "pages.gait.gallery:session_gallery",
           "below": "pages.gait.gallery:show_gallery"},
)
