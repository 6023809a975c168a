"""Gait recognition: who walks in a clip, how, and who that is."""

from __future__ import annotations

from hybridcore.gait.samples import SAMPLES
from hybridcore.gait.tour import TOUR
from hybridcore.options import Choice, File, Number, Text
from hybridcore.system import Chart, Export, Kind, Reader, System, lazy
from hybridcore.text import write_csv, write_json

_CHARTS = "hybridcore.gait.charts"
_EXPORTS = "hybridcore.gait.exports"
_CLOTHES = ("This goes by what people wear, so it finds the same clothes on the same day, not the "
            "person: two who are dressed alike are taken for one.")
_NOT_WHOLE = "Nobody is in full view, so there are no steps to count or silhouettes to average."

SYSTEM = System(
    key="gait",
    title="Gait recognition",
    icon=":material/directions_walk:",
    rank=30,
    sentence="People walk past a camera: their silhouettes are cut out, their steps "
             "counted, a gait energy image builds up, and an LSTM names the walker or "
             "finds no match. It learned from rendered bodies, so treat a name as a guess.",
    papers=(
        "Feng, Li & Luo, Learning Effective Gait Features Using LSTM, ICPR 2016",
        "Chao, He, Zhang & Feng, GaitSet: Regarding Gait as a Set for Cross-View Gait Recognition, "
        "AAAI 2019",
        "Sun, Zheng, Yang, Tian & Wang, Beyond Part Models: Person Retrieval with Refined Part "
        "Pooling, ECCV 2018",
        "Han & Bhanu, Individual Recognition Using Gait Energy Image, TPAMI 2006",
        "Bashir, Xiang & Gong, Gait Recognition Using Gait Entropy Image, ICDP 2009",
    ),
    limits=(
        "Identification was measured on rendered bodies. The skeletons that move them are real; "
        "girth, limbs, head, hair and clothes are invented, and much of what the networks "
        "recognise is these: by motion alone they are right far less often (see the cards).",
        "Silhouettes come from people whom a network finds, so real clothes and a moving camera "
        "are no obstacle; how well names fit real people was not measured.",
        "More than one in ten strangers is mistaken for somebody enrolled: treat a name as a "
        "guess.",
        "Whether somebody was seen before goes by clothing: two who are dressed alike are taken "
        "for one, and nobody is known again in other clothes.",
        "Silhouettes from the background need a camera that stands still.",
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
            key="silhouettes", title="Silhouettes", default="auto", rerun=True,
            choices={"auto": "Automatic", "people": "From people",
                     "background": "From the background"},
            help="From people: a network finds each person, and the camera may move. From the "
                 "background: what differs from it; for a fixed camera and for figures that the "
                 "network does not take for people. Automatic: from people, if any are found."),
        Choice(
            key="background", title="Background", default="auto", rerun=True,
            choices={"auto": "Automatic", "mode": "Mode", "knn": "KNN", "mog2": "MOG2"},
            help="For silhouettes from the background. Automatic uses the commonest colour of "
                 "each pixel, or KNN where much of the picture keeps moving."),
        File(key="gallery", title="Gallery", made=True,
             help="Compare with the walkers enrolled in this file."),
        Text(key="enrol", title="Enrol", widget=False, help="Add the walker to the gallery under "
             "this name (needs --gallery)."),
        Number(key="walker", title="Walker", low=1, high=999, step=1, widget=False,
               help="Number of the walker to enrol, if there are several."),
    ),
    cards=("gait_clothes", "encoder"),
    samples=SAMPLES,
    outputs=lazy("hybridcore.gait.result:GaitResult"),
    load=lazy("hybridcore.gait.predict:GaitRecogniser.load"),
    text=lambda answer: answer.result.to_text(),
    headline=lambda answer: answer.result.headline(),
    notes=lambda answer: answer.result.notes,
    items=lazy(f"{_CHARTS}:items"),
    facts=lazy(f"{_CHARTS}:facts"),
    view=lazy("hybridcore.gait.view:player_view"),
    events=lazy("hybridcore.gait.view:events"),
    states=lazy(f"{_CHARTS}:states"),
    flow=lazy(f"{_CHARTS}:flow"),
    worked=lazy("hybridcore.gait.worked:strip_feature"),
    why=lazy("hybridcore.gait.why:gait_why"),
    charts=(
        Chart("notes", "Notes", "Notes on this walk",
              lazy(f"{_CHARTS}:notes")),
        Chart("strip", "Silhouettes", "Silhouettes at their times",
              lazy(f"{_CHARTS}:silhouettes"), over_time=True),
        Chart("width", "Steps", "Width of the lower half over time, with steps",
              lazy(f"{_CHARTS}:width"), over_time=True, empty=_NOT_WHOLE),
        Chart("energies", "Gait energy image, entropy image, and the energy image of each cycle",
              "Gait energy images", lazy(f"{_CHARTS}:energies"), empty=_NOT_WHOLE),
        Chart("evidence", "Identity at every frame, from all silhouettes so far",
              "Distance to the enrolled names over time", lazy(f"{_CHARTS}:evidence"),
              over_time=True),
        Chart("matches", "Nearest names", "Distance of this walk to the nearest enrolled names",
              lazy(f"{_CHARTS}:matches")),
        Chart("before", "Seen before, by clothing", "Whether everybody's clothes were seen before",
              lazy(f"{_CHARTS}:seen_before"), note=_CLOTHES),
        Chart("map", "Embedding map", "Enrolled walks and the walks in this input, on a plane",
              lazy(f"{_CHARTS}:embedding_map"), inside=True,
              note="The closer two walks lie, the more alike they are. A star marks a walk in this "
                   "input."),
        Chart("view", "View", "Probability of each angle", lazy(f"{_CHARTS}:views"), inside=True),
        Chart("stance", "Stance and swing", "Where feet touch the ground over time",
              lazy(f"{_CHARTS}:stance"), inside=True, over_time=True,
              note="Where feet meet the ground: a level streak is a foot in stance, a slope a foot "
                   "in swing."),
        Chart("compare", "Compare walks", "Gait energy images and their differences",
              lazy(f"{_CHARTS}:compare"), inside=True,
              note="Orange: more of this walker; blue: more of the other."),
        Chart("alike", "Clothes alike", "How alike the clothes of the walkers are",
              lazy(f"{_CHARTS}:alike"), inside=True, note=_CLOTHES),
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
    tour=TOUR,
)
