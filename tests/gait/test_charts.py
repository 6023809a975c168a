"""Charts, facts and states are of the walk that is looked at and of the network chosen."""

from dataclasses import replace

import numpy as np
import pytest

from hybridcore.gait.figures import colour_of
from hybridcore.gait.model import KINDS, VIEWS
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.gait.system import SYSTEM
from hybridcore.media import Clip
from hybridcore.system import At
from tests.gait.conftest import Answering

EVERY_KIND = pytest.mark.parametrize("kind", KINDS)


def chart(key: str, answer, at: At):
    return next(chart for chart in SYSTEM.charts if chart.key == key).draw(answer, at)


@EVERY_KIND
@pytest.mark.parametrize("item", [0, 1])
def test_views_are_those_of_the_kind_and_the_walk(
    kind: str, item: int, answering: Answering, two_walkers: Clip
) -> None:
    answer = answering(two_walkers, kind)
    walk = answer.outputs.walks[item]
    expected = walk.identities[kind].views[-1]
    (bars,) = chart("view", answer, At(item=item)).data
    assert bars.x == tuple(f"{view}°" for view in VIEWS)
    assert bars.y == pytest.approx(expected)
    assert bars.customdata[3] == f"{100 * expected[3]:.1f} %"
    facts = {fact.title: fact for fact in SYSTEM.facts(answer, At(item=item))}
    assert facts["View"].value == f"{VIEWS[int(expected.argmax())]}°"
    assert facts["Cadence"].value == f"{walk.rhythm.cadence:.0f} steps/min"
    assert facts["Cycles"].value == str(len(walk.rhythm.cycles))
    assert facts["Left-right symmetry"].value == f"{walk.rhythm.symmetry:.2f}"
    assert facts["Identity"].value == "nobody enrolled"


@EVERY_KIND
@pytest.mark.parametrize("item", [0, 1])
def test_names_are_those_of_the_kind_and_the_walk(
    kind: str, item: int, answering: Answering, two_walkers: Clip, recogniser: GaitRecogniser
) -> None:
    gallery = recogniser.open_gallery(None, kind)
    answering(two_walkers, kind, gallery=gallery, enrol="Anna", walker=1)
    walks = [walk.identities[kind] for walk in answering(two_walkers, kind).outputs.walks]
    apart = float(np.linalg.norm(walks[1].embedding - walks[0].embedding))
    gallery.threshold = apart / 2  # so that the second walker has no match
    answer = answering(two_walkers, kind, gallery=gallery)
    at = At(item=item)
    (line,) = chart("evidence", answer, at).data
    expected = np.linalg.norm(walks[item].evidence - walks[0].embedding, axis=1)
    assert line.name == "Anna"
    assert line.y == pytest.approx(expected, abs=2e-3)
    who = next(fact for fact in SYSTEM.facts(answer, at) if fact.title == "Identity")
    table = chart("matches", answer, at)
    assert list(table["name"]) == ["Anna"]
    assert list(table["distance"]) == [pytest.approx(expected[-1], abs=2e-3)]
    if item == 0:
        assert (who.value, who.note) == ("Anna", "distance 0.00")
        assert list(table["decision"]) == ["accepted"]
    else:
        assert (who.value, who.note) == ("no match", f"distance {apart:.2f}")
        assert list(table["decision"]) == ["no match"]
    names = [trace.name for trace in chart("map", answer, at).data]
    assert names == ["Anna", "walker 1", "walker 2"]
    assert SYSTEM.headline(answer).endswith("; Anna")


