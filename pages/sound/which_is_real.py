"""Which is real? A blinded choice between a clip's own sound and the one made here."""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path

import streamlit as st

from hybridcore import jobs
from hybridcore.media import Clip
from hybridcore.sound import game
from hybridcore.sound.predict import shared_maker
from hybridcore.sound.rendered import SAMPLES
from hybridcore.sound.result import SoundResult
from hybridcore.studio.choice import Score, show_score, two_choice
from hybridcore.studio.inputs import Source, spool
from hybridcore.studio.progress import show_job
from hybridcore.weights import ASSETS
from pages.sound import KEY


def join_game(source: Source) -> None:
    """A clip that a person brought, and that has a sound, takes part from now on."""
    st.session_state.setdefault(f"{KEY}.own", {})[source.name] = source.path


@st.fragment
def play_game() -> None:
    """Two pieces to choose between, and the score so far."""
    st.caption(
        "You see a piece of a clip twice: once with its own sound, once with the one that was made "
        "for its silent pictures. In the samples, “real” is this project's physical model, not a "
        "recording; videos with sound that you upload join the game. Both are equally loud.")
    own: dict[str, Path] = st.session_state.get(f"{KEY}.own", {})
    paths = {s.title: ASSETS / "samples" / f"{s.name}.mp4" for s in SAMPLES
             if s.kind != "still"} | own
    if not st.toggle("Play", key=f"{KEY}.play"):
        return
    results = show_job(jobs.submit((KEY, "game", tuple(paths)), partial(_sounds, paths)))
    if results is None:
        return
    answers: list[game.Answer] = st.session_state.setdefault(f"{KEY}.answers", [])
    waiting: list[game.Trial] = st.session_state.setdefault(f"{KEY}.trials", [])
    if not waiting:
        waiting += game.draw_trials(
            {title: (r.duration, r.onsets) for title, r in results.items()}, secrets.randbits(32))
    trial = waiting[0]
    first, second = game.trial_files(
        trial, Clip.open(paths[trial.clip]), results[trial.clip].sound, spool().folder)
    choice = two_choice(first, second, key=f"{KEY}.trial.{len(answers)}",
                        question=f"Trial {len(answers) + 1}: which sound is real?")
    if choice:
        answers.append(game.Answer(trial, (choice == "first") != trial.real_first))
        waiting.pop(0)
        st.rerun(scope="fragment")
    fooled = sum(answer.fooled for answer in answers)
    show_score(Score(
        "Fooled", fooled, len(answers), (*game.wilson(fooled, len(answers)), "Wilson"), [
            ("For comparison", game.PAPER_FOOLED, "the paper: its clips, its listeners"),
            ("Not to be told apart", 0.5, "chance"),
        ], game.answers_csv(answers),
    ), file_name="which-is-real.csv")


def _sounds(paths: dict[str, Path], progress: jobs.JobProgress) -> dict[str, SoundResult]:
    """The job behind the game: the sound of every clip that has one of its own."""
    found = {}
    report = progress.stage("Watching clips")
    for k, (title, path) in enumerate(paths.items()):
        report(k, len(paths))
        found[title] = shared_maker().run(Clip.open(path))
    return found
