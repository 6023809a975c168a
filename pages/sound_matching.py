"""Silent video to sound: when something is struck, how hard, on what, and how it sounds."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.figures import gate_maps, unit_lines
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.media import Clip, browser_preview, read_sound
from hybridcore.sound import figures, game
from hybridcore.sound.bank import Bank, shipped_bank
from hybridcore.sound.cochleagram import RATE, cochleagram_numpy
from hybridcore.sound.events import Onset
from hybridcore.sound.exemplar import ranked
from hybridcore.sound.materials import ACTIONS, MATERIALS
from hybridcore.sound.midi import midi
from hybridcore.sound.model import MATERIALS as KNOWN_MATERIALS
from hybridcore.sound.mux import add_sound, mux
from hybridcore.sound.networks import FramePrediction, recurrent_trace
from hybridcore.sound.own_bank import SUFFIXES, OwnBank, bank_of_video, read_own_bank
from hybridcore.sound.predict import check, find_onsets, make_sound, shared_maker
from hybridcore.sound.rendered import SAMPLES
from hybridcore.sound.result import METHODS, Method, SoundResult
from hybridcore.sound.synthesis import Sound
from hybridcore.sound.table import LOUDEST, NEAREST, SOFTEST, from_table, to_table
from hybridcore.sound.targets import sound_onsets
from hybridcore.studio import cards, exports, inputs, jobs
from hybridcore.studio.choice import Score, show_score, two_choice
from hybridcore.studio.player import (
    Panel,
    PlayerView,
    Seek,
    Series,
    Strip,
    synced_player,
    timeline_layout,
)
from hybridcore.studio.routing import through_app
from hybridcore.weights import ASSETS, load_card

KEY = "sound"
METHOD_NAMES: dict[Method, str] = {"exemplar": "Nearest of a bank", "parametric": "Shaped noise"}
STATE = st.session_state


@dataclass(frozen=True)
class Watched:
    """A clip that the network has seen. real: its own sound, None where it has none (or only
    silence); true: the onsets in it, s; preview: a copy that browsers play."""

    clip: Clip
    prediction: FramePrediction
    real: Sound | None
    true: np.ndarray | None
    preview: Path


def watch(clip: Clip, folder: Path, progress: jobs.Progress) -> Watched:
    """The job behind the page."""
    prediction = shared_maker().predict(
        clip, lambda done, total: progress.update(done, total, "Watching"))
    preview = browser_preview(
        clip, folder, cancelled=progress.cancelled,
        progress=lambda part: progress.update(int(100 * part), 100, "Preparing the video"))
    real = None
    if clip.info.has_sound:
        with suppress(HybridCoreError):  # a broken track leaves the clip silent
            real = read_sound(clip.path, RATE)
    if real is None or not np.abs(real).max(initial=0) > 1e-3:
        return Watched(clip, prediction, None, None, preview)
    return Watched(clip, prediction, real, sound_onsets(real, RATE).times, preview)


@st.cache_resource(max_entries=32, show_spinner=False)
def made(
    name: str, onsets: tuple[Onset, ...], method: Method, bank_id: int, _watched: Watched,
    _bank: Bank,
) -> SoundResult:
    return make_sound(_watched.prediction, onsets, _watched.clip.info.duration, method=method,
                      bank=_bank)


@st.cache_resource(max_entries=32, show_spinner=False)
def player_view(name: str, digest: str, _watched: Watched, _result: SoundResult) -> PlayerView:
    """One view for each sound, kept so that its arrays go to the browser once."""
    prediction = _watched.prediction
    path = inputs.spool().folder / f"{name[:32]}-{digest[:32]}.mp4"
    video = add_sound(_watched.preview, _result.sound, path)
    names = (*MATERIALS, "other")
    colours = [*figures.MATERIAL_COLOURS.values(), figures.OTHER_COLOUR]
    strips = [Strip("Made", figures.strip_codes(prediction.times, _result.onsets, names), names,
                    colours)]
    if _watched.true is not None:
        strips.append(Strip("In its own sound", figures.true_codes(prediction.times, _watched.true),
                            ("onset",), (figures.REAL,)))
    order = np.argsort(-prediction.material, axis=1)[:, :5]
    struck = Series("Material", KNOWN_MATERIALS, order,
                    np.take_along_axis(prediction.material, order, 1),
                    colours=[figures.MATERIAL_COLOURS[m] for m in KNOWN_MATERIALS])
    hit = Series("Onset", ("struck now",), np.zeros((len(order), 1), int),
                 prediction.onset[:, None])
    action = np.argsort(-prediction.action, axis=1)
    how = Series("Action", ACTIONS, action, np.take_along_axis(prediction.action, action, 1))
    info = _watched.clip.info
    return PlayerView(
        video=video, times=prediction.times, strips=strips, size=(info.width, info.height),
        panels=[Panel("When and how", [hit, how]), Panel("On what", [struck])],
        alt="The clip with the sound that was made", sound=True)


@st.cache_resource(max_entries=8, show_spinner=False)
def internals(name: str, _prediction: FramePrediction) -> LSTMTrace:
    return recurrent_trace(shared_maker().model, _prediction)


@st.cache_resource(max_entries=8, show_spinner="Reading the sounds")
def own_bank(path: str, name: str) -> OwnBank:
    if Path(path).suffix == ".zip":
        return read_own_bank(Path(path), name)
    return bank_of_video(Path(path), name)


def choose_bank(watched: Watched) -> Bank:
    """The bank in use; what is wrong with a person's own files is said, and the synthetic bank
    stays."""
    with st.popover("Bank of sounds", icon=":material/library_music:"):
        upload = st.file_uploader(
            "Your own sounds: a zip of WAV, FLAC or OGG files, one sound, or a video with sound",
            type=["zip", *(s.lstrip(".") for s in SUFFIXES), *inputs.VIDEO_TYPES],
            key=f"{KEY}.bank")
        options = ["synthetic"]
        options += ["this clip's own sound"] if watched.real is not None else []
        options += [upload.name] if upload is not None else []
        chosen = st.radio("Take the sounds from", options, index=len(options) - 1 if upload else 0)
        st.caption("The synthetic bank was made by this project's physical model: sixteen "
                   "materials, struck and scratched. No recording is in it.")
    try:
        if upload is not None and chosen == upload.name:
            suffix = Path(upload.name).suffix.lower()
            upload.seek(0)
            own = own_bank(str(inputs.spool().add(upload, suffix)), upload.name)
        elif chosen == options[0]:
            return shipped_bank()
        else:
            own = own_bank(str(watched.clip.path), chosen)
    except HybridCoreError as error:
        st.error(f"{error} The synthetic sounds are used instead.", icon=":material/error:")
        return shipped_bank()
    st.caption(f"{len(own.bank):,} sounds of **{chosen}**")
    if own.problems:
        with st.expander(f"{len(own.problems)} files could not be used"):
            st.markdown("\n".join(f"- {problem}" for problem in own.problems))
    return own.bank


def set_onsets(name: str, onsets: list[Onset]) -> None:
    """Put onsets into the table; a new key makes the editor start from them."""
    STATE[f"{KEY}.table"] = {"clip": name, "onsets": to_table(onsets),
                             "round": STATE.get(f"{KEY}.table", {}).get("round", 0) + 1}


def edit_onsets(watched: Watched, bank: Bank) -> list[Onset]:
    """The table of onsets, which a person may change."""
    shown = STATE[f"{KEY}.table"]
    names = sorted({*MATERIALS, *(e.material for e in bank.exemplars if e.material)})
    edited = st.data_editor(
        shown["onsets"], key=f"{KEY}.editor.{shown['round']}", num_rows="dynamic",
        hide_index=True, height=290, column_config={
            "time": st.column_config.NumberColumn(
                "time, s", min_value=0.0, max_value=watched.clip.info.duration, step=0.001,
                format="%.3f", required=True),
            "strength": st.column_config.NumberColumn(
                "strength, dB", min_value=SOFTEST, max_value=LOUDEST, step=0.5, format="%.1f"),
            "action": st.column_config.SelectboxColumn("action", options=list(ACTIONS)),
            "material": st.column_config.SelectboxColumn("material", options=names),
            "sound": st.column_config.SelectboxColumn(
                "sound", options=[NEAREST, *(e.name for e in bank.exemplars)], default=NEAREST),
            "confidence": st.column_config.NumberColumn("sure", format="percent", disabled=True),
        })
    return [o for o in from_table(edited) if o.time < watched.clip.info.duration]


def one_hit(name: str, edited: list[Onset], result: SoundResult, bank: Bank) -> None:
    """The exemplar of one hit: see it, hear it alone, take another.

    edited: the onsets as the table has them, in the order of the result's.
    """
    if not result.onsets:
        st.info("Nothing is struck at this threshold. Lower it, or add an onset to the table.",
                icon=":material/volume_off:")
        return
    labels = [f"{k + 1} · {o.time:.2f} s · {o.material}" for k, o in enumerate(result.onsets)]
    at = st.selectbox("Hit", range(len(labels)), format_func=labels.__getitem__,
                      key=f"{KEY}.hit.{len(labels)}", on_change=count_seek)
    onset = result.onsets[at]
    if result.method == "parametric":
        st.caption("Shaped noise: the predicted cochleagram itself, inverted.")
        first = round(onset.time * RATE)
        st.audio(result.sound[first : first + RATE // 2], sample_rate=RATE)
        return
    exemplar = bank[onset.exemplar]
    st.plotly_chart(figures.exemplar_figure(exemplar.sound, cochleagram_numpy(exemplar.sound)),
                    key=f"{KEY}.exemplar", alt=f"Waveform and cochleagram of {exemplar.name}")
    st.audio(exemplar.sound, sample_rate=RATE)
    (others,) = ranked(bank, result.prediction.cochleagram, [onset])
    left, right = st.columns(2)
    sound = left.selectbox("Take another, nearest first", others, key=f"{KEY}.other.{onset}",
                           index=others.index(onset.exemplar) if onset.exemplar in others else 0)
    stuff = right.selectbox("or another material", list(MATERIALS), key=f"{KEY}.stuff.{onset}",
                            index=list(MATERIALS).index(onset.material)
                            if onset.material in MATERIALS else 0)
    swapped = onset
    if stuff != onset.material and onset.material in MATERIALS:
        swapped = replace(onset, material=stuff, exemplar="")
    elif sound != onset.exemplar:
        swapped = replace(onset, exemplar=sound)
    if swapped != onset:
        set_onsets(name, [swapped if k == at else other for k, other in enumerate(edited)])
        st.rerun()


def count_seek() -> None:
    STATE[f"{KEY}.seeks"] = STATE.get(f"{KEY}.seeks", 0) + 1


def write_video(watched: Watched, sound: Sound, digest: str, progress: jobs.Progress) -> Path:
    progress.update(0, 1, "Writing video")
    return mux(watched.clip, sound, watched.preview.with_name(f"{digest[:40]}-export.mp4"))


def downloads(name: str, digest: str, watched: Watched, result: SoundResult) -> None:
    exports.download_bar([
        exports.Export("WAV", "sound.wav", "audio/wav", result.to_wav),
        exports.Export("JSON", "sound.json", "application/json",
                       lambda: result.to_json_text().encode()),
        exports.Export("CSV", "onsets.csv", "text/csv", lambda: result.to_csv().encode()),
        exports.Export("MIDI", "onsets.mid", "audio/midi", lambda: midi(result.onsets)),
        exports.Export("MP4 with sound", "with-sound.mp4", "video/mp4",
                       partial(write_video, watched, result.sound, digest), slow=True),
    ], key=f"{name[:16]}.{digest[:16]}")


def look_inside(name: str, watched: Watched, result: SoundResult) -> None:
    heard, gates, flow = st.tabs(["Cochleagram and loudness", "Gates and states", "Data flow"])
    real = None if watched.real is None else cochleagram_numpy(watched.real)
    with heard:
        for text, sound in (("Made", result.sound), ("The clip's own", watched.real)):
            if sound is not None and sound.any():
                st.caption(text)
                st.audio(sound, sample_rate=RATE)
        for key, figure, alt in (
            ("cochleagram", figures.cochleagrams(result, real), "Cochleagrams over time"),
            ("loudness", figures.loudness_lines(result, real), "Loudness over time"),
            ("waveform", figures.waveforms(result, watched.real), "Waveforms"),
        ):
            st.plotly_chart(timeline_layout(figure, KEY), key=f"{KEY}.{key}", alt=alt)
    with gates:
        trace = internals(name, watched.prediction)
        units = np.argsort(-np.abs(np.diff(trace.c, axis=0)).max(0, initial=0))
        left, right = st.columns([1, 3])
        unit = left.selectbox("Unit, those that move most first", units.tolist(),
                              key=f"{KEY}.unit")
        shown = right.slider("Units shown", 8, len(units), min(48, len(units)), step=8,
                             key=f"{KEY}.units")
        times = watched.prediction.times
        st.plotly_chart(timeline_layout(unit_lines(trace, times, unit), KEY), key=f"{KEY}.lines",
                        alt=f"Gates and states of unit {unit} over time")
        st.plotly_chart(
            timeline_layout(gate_maps(trace, times, units[:shown], [f"unit {u}" for u in
                            units[:shown]], where="%{x:.2f} s"), KEY),
            key=f"{KEY}.gates", alt="Heat maps of gates and states over time")
    with flow:
        st.plotly_chart(figures.data_flow(watched.prediction, shared_maker().model.config),
                        key=f"{KEY}.flow", alt="Tensors of this clip on their way")


def with_sound(progress: jobs.Progress, paths: dict[str, Path]) -> dict[str, SoundResult]:
    """The job behind the game: the sound of every clip that has one of its own."""
    found = {}
    for k, (title, path) in enumerate(paths.items()):
        progress.update(k, len(paths), f"Watching {title}")
        found[title] = shared_maker().run(Clip.open(path))
    return found


@st.fragment
def play_game(own: dict[str, Path]) -> None:
    """Which is real? A blinded choice between a clip's own sound and the one made here."""
    st.caption(
        "You see a piece of a clip twice: once with its own sound, once with the one that was made "
        "for its silent pictures. In the samples, “real” is this project's physical model, not a "
        "recording; videos with sound that you upload join the game. Both are equally loud.")
    paths = {s.title: ASSETS / "samples" / f"{s.name}.mp4" for s in SAMPLES
             if s.kind != "still"} | own
    if not st.toggle("Play", key=f"{KEY}.play"):
        return
    results = jobs.show(jobs.submit((KEY, "game", tuple(paths)), partial(with_sound, paths=paths)))
    if results is None:
        return
    answers: list[game.Answer] = STATE.setdefault(f"{KEY}.answers", [])
    waiting: list[game.Trial] = STATE.setdefault(f"{KEY}.trials", [])
    if not waiting:
        waiting += game.draw_trials(
            {title: (r.duration, r.onsets) for title, r in results.items()}, secrets.randbits(32))
    trial = waiting[0]
    first, second = game.trial_files(
        trial, Clip.open(paths[trial.clip]), results[trial.clip].sound, inputs.spool().folder)
    choice = two_choice(first, second, key=f"{KEY}.trial.{len(answers)}",
                        question=f"Trial {len(answers) + 1}: which sound is real?")
    if choice:
        answers.append(game.Answer(trial, (choice == "first") != trial.real_first))
        waiting.pop(0)
        st.rerun(scope="fragment")
    fooled = sum(answer.fooled for answer in answers)
    show_score(Score(
        fooled, len(answers), game.wilson(fooled, len(answers)),
        (game.PAPER_FOOLED, "the paper: its clips, its listeners"), game.answers_csv(answers),
    ), file_name="which-is-real.csv")


