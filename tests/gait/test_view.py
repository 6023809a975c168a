"""The player shows everybody where they are, and what the chosen network says of one of them."""

from dataclasses import replace

import numpy as np
import pytest

from hybridcore.figures import PALETTE
from hybridcore.gait import view as module
from hybridcore.gait.figures import colour_of
from hybridcore.gait.model import KINDS, VIEWS
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.gait.view import events, player_view
from hybridcore.media import Clip
from tests.gait.conftest import Answering


def test_everybody_lies_over_the_video(answering: Answering, two_walkers: Clip) -> None:
    answer = answering(two_walkers)
    view = player_view(answer, 1)
    result = answer.result
    assert (view.times == result.times).all()
    assert view.size == (result.width, result.height)
    (people,) = view.overlays
    assert view.overlay == people.name
    assert [sprite.colour for sprite in people.sprites] == list(PALETTE[:2])
    assert len(people.sprites) == len(view.strips) == 2
    for walk, sprite, strip in zip(result.walks, people.sprites, view.strips, strict=True):
        assert (sprite.name, sprite.colour) == (walk.name, colour_of(walk))
        assert strip.colours[0] == colour_of(walk)
        assert (sprite.frames == walk.frames).all()
        assert (sprite.pictures == walk.silhouettes).all()
        assert (sprite.boxes == walk.boxes).all()
        assert (sprite.counted == walk.usable).all()
        expected = np.full(len(result.times), -1)
        for frame, usable in zip(walk.frames, walk.usable, strict=True):
            expected[frame] = 0 if usable else 1
        assert (strip.codes == expected).all()
        assert strip.labels[0] == "in full view"
    assert view.start == min(walk.frames[walk.usable][0] for walk in result.walks)
    (panel,) = view.panels
    assert panel.title == "walker 2"
    assert (panel.films[0].sprite.pictures == result.walks[1].silhouettes).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("item", [0, 1])
def test_bars_and_names_are_those_of_the_kind_so_far(
    kind: str, item: int, answering: Answering, two_walkers: Clip, recogniser: GaitRecogniser
) -> None:
    gallery = recogniser.open_gallery(None, kind)
    answering(two_walkers, kind, gallery=gallery, enrol="Anna", walker=1)
    identities = [walk.identities[kind] for walk in answering(two_walkers, kind).outputs.walks]
    to_anna = [np.linalg.norm(i.evidence - identities[0].embedding, axis=1) for i in identities]
    gallery.threshold = float(np.median(np.concatenate(to_anna))) + 1e-4  # no distance itself
    answer = answering(two_walkers, kind, gallery=gallery)
    (panel,) = player_view(answer, item).panels
    (series,), (who,) = panel.series, panel.lines
    walk, identity = answer.outputs.walks[item], identities[item]
    at = walk.frames[walk.usable][identity.at]
    assert list(series.labels) == [f"{view}°" for view in VIEWS]
    said = set()
    for frame in range(len(answer.result.times)):
        steps = np.flatnonzero(at <= frame)
        if not len(steps):
            assert (series.index[frame] == -1).all()
            assert who.codes[frame] == -1
            continue
        views = identity.views[steps[-1]]
        assert series.value[frame] == pytest.approx(sorted(views, reverse=True)[:3])
        assert views[series.index[frame]] == pytest.approx(series.value[frame])
        known = to_anna[item][steps[-1]] <= gallery.threshold
        name = who.labels[who.codes[frame]]
        assert name == ("Anna" if known else "no match")
        said.add(name)
    assert said


def test_a_walk_that_was_not_read_has_its_silhouettes_only(
    answering: Answering, one_walker: Clip
) -> None:
    answer = answering(one_walker)
    (walk,) = answer.result.walks
    blind = replace(answer, result=replace(answer.result, walks=(replace(walk, identities={}),)))
    (panel,) = player_view(blind, 0).panels
    assert len(panel.films) == 1
    assert not panel.series
    assert not panel.lines


def test_walkers_enter_and_leave(answering: Answering, two_walkers: Clip) -> None:
    answer = answering(two_walkers)
    times = {event.title: event.time for event in events(answer)}
    assert times == {f"{walk.name} {what}": walk.times[at] for walk in answer.result.walks
                     for what, at in (("enters", 0), ("leaves", -1))}
    assert len(times) == 4


def test_a_clip_in_which_nobody_walks_still_plays(answering: Answering, filmed) -> None:
    answer = answering(filmed([], 1.0))
    view = player_view(answer, 0)
    assert len(view.times) == 30
    assert not view.panels
    assert not view.overlays
    assert view.overlay is None


def test_of_a_crowd_the_chosen_one_has_a_strip(answering: Answering, one_walker: Clip) -> None:
    answer = answering(one_walker)
    (walk,) = answer.result.walks
    crowd = tuple(replace(walk, id=k, name=f"walker {k}") for k in range(1, 13))
    answer = replace(answer, result=replace(answer.result, walks=crowd))
    first = player_view(answer, 0)
    assert [s.name for s in first.strips] == [*(f"walker {k}" for k in range(1, 9)), "and 4 more"]
    assert (first.strips[-1].codes[walk.frames] == 0).all()
    strips = [s.name for s in player_view(answer, 11).strips]
    assert strips[-2:] == ["walker 12", "and 4 more"]
    assert len(first.overlays[0].sprites) == 12
    whole = replace(answer, result=replace(answer.result, walks=crowd[:8]))
    assert [s.name for s in player_view(whole, 0).strips] == [f"walker {k}" for k in range(1, 9)]


def test_a_long_clip_sends_one_walk_at_a_time(
    answering: Answering, two_walkers: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_PICTURES", 150)
    view = player_view(answering(two_walkers), 1)
    (sprite,) = view.overlays[0].sprites
    assert sprite.name == view.panels[0].title == "walker 2"
