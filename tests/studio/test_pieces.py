"""Cards, downloads and the player as a page uses them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.errors import MediaError
from hybridcore.jobs import board
from hybridcore.studio import exports
from hybridcore.studio.cards import metric_rows, reliability_rows
from hybridcore.system import Export

CARD = {
    "name": "scene-lstm",
    "title": "Scene labeller",
    "paper": {
        "title": "Long-term networks",
        "authors": ["A. One"],
        "year": 2015,
        "url": "https://a.b",
    },
    "description": "Labels every frame.",
    "config": {"hidden": 256},
    "parameters": 1234567,
    "training": {
        "data": [{"name": "Films", "citation": "Two 2016", "terms": "CC BY 4.0"}],
        "command": "python -m hybridcore.scene.learn.train",
        "seed": 3,
        "hardware": "2 cores",
        "started_from": "ImageNet weights",
    },
    "metrics": [
        {
            "name": "Accuracy",
            "split": "test",
            "count": 1200,
            "value": 81.25,
            "unit": "%",
            "interval": [79.0, 83.5],
        }
    ],
    "differences": ["Smaller."],
    "limits": ["Indoors only."],
    "tried": [{"what": "GRU", "gave": "80.9 %"}],
}


def card_app(card: dict) -> None:
    from hybridcore.studio.cards import show_card

    show_card(card)


def test_a_full_card_shows_everything() -> None:
    page = AppTest.from_function(card_app, args=(CARD,), default_timeout=20).run()
    assert not page.exception
    text = "\n".join(item.value for item in [*page.markdown, *page.caption, *page.code])
    assert page.subheader[0].value == "Scene labeller"
    for piece in (
        "[Long-term networks](https://a.b) · A. One, 2015",
        "Films · Two 2016 · CC BY 4.0",
        "Smaller.",
        "Indoors only.",
        "Seed 3",
        "1,234,567 parameters",
        "Trained on 2 cores",
        "ImageNet weights",
        "hybridcore.scene.learn.train",
    ):
        assert piece in text
    assert len(page.table) == 2


@pytest.mark.parametrize("key", [*CARD, None])
def test_any_key_may_be_missing(key: str | None) -> None:
    card = {name: value for name, value in CARD.items() if name != key} if key else {}
    page = AppTest.from_function(card_app, args=(card,), default_timeout=20).run()
    assert not page.exception


def test_metrics_read_well() -> None:
    assert metric_rows(CARD["metrics"])[0] == {
        "Metric": "Accuracy",
        "Value": "81.2 % (79.0 to 83.5)",
        "Measured on": "test",
        "Count": "1,200",
    }
    assert metric_rows([{"name": "Loss", "value": 0.123456}])[0]["Value"] == "0.1235"


def export_app(folder: str) -> None:
    from types import SimpleNamespace

    import streamlit as st

    from hybridcore.errors import MediaError
    from hybridcore.studio.exports import download_bar
    from hybridcore.system import Export

    def write(answer, path, progress):
        path.write_bytes(b"a,b")

    def fail(answer, path, progress):
        raise MediaError("The film could not be written.")

    def export(key, title, write, **more):
        return Export(key=key, title=title, file_name=f"a.{key}", mime="text/csv", write=write,
                      **more)

    exports = (
        export("csv", "CSV", write),
        export("mp4", "Annotated video", write, slow=True),
        export("avi", "broken video", fail, slow=True),
        export("png", "Nothing for this answer", fail, fits=lambda answer: False),
    )
    answer = SimpleNamespace(
        system=SimpleNamespace(key="toy", exports=exports), source=SimpleNamespace(duration=None))
    download_bar(answer, lambda: None, key=folder, row=st.container())


def labels(page: AppTest) -> list[str]:
    assert not page.exception
    return [item.label for item in page.button]


def downloads(page: AppTest) -> list[str]:
    return [item.proto.label for item in page.get("download_button")]


def test_slow_exports_become_jobs(tmp_path) -> None:
    page = AppTest.from_function(export_app, args=(str(tmp_path),), default_timeout=20).run()
    assert not labels(page)
    assert downloads(page) == ["CSV", "Annotated video", "broken video"]
    _, annotated, broken = page.get("download_button")
    annotated.click().run()
    assert not page.exception
    assert board().settle(10)
    job = board().find(("export", str(tmp_path), "mp4"))
    assert job is not None
    assert isinstance(job.result, Path)
    assert job.result.read_bytes() == b"a,b"

    broken.click().run()
    assert board().settle(10)
    assert page.run().error[0].value == "The film could not be written."


def test_one_click_waits_for_a_slow_file_and_gets_it(tmp_path) -> None:
    made: list[Path] = []

    def write(answer, path, progress) -> None:
        made.append(path)
        path.write_bytes(b"a film")

    export = Export(key="mp4", title="MP4", file_name="a.mp4", mime="video/mp4", write=write)
    answer = SimpleNamespace(source=SimpleNamespace(duration=None))
    begin = partial(exports._begin, ("export", str(tmp_path), "mp4"), export, answer,
                    lambda: None, "somebody")
    for _ in range(2):
        with exports._when_written(begin) as film:
            assert film.read() == b"a film"
    assert len(made) == 1
    begin().result.unlink()  # swept away
    with exports._when_written(begin) as film:
        assert film.read() == b"a film"
    assert len(made) == 2


def test_what_cannot_be_written_is_said_and_may_be_tried_again(tmp_path) -> None:
    def write(answer, path, progress) -> None:
        raise MediaError("The film could not be written.")

    export = Export(key="mp4", title="MP4", file_name="a.mp4", mime="video/mp4", write=write)
    answer = SimpleNamespace(source=SimpleNamespace(duration=None))
    begin = partial(exports._begin, ("export", str(tmp_path), "mp4"), export, answer,
                    lambda: None, "somebody")
    first = begin()
    with pytest.raises(MediaError, match="could not be written"):
        exports._when_written(begin)
    assert first.wait(10)
    assert begin() is not first


def player_app(first: str, second: str) -> None:
    from pathlib import Path

    import numpy as np
    import streamlit as st

    from hybridcore.studio.player import synced_player
    from hybridcore.view import PlayerView

    @st.cache_resource
    def view(path: str) -> PlayerView:
        return PlayerView(video=Path(path), times=np.arange(10) / 10)

    other = st.toggle("Other video")
    if not st.toggle("Another page"):
        st.text(synced_player(view(second if other else first), key="clip"))


def test_position_survives_a_page_switch_but_not_another_video(tmp_path) -> None:
    files = [tmp_path / name for name in ("a.mp4", "b.mp4")]
    for path in files:
        path.write_bytes(path.name.encode())
    page = AppTest.from_function(player_app, args=tuple(map(str, files)), default_timeout=20).run()
    assert not page.exception
    assert page.text[0].value == "0"
    video = page.session_state["clip.position"]["film"]
    page.session_state["clip.position"] = {"film": video, "frame": 7, "nonce": None}
    assert page.run().text[0].value == "7"
    page.toggle[1].set_value(True).run()
    page.toggle[1].set_value(False).run()
    assert page.text[0].value == "7"
    page.toggle[0].set_value(True).run()
    assert page.text[0].value == "0"
    assert page.session_state["clip.position"]["film"] != video


def film_app(first: str, second: str) -> None:
    from pathlib import Path

    import numpy as np
    import streamlit as st

    from hybridcore.studio.player import synced_player
    from hybridcore.view import PlayerView

    path = second if st.toggle("With another sound") else first
    film = "another film" if st.toggle("Another film") else "a film"
    view = PlayerView(video=Path(path), times=np.arange(10) / 10, start=2)
    st.text(synced_player(view, key="clip", film=film))


def test_position_survives_another_file_of_the_same_film(tmp_path) -> None:
    files = [tmp_path / name for name in ("a.mp4", "b.mp4")]
    for path in files:
        path.write_bytes(path.name.encode())
    page = AppTest.from_function(film_app, args=tuple(map(str, files)), default_timeout=20).run()
    assert page.text[0].value == "2"  # where the view begins
    page.session_state["clip.position"] = {"film": "a film", "frame": 7, "nonce": None}
    page.toggle[0].set_value(True).run()
    assert not page.exception
    assert page.text[0].value == "7"
    page.toggle[1].set_value(True).run()
    assert page.text[0].value == "2"


def bare_app(path: str) -> None:
    import numpy as np
    import streamlit as st

    from hybridcore.studio.player import synced_player
    from hybridcore.view import PlayerView

    given = st.toggle("Say what to play")
    synced_player(PlayerView(times=np.arange(10) / 10), key="clip", video=path if given else None)


def test_the_page_says_what_to_play_where_the_view_does_not() -> None:
    page = AppTest.from_function(bare_app, args=("/a.mp4",), default_timeout=20).run()
    assert "what to play" in page.exception[0].message
    page.toggle[0].set_value(True).run()
    assert not page.exception
    assert page.session_state["clip.position"]["film"] == "/a.mp4"


def choice_app() -> None:
    from hybridcore.studio.choice import Score, show_score

    show_score(Score("Right", 3, 4, (0.3, 0.95, "Wilson"), [("By chance", 0.5, "a coin")], "a,b"),
               file_name="answers.csv")


def test_a_score_stands_beside_its_references() -> None:
    page = AppTest.from_function(choice_app, default_timeout=20).run()
    assert not page.exception
    found = [(metric.label, metric.value, metric.delta) for metric in page.metric]
    assert found == [("Right", "75%", "3 of 4"), ("95 % interval", "30% to 95%", "Wilson"),
                     ("By chance", "50.0%", "a coin")]


def test_a_video_is_served_under_a_name_nobody_guesses(tmp_path) -> None:
    film = tmp_path / "holiday.mp4"
    film.write_bytes(b"film")
    page = AppTest.from_function(player_app, args=(str(film), str(film)), default_timeout=20).run()
    assert "holiday" not in page.session_state["clip.position"]["film"]


def test_reliability_is_a_row_a_bin() -> None:
    bins = [{"from": 0.1, "to": 0.2, "share": 0.25, "probability": 0.151, "right": 0.5}]
    assert reliability_rows(bins) == [
        {"Probability": "0.1 to 0.2", "Mean": "15.1 %", "Right": "50.0 %", "Share": "25.0 %"}]
