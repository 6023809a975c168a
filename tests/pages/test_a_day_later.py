"""A server that has run for a day: what was swept in the meantime is made again, or said."""

from __future__ import annotations

import io
import os
import threading
import time
from pathlib import Path

import pytest
from PIL import Image
from skimage import data
from streamlit.testing.v1 import AppTest

from hybridcore.errors import MediaError
from hybridcore.jobs import board, default_workers
from hybridcore.media import VideoWriter
from hybridcore.nowcast.made_rain import band, write_sample
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.learn.rendered import render_clip
from hybridcore.studio.chosen import Chosen, kept, spool
from hybridcore.studio.exports import _prepared
from hybridcore.studio.previews import preview_job
from hybridcore.system import System
from hybridcore.systems import systems
from tests.conftest import write_clip
from tests.gait.walkers import Actor, film
from tests.pages.pages import ROOT, WAIT_SECONDS, open_home, open_page, upload, wait_for_charts

DAY = 25 * 3600
EVERY = pytest.mark.parametrize("system", systems().values(), ids=lambda system: system.key)


def age() -> None:
    """Let a day go by for every file of the server."""
    for path in spool().folder.iterdir():
        old = time.time() - DAY
        os.utime(path, (old, old))


def sweep() -> set[str]:
    """What another visitor's upload sets off; returns what is left."""
    spool().sweep()
    return {path.name for path in spool().folder.iterdir()}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, two_shots: Path) -> dict[str, tuple[str, bytes]]:
    """A small file for every system."""
    folder = tmp_path_factory.mktemp("own")
    picture = io.BytesIO()
    Image.fromarray(data.astronaut()).save(picture, "PNG")
    clip = render_clip(3, "stick", seconds=2, size=(90, 160))
    with VideoWriter(folder / "stick.mp4", 160, 90, 30, clip.sound, RATE) as writer:
        for frame in clip.frames:
            writer.write(frame)
    return {
        "scene": ("mine.mp4", two_shots.read_bytes()),
        "caption": ("mine.png", picture.getvalue()),
        "gait": ("mine.mp4", write_clip(folder / "walk.mp4", film([Actor()], 3.0)).read_bytes()),
        "pose": ("mine.mp4", (ROOT / "assets" / "samples" / "pose-chair.mp4").read_bytes()),
        "gesture": ("mine.mp4", (ROOT / "assets" / "samples" / "gesture-swipes.mp4").read_bytes()),
        "sound": ("mine.mp4", (folder / "stick.mp4").read_bytes()),
        "emotion": ("mine.png", (ROOT / "assets" / "samples" / "emotion-group.png").read_bytes()),
        "digits": ("mine.flac", (ROOT / "assets" / "samples" / "digits-number.flac").read_bytes()),
        "dna": ("mine.fasta", b">mine\n" + b"ACGTTGCA" * 15),
        "nowcast": ("mine.zip", write_sample("mine", lambda: band()[:9], folder).read_bytes()),
    }


def settled(app: AppTest) -> AppTest:
    """The page drawn anew, and again when the job that this began has ended."""
    wait_for_charts(app.run())
    assert not app.exception
    return app


def whole(app: AppTest) -> None:
    """The page shows an answer, and nothing is wrong."""
    assert not app.exception
    assert not app.error
    assert app.get("download_button")


def prepare(app: AppTest) -> None:
    """Have every slow file written."""
    slow = {export.title for system in systems().values() for export in system.exports
            if export.slow}
    for button in [b for b in app.get("download_button") if b.label in slow]:
        button.click().run()
    settled(app)


@EVERY
def test_samples_open_and_finished_results_are_shown_a_day_later(system: System) -> None:
    for sample in (system.samples[0], system.samples[-1]):
        app = settled(open_page(system.key, sample.key))
        whole(app)
        age()
        sweep()
        whole(settled(app))  # who had it open
        whole(settled(open_page(system.key, sample.key)))  # who comes anew


@EVERY
def test_a_sample_that_was_composed_is_made_again(system: System) -> None:
    composed = [sample for sample in system.samples if callable(sample.file)
                and sample.path(spool().folder).parent == spool().folder]
    for sample in composed:
        app = settled(open_page(system.key, sample.key))
        app.query_params.clear()  # as after another page
        path = sample.path(spool().folder)
        age()
        assert path.name not in sweep()
        whole(settled(app))
        assert app.session_state[f"{system.key}.source"].sample == sample.key
        assert path.exists()