through_app()
head, about = st.columns([5, 1], vertical_alignment="bottom")
head.title("Silent video to sound")
head.caption("The network watches a stick, a ball or a drop, says when it strikes, how hard and on "
             "what, and the sound is made and played in time. It never hears the clip.")
with about.popover("About", icon=":material/info:", width="stretch"), \
        suppress(HybridCoreError):
    cards.show_card(load_card("sound_lstm"))

source = inputs.pick_clip(
    [inputs.Sample(s.title, s.caption, ASSETS / "samples" / f"{s.name}.mp4",
                   ASSETS / "samples" / f"{s.name}.jpg") for s in SAMPLES], key=f"{KEY}.source")
if source is None:
    st.stop()
try:
    opened = Clip.open(source.path)
    check(opened)
    model_threshold = shared_maker().threshold
except HybridCoreError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()
found = jobs.show(jobs.submit((KEY, opened.sha256), partial(watch, opened, inputs.spool().folder)))
if found is None:
    st.stop()
clip_name = opened.sha256
if found.real is not None and not source.is_sample:
    STATE.setdefault(f"{KEY}.own", {})[source.name] = source.path

row = st.container(horizontal=True, vertical_alignment="bottom")
with row:
    method: Method = st.segmented_control(
        "How the sound is made", METHODS, format_func=METHOD_NAMES.__getitem__, required=True,
        default="exemplar", key=f"{KEY}.method", persist_state="session")
    threshold = st.slider("Threshold of an onset", 0.02, 0.98, round(model_threshold, 2), 0.01,
                          key=f"{KEY}.threshold", width=260, persist_state="session")
    bank_in_use = choose_bank(found)
    again = st.button("Back to what the network found", icon=":material/undo:")
