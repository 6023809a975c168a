"""Which is real? A blinded choice between a clip's own sound and the one made here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from hybridcore.answers import finish, look, shared_model
from hybridcore.sound import game
from hybridcore.sound.result import SoundResult
from hybridcore.stages import JobProgress
from hybridcore.studio.choice import Score, show_score, two_choice
from hybridcore.studio.chosen import Chosen, open_chosen, spool
from hybridcore.studio.page import Page
from hybridcore.studio.progress import run_job
from hybridcore.system import Reader, System

Clips = Mapping[str, tuple[Reader, Any]]  # by title; each a Clip


@st.fragment
def play_game(page: Page) -> None:
    """Two pieces to choose between, and the score of the model chosen so far."""
    st.caption(
        "The same piece of a clip plays twice: once with its original sound, once with the sound "
        "generated from its silent frames, equally loud. In the samples, “real” means this "
        "project's physical model, not a recording; videos with sound that you upload join the "
        "game.")
    own = _join(page)
    if not st.toggle("Play", key=page.name("play")):
        return
    system, kind = page.system, page.kind
    chosen = [Chosen(s.title, s.path(spool().folder), s.key) for s in system.samples]
    clips: Clips = {one.name: open_chosen(system, one) for one in (*chosen, *own)}
    digests = tuple(clip.digest for _, clip in clips.values())
    results = run_job(
        (system.key, "game", kind, digests), partial(_sounds, system, kind, clips),
        size=sum(clip.duration for _, clip in clips.values()))
    if results is None:
        return
    answers: list[game.Answer] = st.session_state.setdefault(page.name(f"answers.{kind}"), [])
    waiting: list[game.Trial] = st.session_state.setdefault(page.name(f"trials.{kind}"), [])
    waiting[:] = [trial for trial in waiting if trial.clip in results]  # a clip may be gone by now
    place = st.empty()
    while True:  # an answer brings up the next question in its place
        if not waiting:
            waiting += game.draw_trials(
                {title: (r.duration, r.onsets) for title, r in results.items()},
                secrets.randbits(32))
        trial = waiting[0]
        first, second = game.trial_files(
            trial, clips[trial.clip][1], results[trial.clip].sound, spool().folder)
        with place.container():
            if answers:
                st.info(game.verdict(answers), icon=":material/hearing:")
            choice = two_choice(first, second, key=page.name(f"trial.{kind}.{len(answers)}"),
                                question=f"Trial {len(answers) + 1}: which sound is real?")
        if choice is None:
            break
        answers.append(game.Answer(trial, (choice == "first") != trial.real_first))
        waiting.pop(0)
    fooled = game.times_fooled(answers)
    show_score(Score(
        "Fooled", fooled, len(answers), game.interval(answers), [
            ("In the paper", game.PAPER_FOOLED, "other clips, other listeners"),
            ("Indistinguishable", 0.5, "chance"),
        ], game.answers_csv(answers),
    ), file_name=f"which-is-real-{kind}.csv")


def _join(page: Page) -> list[Chosen]:
    """The person's own clips that take part: those that have a sound and are still there."""
    own: dict[Path, Chosen] = st.session_state.setdefault(page.name("players"), {})
    if not page.chosen.sample and page.outputs.own_onsets is not None:
        own[page.chosen.path] = page.chosen
    return [chosen for path, chosen in own.items() if path.exists()]


def _sounds(
    system: System, kind: str, clips: Clips, progress: JobProgress
) -> dict[str, SoundResult]:
    """The job behind the game: what is made for every clip that has a sound of its own."""
    model, options = shared_model(system), system.defaults(kind)
    results: dict[str, SoundResult] = {}
    for title, (reader, clip) in clips.items():
        stage = progress.stage(f"Analysing {title}", 1 / len(clips))
        prediction = look(system, reader, clip, options, stage)
        if prediction.own_onsets is not None:
            results[title] = finish(system, model, prediction, clip, kind, options).result
    return results
