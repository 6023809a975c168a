"""What a face and a voice say, as a system: what it reads, who its witnesses are, what it shows."""

from __future__ import annotations

from hybridcore.emotion.samples import SAMPLES
from hybridcore.emotion.tour import TOUR
from hybridcore.emotion.witnesses import FUSED, WITNESSES
from hybridcore.options import Choices, Number
from hybridcore.system import Aspect, Chart, Export, Kind, Reader, System, Teaching, lazy
from hybridcore.text import write_csv, write_json

_CHARTS = "hybridcore.emotion.charts"
_EXPORTS = "hybridcore.emotion.exports"
_VIEW = "hybridcore.emotion.view"
_NOBODY = "Nobody who is heard says anything here."
_NO_FACE = "No face is seen here."

SYSTEM = System(
    key="emotion",
    title="Emotion",
    icon=":material/theater_comedy:",
    rank=28,
    sentence="What a face and a voice say, witness by witness on one clock, and what they say "
             "together under weights that you move. Expression is not feeling.",
    papers=(
        "Fan, Lu, Li & Liu, Video-Based Emotion Recognition Using CNN-RNN and C3D Hybrid Networks, "
        "ICMI 2016 (the winners of EmotiW 2016: 59.02 % on data that cannot be had, so that no "
        "figure here compares with it)",
        "Mirsamadi, Barsoum & Zhang, Automatic Speech Emotion Recognition Using Recurrent Neural "
        "Networks with Local Attention, ICASSP 2017",
        "Hinton, Training Products of Experts by Minimizing Contrastive Divergence, 2002",
        "Russell, A Circumplex Model of Affect, 1980",
        "Barrett et al., Emotional Expressions Reconsidered, Psychological Science in the Public "
        "Interest 2019 (why expression is not feeling)",
    ),
    limits=(
        "Expression is not feeling: what somebody shows depends on culture, place and will. Not "
        "to judge, hire, watch or treat anybody by.",
        "The voice learned from 24 actors who played an emotion in each of two English sentences. "
        "What people do by themselves is weaker and mixed; other languages, children and old "
        "people are heard worse.",
        "No clips are at hand in which face and voice are both labelled, so the weights of the "
        "fusion are not learned: they are yours to move.",
        "A mask, a cloth or a scarf over mouth and nose was noticed on 91 of 100 faces (488 real "
        "ones), and then nobody says what the face shows; in 42 of 100 pictures of people in masks "
        "(1,024) no face was found at all. Masks that are missed, a hand or a mask below the nose "
        "pull the face towards surprise or fear.",
        "Drawn faces are read like others as long as they are found.",
        "Whose voice it is nobody tells the machine: it counts for everybody who is seen.",
        "Nothing is kept beyond a day beside the other results. Use it on yourself, or on people "
        "who agreed.",
    ),
    reads=(
        Reader("video", lazy("hybridcore.media:Clip.open")),
        Reader("picture", lazy("hybridcore.media:Clip.open")),  # as a clip of one frame
        Reader("sound", lazy("hybridcore.media.recording:Recording.open")),
    ),
    kinds=(
        Kind(FUSED, "Together"),
        *(Kind(w.key, w.title, w.card, w.memory) for w in WITNESSES),
    ),
    options=(
        *(Number(key=w.key, title=f"Weight: {w.title.lower()}" if w.title != "C3D" else
                 "Weight: C3D", default=w.weight, low=0.0, high=2.0, step=0.05, kinds=(FUSED,),
                 help="Power to which what this witness says goes into the product; 0 silences it.")
          for w in WITNESSES),
        Choices(key="muted", title="Mute", kinds=(FUSED,),
                choices={w.key: w.title for w in WITNESSES},
                help="The witnesses who are not heard, whatever their weights."),
        Number(key="limit", title="Sure from", default=0.0, low=0.0, high=1.0, step=0.05,
               help="Probability from which an emotion is named; 0: where three of ten that a "
                    "witness names are wrong; together, the strictest of those that are heard."),
    ),
    cards=("people_face_detector", "people_face", "emotion_masked"),
    samples=SAMPLES,
    outputs=lazy("hybridcore.emotion.result:EmotionOutputs"),
    load=lazy("hybridcore.emotion.predict:EmotionReader.load"),
    text=lambda answer: answer.result.to_text(),
    headline=lambda answer: answer.result.headline(),
    notes=lazy("hybridcore.emotion.notes:notes"),
    view=lazy(f"{_VIEW}:player_view"),
    items=lazy(f"{_VIEW}:items"),
    events=lazy(f"{_VIEW}:events"),
    facts=lazy(f"{_CHARTS}:facts"),
    states=lazy(f"{_CHARTS}:states"),
    flow=lazy(f"{_CHARTS}:flow"),
    charts=(
        Chart("plane", "Valence and arousal", "Where it lies in the plane of valence and arousal, "
              "with the trail of the last seconds", lazy(f"{_CHARTS}:plane"), at_frame=True,
              note="Coarse places after Russell's circle, the mean by probability. The dot is now, "
                   "the line the three seconds before.", empty=_NOBODY),
        Chart("timeline", "Emotions over time", "Probability of every emotion over time",
              lazy(f"{_CHARTS}:timeline"), over_time=True, empty=_NOBODY),
        Chart("disagreement", "Where witnesses disagree",
              "Divergence of the witnesses over time", lazy(f"{_CHARTS}:disagreement"),
              over_time=True,
              note="Jensen-Shannon divergence of those with a weight. The dashed line: two that "
                   "give one half each to emotions of their own; a level that was chosen.",
              empty="There are no two witnesses who are heard to disagree."),
        Chart("group", "The group", "How happy each face of the frame looks, and all together",
              lazy(f"{_CHARTS}:group"), at_frame=True,
              note="Happiness from 0 to 5, as the contests of 2016 to 2018 ask for it: five times "
                   "the probability of happy. Nothing was trained on groups; the LSTM is that of "
                   "one face over time, and reads the faces from the one that counts least on."),
        Chart("evidence", "Which places of the face",
              "The face and what each place of it adds to the emotion",
              lazy(f"{_CHARTS}:evidence"), inside=True, at_frame=True,
              note="Grad-CAM of the CNN on single faces: red speaks for it, blue against it.",
              empty=_NO_FACE),
        Chart("covered", "With a part covered",
              "The face, and how probable the emotion is when a patch covers each place",
              lazy(f"{_CHARTS}:covered"), inside=True, at_frame=True,
              note="Move over the map to move the patch, 30 % of the face wide: pale places are "
                   "those that the CNN relies on, as the emotion goes when they are covered.",
              empty=_NO_FACE),
        Chart("mouth", "Mouth", "How far the mouth is open over time, and where it moves as in "
              "chewing", lazy(f"{_CHARTS}:mouth"), inside=True, over_time=True,
              note="Measured on the mesh, not recognised. Shaded: half of the movement in the 4 s "
                   "around is at one pace of 0.8 to 2.4 a second, as in chewing; whoever speaks or "
                   "sings evenly does it too.", empty=_NO_FACE),
        Chart("foods", "Foods", "Foods that the encoder finds in the frame",
              lazy(f"{_CHARTS}:foods"), inside=True, at_frame=True,
              note="The likeliest foods among the thousand objects of ImageNet, for whoever looks "
                   "at somebody who eats; small probabilities mean that there is none.",
              empty="There is no picture."),
        Chart("sound", "What the voice witness hears",
              "Log mel bands of the sound over time, with attention and voice activity",
              lazy(f"{_CHARTS}:sound"), inside=True, over_time=True,
              note="Attention 1: a moment weighs as much as all others of its 2.56 s. Where voice "
                   "activity is below one half nobody speaks, and the voice says nothing.",
              empty="There is no sound to hear."),
        Chart("witnesses", "Witness by witness", "Table of what every witness says over all",
              lazy(f"{_CHARTS}:table"), inside=True),
    ),
    exports=(
        Export(key="csv", title="CSV", file_name="emotion.csv", mime="text/csv", write=write_csv),
        Export(key="json", title="JSON", file_name="emotion.json", mime="application/json",
               write=write_json),
        Export(key="vtt", title="VTT", file_name="emotion.vtt", mime="text/vtt",
               write=lazy(f"{_EXPORTS}:write_vtt")),
        Export(key="mp4", title="Annotated MP4", file_name="emotion.mp4", mime="video/mp4",
               write=lazy(f"{_EXPORTS}:write_annotated"), slow=True, flags=("--video",),
               fits=lazy(f"{_EXPORTS}:has_pictures")),
    ),
    teaching=Teaching(
        lazy("hybridcore.emotion.own_expressions:expressions"),
        "the largest face, 10 steps a second",
        ("emotion_face", "emotion_face_lstm"),
        aspects=(
            Aspect("face and memory", ("face", "memory"),
                   "For most expressions; the memory is that of the LSTM."),
            Aspect("face only", ("face",), "For expressions that are seen in a single frame."),
        )),
    tour=TOUR,
)
