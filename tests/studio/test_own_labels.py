"""The page's part for labels of one's own: marks, learning, what is said, files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.cards import load_card
from hybridcore.jobs import board
from hybridcore.own_labels import features_key, teaching_of
from hybridcore.scene.features import PARTS as SCENE_PARTS
from hybridcore.scene.system import SYSTEM
from hybridcore.store import store
from hybridcore.studio.own_labels import Own
from hybridcore.tables import metric_text
from hybridcore.teach.features import Features
from hybridcore.teach.head import teach
from hybridcore.teach.head_file import to_bytes
from hybridcore.teach.marks import Mark, read_marks, to_csv
from tests.teach.made import made_up

DIGEST = "own-labels"
KEY = "scene.own"
# Those of scenes, but narrow.
PARTS = {"appearance": 3, "close-up": 2, "motion": 2, "flow": 1, "pace": 2}
WAIT = 120


def app() -> None:
    from dataclasses import dataclass
    from pathlib import Path

    import streamlit as st

    from hybridcore.scene.system import SYSTEM
    from hybridcore.scene.view import player_view
    from hybridcore.studio.chosen import Chosen
    from hybridcore.studio.own_labels import own_labels, with_own_strips
    from tests.scene.made_up import MadeUpClip, answer_of, made_up_result

    @dataclass
    class Clip(MadeUpClip):
        digest: str = "own-labels"
        duration: float = 24.0

    answer = answer_of(made_up_result(), "lstm", Clip())
    view = player_view(answer, 0)
    st.text(" | ".join(strip.name for strip in with_own_strips(view, answer).strips))
    own_labels(SYSTEM, Chosen("made-up.mp4", Path("made-up.mp4")), answer, view.times.tolist())


def opened(label: str = "") -> AppTest:
    """The part, opened; ``label``: that of a stretch of another clip."""
    page = AppTest.from_function(app, default_timeout=WAIT)
    page.session_state[f"{KEY}.open"] = True
    if label:
        page.session_state[KEY] = Own(marks={"another clip": (Mark(0, 1, label),)})
    page.run()
    assert not page.exception
    return page


def test_a_stretch_is_marked_where_the_player_stands() -> None:
    page = opened("walking")
    assert page.button(key=f"{KEY}.learn").disabled
    for frame, button in ((30, "from here"), (59, "to here")):
        page.session_state["scene.position"] = {"frame": frame, "film": "", "nonce": None}
        page.button(key=f"{KEY}.{button}").click().run()
    page.selectbox(key=f"{KEY}.name").select("walking")
    page.button(key=f"{KEY}.add").click().run()
    assert not page.exception
    table = page.dataframe[0].value
    assert table.iloc[0].tolist() == ["0:01.0", "0:02.0", "walking", 1.0]
    assert page.text[0].value.endswith("Group | Your marks")
    page.button(key=f"{KEY}.add").click().run()  # once more: it would lie over itself
    assert "overlap" in page.error[0].value
    assert len(page.dataframe[0].value) == 1


def test_marks_of_a_file_are_learned_and_the_clip_is_labelled(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hybridcore.teach.fit.ROUNDS", 40)
    monkeypatch.setattr("hybridcore.teach.fit.BATCH", 8)
    lesson = made_up(0)
    store().keep(features_key(SYSTEM, DIGEST), replace(lesson.features, parts=PARTS))
    page = opened()
    content = to_csv(lesson.marks).encode()
    assert read_marks(content, "m.csv") == lesson.marks
    page.file_uploader(key=f"{KEY}.file").upload("m.csv", content).run()
    assert len(page.dataframe[0].value) == len(lesson.marks)
    page.button(key=f"{KEY}.learn").click().run()
    assert board().settle(WAIT)
    page.run()
    assert board().settle(WAIT)
    page.run()
    assert not page.exception
    assert "stretches that it had not seen" in page.info[0].value
    compared = page.info[0].value.partition("Right on the time held out")[2]
    assert all(f"{aspect.title} " in compared for aspect in teaching_of(SYSTEM).aspects)
    assert page.text[0].value.endswith("Group | Your labels | Your marks")
    assert page.dataframe[1].value["label"].tolist()[:3] == ["falling", "rising", "still"]
    assert page.run().text[0].value.endswith("Your labels | Your marks")  # it survives reruns


def test_a_head_of_something_else_is_refused_and_the_page_stands(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hybridcore.teach.fit.ROUNDS", 2)
    page = opened()
    page.file_uploader(key=f"{KEY}.head").upload("head.safetensors", b"no head").run()
    assert not page.exception
    assert "head.safetensors is not a safetensors file." in page.error[0].value
    other = teach([made_up(0, stretches=4)], title="Other", system="sound", recipe="r", basis="b",
                  aspects={"all": ("seen", "noise")})
    page.file_uploader(key=f"{KEY}.head").upload("other.safetensors", to_bytes(other)).run()
    assert "was taught on sound" in page.error[0].value


def test_the_example_that_ships_says_how_good_it_is_and_labels_the_clip() -> None:
    card = load_card("fights")
    steps = np.arange(40) / 10
    values = np.zeros((40, sum(SCENE_PARTS.values())), np.float16)
    store().keep(features_key(SYSTEM, DIGEST), Features(steps, values, SCENE_PARTS, 4.0))
    page = opened()
    said = " ".join(caption.value for caption in page.caption).replace("\\", "")
    headline = next(row for row in card["metrics"] if row.get("headline"))
    assert metric_text(headline) in said
    assert "not for decisions about people" in said
    page.button(key=f"{KEY}.ready fights").click().run()
    assert board().settle(WAIT)
    page.run()
    assert not page.exception
    assert not page.error
    assert page.text[0].value.endswith("Group | Fights")
    assert page.session_state[KEY].head.names == ("fight", "normal")
