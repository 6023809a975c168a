"""Silent video to sound, as a system."""

from __future__ import annotations

from hybridcore.options import Choice, File, Number
from hybridcore.sound.samples import SAMPLES
from hybridcore.sound.threshold import card_threshold
from hybridcore.sound.tour import TOUR
from hybridcore.system import Chart, Export, Kind, Reader, System, lazy
from hybridcore.text import write_csv, write_json

SYSTEM = System(
    key="sound",
    title="Silent video to sound",
    icon=":material/graphic_eq:",
    sentence="A network watches a stick, a ball or a drop and predicts when it strikes, how hard "
             "and on what; the sound is generated to match. It never hears the clip.",
    papers=(
        "Owens et al., Visually Indicated Sounds, CVPR 2016, arXiv 1512.08512",
        "McDermott & Simoncelli, Sound Texture Perception via Statistics of the Auditory "
        "Periphery, Neuron 2011",
        "Bai et al., An Empirical Evaluation of Generic Convolutional and Recurrent Networks for "
        "Sequence Modeling, 2018, arXiv 1803.01271",
    ),
    limits=(
        "It still finds hits where the stick moves without striking, and barely tells materials "
        "apart: below a limit it says that it is unsure.",
        "The sound bank that ships with the project is synthetic.",
        "Clips need at least 10 frames per second and may last up to 10 minutes.",
    ),
    reads=(Reader("video", lazy("hybridcore.media:Clip.open")),),
    kinds=(
        Kind("lstm", "LSTM", "sound_lstm"),
        Kind("bilstm", "Bidirectional LSTM", "sound_bilstm"),
        Kind("tcn", "TCN", "sound_tcn"),
        Kind("frame", "No recurrence", "sound_frame", memory=False),
    ),
    cards=("encoder",),
    samples=SAMPLES,
    options=(
        Choice(
            key="method", title="How the sound is made", default="exemplar",
            choices={"exemplar": "Nearest in the bank", "parametric": "Shaped noise"},
            help="Use the sound from the bank that is nearest to the predicted cochleagram, or "
                 "invert the cochleagram itself."),
        Number(
            key="threshold", title="Onset threshold", default=card_threshold, low=0.0,
            high=1.0, step=0.01, help="Lowest probability that counts as an onset."),
        File(key="bank", title="Sound bank", metavar="FOLDER|ZIP",
             help="Your own sounds in place of the synthetic ones."),
        Number(
            key="seed", title="Seed", default=0, low=0, high=2**31 - 1, step=1, widget=False,
            only=("method", "parametric"), help="Random seed of the shaped noise."),
    ),
    outputs=lazy("hybridcore.sound.predict:ClipPrediction"),
    load=lazy("hybridcore.sound.predict:SoundMaker.load"),
    view=lazy("hybridcore.sound.view:player_view"),
    items=lazy("hybridcore.sound.view:hits"),
    charts=(
        Chart("timeline", "Onsets", "Onset probability over time, with the onsets",
              lazy("hybridcore.sound.charts:timeline"), inside=True, over_time=True),
        Chart("hit", "Sound of the chosen hit", "Waveform and cochleagram of the chosen hit",
              lazy("hybridcore.sound.charts:hit"), inside=True),
        Chart("cochleagrams", "Cochleagrams",
              "Cochleagrams over time: predicted, generated and original",
              lazy("hybridcore.sound.charts:cochleagrams"), inside=True, over_time=True),
        Chart("loudness", "Loudness", "Loudness over time: predicted, generated and original",
              lazy("hybridcore.sound.charts:loudness"), inside=True, over_time=True),
        Chart("waveforms", "Waveforms", "Peaks of the generated and the original sound",
              lazy("hybridcore.sound.charts:waveforms"), inside=True, over_time=True),
    ),
    events=lazy("hybridcore.sound.view:events"),
    states=lazy("hybridcore.sound.charts:states"),
    flow=lazy("hybridcore.sound.charts:flow"),
    worked=lazy("hybridcore.sound.worked:downward_speed"),
    why=lazy("hybridcore.sound.why:sound_why"),
    exports=(
        Export(key="wav", title="WAV", file_name="sound.wav", mime="audio/wav",
               write=lazy("hybridcore.sound.exports:write_wav")),
        Export(key="json", title="JSON", file_name="sound.json", mime="application/json",
               write=write_json),
        Export(key="csv", title="CSV", file_name="onsets.csv", mime="text/csv",
               write=write_csv),
        Export(key="midi", title="MIDI", file_name="onsets.mid", mime="audio/midi",
               write=lazy("hybridcore.sound.exports:write_midi")),
        Export(key="mp4", title="MP4 with sound", file_name="with-sound.mp4", mime="video/mp4",
               write=lazy("hybridcore.sound.exports:write_mp4"), slow=True,
               flags=("-o", "--out")),
    ),
    text=lazy("hybridcore.sound.exports:text"),
    headline=lazy("hybridcore.sound.exports:headline"),
    notes=lazy("hybridcore.sound.exports:notes"),
    parts={
        "options": "pages.sound.bank:choose_bank",
        "edit": "pages.sound.onsets:edit_onsets",
        "below": "pages.sound.below:show_below",
    },
    rank=40,
    tour=TOUR,
)