@EVERY_KIND
def test_the_flow_is_that_of_the_network(
    kind: str, answering: Answering, two_walkers: Clip
) -> None:
    answer = answering(two_walkers, kind)
    walk = answer.outputs.walks[1]
    count = len(walk.identities[kind].at)
    steps = {step.name: step for step in SYSTEM.flow(answer, At(item=1))}
    assert steps["silhouettes"].shape == (int(walk.usable.sum()), 64, 44)
    assert steps["CNN"].shape == (count, 8, 16, 6)
    assert steps["strips"].shape == (count, 256)
    assert ("LSTM" in steps) == (kind == "lstm")
    pooled = {"lstm": ("mean so far", (count, 16)), "set": ("maximum so far", (count, 256)),
              "mean": ("mean so far", (count, 256)), "gei": ("mean so far", (count, 64, 44))}
    name, shape = pooled[kind]
    assert steps[name].shape == shape
    assert steps["embedding"].shape == (count, 8)
    assert steps["view"].shape == (count, len(VIEWS))
    order = list(steps)
    assert (order.index("CNN") < order.index(name)) == (kind != "gei")
    assert [step.name for step in steps.values() if not step.trained] == [
        "silhouettes", "frames read", name]


def test_states_are_of_the_lstm_and_of_nothing_else(
    answering: Answering, two_walkers: Clip
) -> None:
    answer = answering(two_walkers, "lstm")
    walk = answer.outputs.walks[1]
    states = SYSTEM.states(answer, At(item=1))
    assert (states.trace.h == walk.identities["lstm"].hidden).all()
    assert states.x == pytest.approx(walk.used_times[walk.identities["lstm"].at])
    swing = walk.identities["lstm"].hidden.std(0)[states.units]
    assert (np.diff(swing) <= 0).all()
    for kind in ("set", "mean", "gei"):
        assert SYSTEM.states(answering(two_walkers, kind), At(item=1)) is None


def test_what_does_not_depend_on_the_network_is_of_the_walk(
    answering: Answering, two_walkers: Clip
) -> None:
    answer = answering(two_walkers)
    for item, walk in enumerate(answer.result.walks):
        line, _ = chart("width", answer, At(item=item)).data
        assert line.y == pytest.approx(walk.rhythm.width)
        assert line.line.color == colour_of(walk)
        (heat,) = chart("stance", answer, At(item=item)).data
        assert (heat.z.sum(0) == walk.feet.sum(1)).all()
        assert list(chart("notes", answer, At(item=item))["note"]) == ["two people merged"]
        names = [a.text for a in chart("compare", answer, At(item=item)).layout.annotations]
        other = answer.result.walks[1 - item].name
        assert names == [f"<b>{walk.name}</b>", other, "difference"]
        assert chart("energies", answer, At(item=item)).layout.images
        assert chart("strip", answer, At(item=item)).layout.images
    items = SYSTEM.items(answer)
    assert [(i.title, i.start, i.end) for i in items.entries] == [
        (walk.name, walk.times[0], walk.times[-1]) for walk in answer.result.walks]


def test_where_there_is_nothing_there_is_no_chart(
    answering: Answering, one_walker: Clip, filmed
) -> None:
    answer = answering(one_walker)
    assert chart("notes", answer, At()) is None
    assert chart("matches", answer, At()) is None
    assert chart("compare", answer, At()) is None
    assert chart("map", answer, At()) is None
    empty = answering(filmed([], 1.0))
    for each in SYSTEM.charts:
        assert each.draw(empty, At()) is None
    assert SYSTEM.states(empty, At()) is None
    assert SYSTEM.flow(empty, At()) == ()
    assert SYSTEM.facts(empty, At()) == ()
    assert SYSTEM.headline(empty) == "nobody walks"
    (note,) = SYSTEM.notes(empty)
    assert "Nobody walks here" in note


def test_a_walk_of_which_nothing_counts_has_sentences_in_place_of_empty_axes(
    answering: Answering, two_walkers: Clip
) -> None:
    answer = answering(two_walkers)
    walk = answer.result.walks[0]
    rhythm = replace(walk.rhythm.without_steps(), width=walk.rhythm.width[:0])
    blind = replace(walk, usable=np.zeros_like(walk.usable), rhythm=rhythm, identities={},
                    feet_bits=np.zeros_like(walk.feet_bits))
    answer = replace(answer, result=replace(answer.result, walks=(blind,)))
    for key in ("width", "energies", "stance", "evidence", "view", "compare"):
        assert chart(key, answer, At()) is None
    for one in SYSTEM.charts:
        if one.key in ("width", "energies"):
            assert one.empty.endswith(".")
