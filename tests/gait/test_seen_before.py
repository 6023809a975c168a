"""Who was seen before, by clothing: what is looked at, how it is decided, and where it is said."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hybridcore.gait.clean import Person, person_of
from hybridcore.gait.clothes import Clothes, shared_clothes
from hybridcore.gait.gallery import Gallery, GalleryError
from hybridcore.gait.looks import GAP, HEIGHT, MOST, WIDTH, Looks, picture_of
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.gait.seen_before import Limits, Sighting, earlier
from hybridcore.gait.system import SYSTEM
from hybridcore.media import Clip
from hybridcore.system import At
from tests.gait.conftest import Answering
from tests.gait.walkers import Actor

LIMITS = Limits(same=0.8, other=0.5)
ENERGY = np.full((64, 44), 0.5, np.float32)
RED, BLUE = (190, 30, 30), (30, 40, 160)


def unit(cosine: float) -> np.ndarray:
    """A vector with this similarity to ``unit(1)``."""
    return np.array([cosine, np.sqrt(1 - cosine**2), 0], np.float32)


def seen(cosine: float, start: float, end: float, video: str = "", name: str = "") -> Sighting:
    return Sighting(name or f"walker at {start:g}", video, start, end, unit(cosine))


NOW = seen(1, 10, 12)


@pytest.mark.parametrize(("cosine", "verdict"), [
    (0.81, "seen before"), (0.79, "not sure"), (0.51, "not sure"), (0.49, None), (-0.9, None)])
def test_limits_decide(cosine: float, verdict: str | None) -> None:
    found = earlier(NOW, [seen(cosine, 1, 2), NOW], LIMITS)
    assert [before.verdict for before in found] == ([] if verdict is None else [verdict])
    for before in found:
        assert before.similarity == pytest.approx(cosine, abs=1e-6)


def test_only_who_is_gone_can_come_back() -> None:
    assert earlier(NOW, [seen(1, 1, 10.5), seen(1, 11, 20), seen(1, 13, 14)], LIMITS) == ()
    (before,) = earlier(NOW, [seen(0.9, 1, 2), seen(0.95, 3, 4), seen(0.85, 5, 6)], LIMITS)
    assert (before.name, before.start, before.end) == ("walker at 3", 3, 4)
    assert before.said == "seen before: walker at 3, 0:03.0 to 0:04.0"


def test_here_and_in_another_video() -> None:
    there = seen(0.9, 61, 75.25, "door.mp4", "Anna")
    strange = Sighting("of other weights", "a.mp4", 0, 1, np.ones(9, np.float32))
    found = earlier(NOW, [seen(0.6, 1, 2), there, strange], LIMITS)
    assert [before.said for before in found] == [
        "seen before: Anna, in door.mp4, 1:01.0 to 1:15.2",
        "not sure: perhaps walker at 1, 0:01.0 to 0:02.0"]
    assert found[0].to_json() == {
        "verdict": "seen before", "name": "Anna", "video": "door.mp4", "start": 61, "end": 75.25,
        "similarity": 0.9, "by": "clothing"}
    assert found[1].to_json()["video"] is None


def standing(left: int, top: int, height: int) -> Person:
    mask = np.zeros((200, 300), np.uint8)
    mask[top : top + height, left : left + height // 3] = 255
    return person_of(mask, 0, 0)


def test_a_look_is_cut_around_the_body_in_the_frame() -> None:
    frame = np.zeros((400, 600, 3), np.uint8)
    frame[100:340, 200:280] = RED  # the same body at twice the scale
    picture = picture_of(standing(100, 50, 120), frame, 2.0)
    assert picture.shape == (HEIGHT, WIDTH, 3)
    inside = (np.abs(picture.astype(int) - RED) < 30).all(2)
    assert inside[2:-2, 4:-4].all()
    assert inside.mean() == pytest.approx(80 / 90, abs=0.03)  # of a window 3/8 as wide as high
    at_edge = picture_of(standing(0, 50, 120), frame[:, 200:], 2.0)
    assert (np.abs(at_edge[5:-5, :20].astype(int) - RED) < 30).all()  # the edge is repeated


def test_looks_are_few_and_spread_over_the_time() -> None:
    looks, person, frame = Looks(), standing(100, 50, 120), np.zeros((200, 300, 3), np.uint8)
    for k in range(600):
        looks.take(person, frame, k / 30)
    assert MOST / 2 <= len(looks) <= MOST
    assert len(looks.pictures) == len(looks.masks) == len(looks.times)
    gaps = np.diff(looks.times)
    assert gaps.min() == pytest.approx(gaps.max())
    assert gaps.min() >= 4 * GAP - 1e-6
    assert looks.times[0] == 0
    assert looks.times[-1] > 20 - 2 * gaps.max()


@pytest.fixture(scope="module")
def clothes() -> Clothes:
    return shared_clothes("cpu")


def looks_of(top: tuple[int, int, int], legs: tuple[int, int, int], light: float = 1.0) -> Looks:
    rng = np.random.default_rng(0)
    picture = np.full((HEIGHT, WIDTH, 3), 120, np.float32)
    picture[20:70, 10:38], picture[70:, 14:34] = top, legs
    picture[:20, 18:30] = 170, 130, 110
    picture = (picture * light + rng.normal(0, 3, picture.shape)).clip(0, 255).astype(np.uint8)
    mask = np.zeros((64, 24), np.uint8)
    mask[:, 5:19] = 255
    return Looks([0.0], [picture], [mask])


def test_the_same_clothes_in_other_light_are_nearer_than_others(clothes: Clothes) -> None:
    one = clothes.embed(looks_of(RED, (40, 40, 50)))
    dark = clothes.embed(looks_of(RED, (40, 40, 50), light=0.8))
    other = clothes.embed(looks_of((220, 220, 215), BLUE))
    for vector in (one, dark, other):
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert one @ dark > clothes.limits.same
    assert one @ other < one @ dark - 0.1
    assert clothes.embed(Looks()) is None


@pytest.fixture(scope="module")
def coming_back(filmed: Callable[..., Clip], answering: Answering) -> Callable[..., object]:
    """Red, blue and red again cross the picture one after the other."""
    film = filmed([Actor(start=start, speed=260, colour=colour) for start, colour in (
        (-20, RED), (-436, BLUE), (-852, RED))], 4.8)
    return lambda **options: answering(film, **options)


def test_somebody_who_comes_back_is_said_to_be_seen_before(
    coming_back: Callable[..., object]
) -> None:
    answer = coming_back()
    first, other, again = answer.result.walks
    assert first.before == ()
    assert first.seen_before == "not seen before (by clothing)"
    assert not any(before.verdict == "seen before" for before in other.before)
    (before,) = again.before
    assert (before.verdict, before.name) == ("seen before", "walker 1")
    assert (before.start, before.end) == (first.times[0], first.times[-1])
    facts = {fact.title: fact for fact in SYSTEM.facts(answer, At(item=2))}
    assert facts["Seen before, by clothing"].value == "walker 1"
    assert facts["Seen before, by clothing"].note == before.when
    assert SYSTEM.facts(answer, At(item=0))[-1].value == "no"
    assert f"seen before: walker 1, {before.when} (by clothing)" in SYSTEM.text(answer)
    tracks = json.loads(json.dumps(answer.result.to_json()))["tracks"]
    assert tracks[0]["seen_before"] == []
    assert tracks[2]["seen_before"][0]["name"] == "walker 1"
    charts = {chart.key: chart for chart in SYSTEM.charts}
    table = charts["before"].draw(answer, At())
    assert list(table["walker"]) == [
        walk.name for walk in answer.result.walks for _ in walk.before or (None,)]
    assert table["similarity"].iloc[0] == ""
    assert table["similarity"].iloc[-1] == f"{before.similarity:.2f}"
    (matrix,) = charts["alike"].draw(answer, At()).data
    assert matrix.z[2][0] == pytest.approx(before.similarity, abs=1e-5)
    assert np.diag(matrix.z) == pytest.approx(1, abs=1e-5)


def test_who_was_enrolled_is_known_again_in_another_video(
    coming_back: Callable[..., object], recogniser: GaitRecogniser
) -> None:
    answer = coming_back()
    first = answer.result.walks[0]
    gallery = recogniser.open_gallery(None)
    gallery.enrol("Anna", unit(1), ENERGY, None, first.sighting("door.mp4"))
    gallery.enrol("Ben", unit(1), ENERGY, None, first.sighting(answer.source.name))
    walks = coming_back(gallery=gallery).result.walks
    assert [before.name for before in walks[0].before] == ["Anna"]  # Ben is this very walk
    assert {before.name for before in walks[2].before} == {"Anna", "walker 1"}
    assert walks[0].before[0].video == "door.mp4"


def opened(path: Path | None, clothes: str = "c1") -> Gallery:
    return Gallery(path, network="n1", threshold=0.3, clothes_network=clothes)


def test_a_gallery_keeps_clothes_and_forgets_them(tmp_path: Path) -> None:
    gallery = opened(tmp_path / "g.sqlite")
    gallery.enrol("Anna", unit(1), ENERGY)
    assert gallery.sightings() == ()
    before = gallery.fingerprint()
    gallery.enrol("Ben", unit(0), ENERGY, 90, seen(0.25, 3, 4.5, "door.mp4"))
    assert gallery.fingerprint() != before
    for again in (opened(tmp_path / "g.sqlite"), opened(None).restored(gallery.export())):
        (one,) = again.sightings()
        assert (one.name, one.video, one.start, one.end) == ("Ben", "door.mp4", 3, 4.5)
        assert one.clothes == pytest.approx(unit(0.25))
    assert opened(tmp_path / "g.sqlite", "other weights").sightings() == ()
    gallery.forget("Ben")
    assert gallery.sightings() == ()
    assert [person.name for person in gallery.names()] == ["Anna"]


def test_clothes_of_a_forged_gallery_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "g.sqlite"
    gallery = opened(path)
    gallery.enrol("Ben", unit(0), ENERGY, 90, seen(0.25, 3, 4.5, "door.mp4"))
    gallery.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE seen SET clothes = ?", (b"\x00\x00\xc0\x7f" * 3,))  # NaN
    with pytest.raises(GalleryError, match="damaged"):
        opened(path).sightings()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE seen SET clothes = 'text'")
    with pytest.raises(GalleryError, match="damaged"):
        opened(path)