basis = (clip_name, threshold)
if again or STATE.get(f"{KEY}.basis") != basis:
    STATE[f"{KEY}.basis"] = basis
    set_onsets(clip_name, find_onsets(found.prediction, threshold))

stage = st.container()
editor, hit = st.columns([3, 2])
with editor:
    st.markdown("**Onsets** · change, add or delete them; the sound follows at once")
    edited = edit_onsets(found, bank_in_use)
outcome = made(clip_name, tuple(edited), method, id(bank_in_use), found, bank_in_use)
digest = hashlib.sha256(outcome.sound.tobytes()).hexdigest()
with hit:
    one_hit(clip_name, edited, outcome, bank_in_use)
with stage:
    picked = STATE.get(f"{KEY}.hit.{len(outcome.onsets)}")
    seek = Seek(outcome.onsets[picked].time, STATE.get(f"{KEY}.seeks", 0)) \
        if picked is not None and picked < len(outcome.onsets) and STATE.get(f"{KEY}.seeks") \
        else None
    synced_player(player_view(clip_name, digest, found, outcome), key=KEY, seek=seek)
    st.plotly_chart(timeline_layout(figures.onset_timeline(
        found.prediction, outcome.onsets, threshold, opened.info.duration, found.true), KEY),
        key=f"{KEY}.timeline", alt="Probability of an onset over time, and the onsets")
    downloads(clip_name, digest, found, outcome)
st.subheader("Look inside")
look_inside(clip_name, found, outcome)
st.subheader("Which is real?")
play_game(STATE.get(f"{KEY}.own", {}))
