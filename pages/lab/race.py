"""The same task and the same time for every network, trained while one watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st

from hybridcore.errors import BusyError
from hybridcore.jobs import Job, board
from hybridcore.lab import figures
from hybridcore.lab.race import Race, RaceConfig
from hybridcore.lab.raced import Raced, run_race
from hybridcore.lab.racers import RACERS, Start
from hybridcore.lab.tasks import TASKS
from hybridcore.lab.verdict import verdict
from hybridcore.stages import JobProgress
from hybridcore.studio.problems import show_problem
from hybridcore.studio.progress import show_job, visitor
from hybridcore.studio.timeline import CONFIG
from hybridcore.text import percent
from pages.lab.finished import are_they_finished

Over = Literal["steps", "seconds"]
_EVERY = 0.7  # s between two looks at a race
_AT_FIRST = ("elman", "lstm", "gru", "tcn")
_BUDGETS = (1000, 2000, 5000, 10_000, 20_000)
_TASKS = {task.key: task for task in TASKS}
_TITLES = {racer.key: racer.title for racer in RACERS}


@dataclass(frozen=True)
class Settings:
    """What is to race: a task and networks by their keys, for ``seconds`` in all."""

    task: str
    racers: tuple[str, ...]
    config: RaceConfig
    seconds: int

    def run(self, progress: JobProgress) -> Raced:
        """The race itself."""
        return run_race(_TASKS[self.task], self.chosen, self.config, self.seconds,
                        progress.stage("Racing"))

    @property
    def chosen(self) -> list[Any]:
        """The networks, in their order."""
        return [racer for racer in RACERS if racer.key in self.racers]


def race() -> None:
    """Choose a task and networks, let them race, and see what each learned and what it cost."""
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        settings = _settings()
        over: Over = st.segmented_control(
            "Loss over", ["steps", "seconds"], default="steps", required=True, key="over",
            bind="query-params")
    with right:
        if settings.racers:
            _course(settings, over)
        else:
            st.info("Choose at least one network.", icon=":material/info:")
    are_they_finished()


def _settings() -> Settings:
    task = _TASKS[st.selectbox(
        "Task", list(_TASKS), key="task", format_func=lambda key: _TASKS[key].title,
        help="\n".join(f"- {task.title}: {task.about}" for task in TASKS), bind="query-params")]
    chosen = st.multiselect("Networks", list(_TITLES), default=_AT_FIRST, key="networks",
                            format_func=_TITLES.__getitem__, bind="query-params")
    least, default, most = task.lengths
    length = default if least == most else st.slider(
        "Length of a sequence", least, most, default, key=f"length-{task.key}",
        bind="query-params")
    one, other = st.columns(2)
    budget = one.select_slider("Parameters of each", _BUDGETS, 5000, key="budget",
                                  format_func="{:,}".format, bind="query-params")
    seconds = other.slider("Seconds in all", 5, 30, 30, key="seconds", bind="query-params")
    row = st.container(horizontal=True)
    clip = row.toggle("Clipping", value=True, key="clip", bind="query-params",
                      help="The gradient of all weights is made no longer than 1.")
    forget = row.toggle("Forget bias", value=True, key="forget", bind="query-params",
                        help="The forget gates of an LSTM begin open: their bias is 1, not 0.")
    orthogonal = row.toggle("Orthogonal start", key="orthogonal", bind="query-params",
                            help="The matrices from step to step begin by keeping lengths.")
    settings = Settings(task.key, tuple(chosen), RaceConfig(
        length=length, budget=budget, clip=1.0 if clip else None,
        start=Start(orthogonal=orthogonal, forget_bias=float(forget))), seconds)
    if st.button("Race", type="primary", icon=":material/flag:", disabled=not chosen,
                 width="stretch"):
        board().forget(settings)  # another time is another race
        try:
            board().submit(settings, settings.run, owner=visitor(), size=seconds)
        except BusyError as error:
            show_problem(error)
    return settings


def _course(settings: Settings, over: Over) -> None:
    """The charts, which go on by themselves while the race is on, and what came of it."""
    job: Any = board().find(settings)
    running = job is not None and not job.finished
    if job is None:
        st.markdown(f"**{_TASKS[settings.task].title}.** {_TASKS[settings.task].about} Below: what "
                    "of the last answer's error reaches each step before anything is learned.")
    elif job.state == "done":
        st.markdown(verdict(job.result))
    else:
        show_job(job)
    st.fragment(_charts, run_every=_EVERY if running else None)(settings, over, job)
    if job is not None and job.state == "done":
        st.dataframe(table(job.result), hide_index=True, column_config=_COLUMNS)


def _charts(settings: Settings, over: Over, job: Job[Raced] | None) -> None:
    raced = None if job is None else job.result or job.progress.so_far.get("outputs")
    if raced is None or not all(runner.laps for runner in raced.runners):
        raced = _at_start(settings.task, settings.racers, settings.config)
    guess = raced.task.guess(raced.config.length)
    st.plotly_chart(figures.loss_curves(raced.runners, guess, over), config=CONFIG,
                    key="lab.losses", alt="Loss of every network while it learns")
    one, other = st.columns(2)
    one.plotly_chart(figures.gradient_lines(raced.runners), config=CONFIG, key="lab.gradients",
                     alt="Gradient of the last step's loss at every step of the sequence")
    other.plotly_chart(figures.first_step(raced.runners), config=CONFIG, key="lab.first",
                       alt="Gradient at step 1 while the networks learn")


@st.cache_resource(max_entries=16, show_spinner=False)
def _at_start(task: str, racers: tuple[str, ...], config: RaceConfig) -> Raced:
    race = Race(_TASKS[task], [racer for racer in RACERS if racer.key in racers], config)
    race.begin()
    return Raced(race.task, config, tuple(race.runners))


_NEW, _WHOLE = "new frame, µs", "sequence, ms"
_COLUMNS = {
    _NEW: st.column_config.NumberColumn(
        format="%.0f", help="For each new step of a stream, one sequence at a time."),
    _WHOLE: st.column_config.NumberColumn(
        format="%.2f", help="For a sequence that is there from the start."),
    "ms a step": st.column_config.NumberColumn(format="%.1f"),
    "loss": st.column_config.NumberColumn(format="%.4g"),
}


def table(raced: Raced) -> pd.DataFrame:
    """A row for each network of a race that is over."""
    return pd.DataFrame([{
        "network": runner.racer.title, "parameters": runner.parameters, "steps": runner.steps,
        "ms a step": 1e3 * runner.seconds / max(1, runner.steps), "loss": finish.loss,
        "right": percent(finish.right), _NEW: 1e6 * finish.cost.step,
        _WHOLE: 1e3 * finish.cost.whole,
    } for runner in raced.runners for finish in [raced.finishes[runner.racer.key]]])