@EVERY
def test_an_upload_in_use_stays_and_its_copies_are_made_again(
    system: System, own: dict[str, tuple[str, bytes]]
) -> None:
    app = upload(open_page(system.key), *own[system.key])
    whole(app)
    prepare(app)
    path = app.session_state[f"{system.key}.source"].path
    age()
    app.run()  # somebody looks at it, after a day
    whole(app)
    assert path.name in sweep()
    # All but the upload itself is taken.
    for other in spool().folder.iterdir():
        if other.is_file() and other != path:
            other.unlink()
    whole(settled(app))
    prepare(app)
    for kind in system.kinds[1:]:
        app.segmented_control(key=f"{system.key}.kind").set_value(kind.key).run()
        whole(settled(app))


@EVERY
def test_an_upload_that_was_swept_is_said_and_can_be_chosen_again(
    system: System, own: dict[str, tuple[str, bytes]]
) -> None:
    app = upload(open_page(system.key), *own[system.key])
    path = app.session_state[f"{system.key}.source"].path
    age()
    assert path.name not in sweep()
    settled(app)
    assert any("choose them again" in info.value for info in app.info)
    assert app.session_state[f"{system.key}.source"].sample
    upload(app, *own[system.key])
    whole(app)
    assert app.session_state[f"{system.key}.source"].path == path


def test_a_job_that_begins_after_its_upload_was_swept_says_so(
    own: dict[str, tuple[str, bytes]]
) -> None:
    app = open_page("scene")
    let = threading.Event()
    for number in range(default_workers()):  # nobody is free
        board().submit(("test", "busy", number), lambda progress: let.wait(WAIT_SECONDS))
    name, content = own["gait"]
    app.file_uploader[0].upload(name, content).run()
    path: Path = app.session_state["scene.source"].path
    (waiting,) = [bar.proto.text for bar in app.get("progress")]
    assert waiting.startswith("Waiting for 2 others" if default_workers() == 2 else "Waiting for 1")
    key, job = [(key, job) for key, job in board()._jobs.items() if key[0] == "look"][-1]
    assert job.state == "waiting"
    path.unlink()
    let.set()
    assert board().settle(WAIT_SECONDS)
    assert "has expired" in str(job.error)
    assert not job.details
    board().forget(key)
    app.run()
    assert not app.exception
    assert any("choose them again" in info.value for info in app.info)


def read_too_late(path: Path) -> None:
    path.unlink()
    raise MediaError("There is no file.")


def test_an_upload_that_is_swept_while_it_is_read_says_so_and_other_faults_say_theirs() -> None:
    scene = systems()["scene"]
    chosen = Chosen("mine.mp4", spool().add(io.BytesIO(b"not a video"), ".mp4"))
    with pytest.raises(MediaError, match="torn"), kept(scene, chosen):
        raise MediaError("It is torn.")
    with pytest.raises(MediaError, match="has expired"), kept(scene, chosen):
        read_too_late(chosen.path)


def test_a_download_that_was_swept_since_the_button_was_drawn_is_a_sentence(
    tmp_path: Path
) -> None:
    with pytest.raises(MediaError, match="reload the page to prepare it again"):
        _prepared(tmp_path / "gone.mp4")


def test_a_film_with_its_made_sound_is_made_again(own: dict[str, tuple[str, bytes]]) -> None:
    """The film with its made sound, beside the browser's copy."""
    app = upload(open_page("sound"), *own["sound"])
    upload_ = app.session_state["sound.source"].path
    (made,) = spool().folder.glob(f"*-{upload_.stem[:40]}.mp4")
    made.unlink()
    whole(settled(app))
    assert made.exists()


def test_home_shows_its_previews_a_day_later() -> None:
    app = open_home()
    copies = {preview_job(system).result.video for system in systems().values()}
    age()
    assert not any(copy.name in sweep() for copy in copies if isinstance(copy, Path))
    settled(app)
    assert board().settle(WAIT_SECONDS)
    for system in systems().values():
        video = preview_job(system).result.video
        assert not isinstance(video, Path) or video.exists()
