"""The tours: every card can be shown, and what it claims is true of the numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hybridcore.answers import finish, shared_model
from hybridcore.gait.samples import ENROLLED
from hybridcore.studio.address import tabs
from hybridcore.system import Answer, At, System, TourCard
from hybridcore.systems import systems

CARDS = [(system, card) for system in systems().values() for card in system.tour]
Answered = Callable[..., Answer[Any, Any]]


def name(value: Any) -> str:
    return getattr(value, "key", "")


@pytest.mark.parametrize(
    "system", [system for system in systems().values() if system.tour], ids=name)
def test_a_tour_has_four_to_six_cards(system: System) -> None:
    keys = [card.key for card in system.tour]
    assert 4 <= len(keys) <= 6
    assert len(set(keys)) == len(keys)
    assert len({card.sample for card in system.tour}) > 2


@pytest.mark.parametrize(("system", "card"), CARDS, ids=name)
def test_a_card_can_be_shown(system: System, card: TourCard, answered: Answered) -> None:
    assert len(card.title) <= 32
    assert len(card.text) <= 160
    assert card.text.endswith(".")
    assert card.tab == "" or card.tab in tabs(system)
    assert card.options.keys() <= {option.key for option in system.options}
    answer = of(system, card, answered)
    view = system.view(answer, card.item or 0)
    if view is None:
        sentence = system.sentence_view(answer, At(item=card.item or 0))
        words = () if sentence is None else sentence.words
        assert card.word is None or card.word < len(words)
        assert card.until is None
        assert sentence is not None or "edit" in system.parts  # a bench takes its place
    else:
        assert card.frame < len(view.times)
        assert card.until is None or card.frame < card.until < len(view.times)


def of(system: System, card: TourCard, answered: Answered) -> Answer[Any, Any]:
    sample = next(sample for sample in system.samples if sample.key == card.sample)
    found = answered(system, sample, card.kind or system.kinds[0].key)
    if not card.options:
        return found
    options = {**found.options, **card.options}
    return finish(system, found.model, found.outputs, found.source, found.kind, options)


# --- what the cards claim ------------------------------------------------------------------------


def said(answer: Answer[Any, Any], kind: str) -> np.ndarray:
    """The scene that a model finds likeliest at every frame: what it names at threshold 0."""
    names = np.array(answer.result.scene_names)
    return names[answer.result.tracks[kind].top[0][:, 0]]


def changes(labels: np.ndarray) -> int:
    return int((labels[1:] != labels[:-1]).sum())


def scene_labels(answer: Answer[Any, Any], card: TourCard) -> None:
    assert [answer.result.scene_names[s.scene] for s in answer.result.segments] == [
        "mountain", "desert sand", "iceberg", "corridor"]
    assert len(answer.result.cuts) == 2
    assert card.frame < answer.result.cuts[0] < card.until


def scene_dissolve(answer: Answer[Any, Any], card: TourCard) -> None:
    span = slice(card.frame, card.until)
    assert not set(answer.result.cuts) & set(range(card.frame, card.until))
    assert changes(said(answer, "lstm")[span]) == 1
    assert set(said(answer, "lstm")[span]) == {"desert sand", "iceberg"}
    assert "volcano" in said(answer, "frame")[span]
    doubt = answer.result.tracks["lstm"].top[1][span, 0]
    assert doubt.min() < 0.8 * min(doubt[0], doubt[-1])


def scene_covered(answer: Answer[Any, Any], card: TourCard) -> None:
    span = slice(card.frame, card.until)
    assert set(said(answer, "lstm")[span]) == {"coast"}
    assert changes(said(answer, "frame")[span]) >= 5
    assert (said(answer, "frame")[28:48] != "coast").all()
    sure = answer.result.tracks["lstm"].top[1][span, 0]
    assert sure.min() < 0.8 * sure[0]


def scene_flicker(answer: Answer[Any, Any], card: TourCard) -> None:
    span = slice(card.frame, card.until)
    assert changes(said(answer, "lstm")[span]) == 0
    assert changes(said(answer, "frame")[span]) >= 6
    assert set(said(answer, "frame")[span]) == {"temple east asia", "monastery outdoor"}


def scene_forgets(answer: Answer[Any, Any], card: TourCard) -> None:
    (cut,) = answer.result.cuts
    assert card.frame < cut < card.until
    moved = np.abs(np.diff(answer.system.states(answer, At()).trace.h, axis=0)).mean(1)
    around = moved[card.frame - 1 : card.until - 1]  # that of frame t is at t - 1
    at = cut - card.frame
    assert around[at] > 3 * np.delete(around, at).max()


def scene_mistaken(answer: Answer[Any, Any], card: TourCard) -> None:
    span = slice(card.frame, card.until)
    wrong = said(answer, "lstm")[span] == "skyscraper"
    assert 0.4 < wrong.sum() / 25 < 0.6
    assert "skyscraper" in said(answer, "frame")[span]
    assert set(said(answer, "tcn")[span]) == {"iceberg"}


def caption_words(answer: Answer[Any, Any], card: TourCard) -> None:
    inside = inside_of(answer)
    assert inside.words[:6] == ("a", "man", "is", "holding", "a", "camera")
    man, camera = (np.unravel_index(inside.attention[k].argmax(), (7, 7)) for k in (1, card.word))
    assert man[1] <= 2  # he stands on the left, the tripod in the middle
    assert 3 <= camera[1] <= 4


def caption_beam(answer: Answer[Any, Any], card: TourCard) -> None:
    inside = inside_of(answer)
    assert inside.alternatives[card.word][:2] == ("holding", "standing")
    first, second = inside.alternative_probabilities[card.word][:2]
    assert first - second < 0.03


def caption_once(answer: Answer[Any, Any], card: TourCard) -> None:
    inside = inside_of(answer)
    assert inside.attention is None
    assert answer.result.pictures[0].best.text.endswith("running on the street")
    assert inside.words[card.word] == "running"


def caption_seen(answer: Answer[Any, Any], card: TourCard) -> None:
    best = answer.result.pictures[0].best
    assert best.supports[card.word] == best.words[card.word] == "cat"
    assert best.supports[best.words.index("object")] is None


def caption_cat(answer: Answer[Any, Any], card: TourCard) -> None:
    inside = inside_of(answer)
    assert inside.words[card.word] == "dog"
    assert inside.probabilities[card.word] > 0.8


def caption_people(answer: Answer[Any, Any], card: TourCard) -> None:
    texts = [picture.best.text for picture in answer.result.pictures]
    assert len(texts) == 4
    assert all(any(who in text.split() for who in ("man", "woman", "person", "girl", "boy"))
               for text in texts)


def inside_of(answer: Answer[Any, Any]) -> Any:
    from hybridcore.caption.inside import inside_of

    return inside_of(answer, 0)


def gait_silhouettes(answer: Answer[Any, Any], card: TourCard) -> None:
    (walk,) = answer.result.walks
    assert walk.energy is not None
    assert walk.frames[walk.usable][0] <= card.frame + 1


def gait_steps(answer: Answer[Any, Any], card: TourCard) -> None:
    rhythm = answer.result.walks[0].rhythm
    assert len(rhythm.steps) == 10
    assert len(rhythm.cycles) == 4


def gait_again(answer: Answer[Any, Any], card: TourCard) -> None:
    who, whole = who_so_far(answer), answer.result.walks[0].frames[answer.result.walks[0].usable]
    first = who.index("Ada")
    assert answer.result.times[first] - answer.result.times[whole[0]] < 1
    assert set(who[first:]) == {"Ada"}
    assert card.frame < first < card.until


def gait_stranger(answer: Answer[Any, Any], card: TourCard) -> None:
    assert set(who_so_far(answer)) == {"", "no match"}


def gait_cross(answer: Answer[Any, Any], card: TourCard) -> None:
    one, two = answer.system.view(answer, 0).strips
    assert (one.codes[121:130] == 1).all()  # seen, but not counted
    assert (two.codes[122:140] < 0).all()
    for strip in (one, two):  # before and after
        assert strip.codes[card.frame] == 0
        assert strip.codes[card.until] == 0


def gait_coat(answer: Answer[Any, Any], card: TourCard) -> None:
    who = who_so_far(answer)
    first = who.index("Ada")
    assert "no match" in who[card.frame:first]
    assert set(who[first:]) == {"Ada"}
    assert card.frame < first < card.until


def who_so_far(answer: Answer[Any, Any]) -> list[str]:
    label = answer.system.view(answer, 0).label
    return ["" if code < 0 else label.labels[code] for code in label.codes]


def sound_strokes(answer: Answer[Any, Any], card: TourCard) -> None:
    times, own = [onset.time for onset in answer.result.onsets], answer.outputs.own_onsets
    assert len(times) == 7
    assert max(np.abs(own - time).min() for time in times) < 0.08


def sound_made(answer: Answer[Any, Any], card: TourCard) -> None:
    sound_strokes(answer, card)


def sound_still(answer: Answer[Any, Any], card: TourCard) -> None:
    assert not answer.result.onsets
    assert not answer.result.sound.any()


def sound_convolutions(answer: Answer[Any, Any], card: TourCard) -> None:
    own, frames = answer.outputs.own_onsets, answer.result.prediction.times
    (wrong,) = [o.time for o in answer.result.onsets if np.abs(own - o.time).min() > 0.15]
    assert round(wrong, 1) == 4.4
    assert frames[card.frame] < wrong < frames[card.until]
    lstm = finish(answer.system, answer.model, answer.outputs, answer.source, "lstm",
                  answer.system.defaults("lstm"))
    assert all(np.abs(own - o.time).min() < 0.15 for o in lstm.result.onsets)


def sound_ball(answer: Answer[Any, Any], card: TourCard) -> None:
    times, own = answer.result.prediction.times, answer.outputs.own_onsets
    inside = [time for time in own if times[card.frame] <= time <= times[card.until]]
    heard = [o.time for o in answer.result.onsets
             if times[card.frame] <= o.time <= times[card.until]]
    assert len(inside) == 7
    np.testing.assert_allclose(heard, inside, atol=0.08)
    assert {onset.material for onset in answer.result.onsets} == {"cloth"}


def pose_said(answer: Answer[Any, Any], number: int = 0) -> list[str]:
    """What the model chosen says of a person, stretch after stretch."""
    return [segment.title for segment in answer.result.segments(answer.result.bodies[number])]


def pose_bench(answer: Answer[Any, Any], card: TourCard) -> None:
    titles = pose_said(answer)
    leans = next(k for k, title in enumerate(titles) if "sitting down" in title)
    assert leans < titles.index("standing up")


def pose_order(answer: Answer[Any, Any], card: TourCard) -> None:
    assert answer.result.kind == "pose"
    assert "standing up" not in pose_said(answer)


def pose_two(answer: Answer[Any, Any], card: TourCard) -> None:
    titles = pose_said(answer)
    assert titles.index("squatting") < titles.index("clapping")
    assert len(answer.result.bodies) == answer.result.crowd == 2


def pose_torso(answer: Answer[Any, Any], card: TourCard) -> None:
    (body,) = answer.result.bodies
    assert body.seen[:, 25:29].any(1).mean() < 0.05  # knees and ankles
    assert any("legs" in note for note in answer.notes)


def pose_unknown(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.pose.actions import ACTIONS

    (body,) = answer.result.bodies
    label, _ = body.said("lstm", answer.result.threshold)
    assert (label[card.frame : card.until] == len(ACTIONS)).mean() > 0.8


def gesture_said(answer: Answer[Any, Any]) -> list[str]:
    """What is named of the hands of the only person, gesture after gesture."""
    (signer,) = answer.result.signers
    return [s.title for s in answer.result.segments(signer) if "not sure" not in s.title]


def gesture_words(answer: Answer[Any, Any], card: TourCard) -> None:
    assert gesture_said(answer) == ["hello", "thanks", "I love you"]


def gesture_commands(answer: Answer[Any, Any], card: TourCard) -> None:
    titles = gesture_said(answer)
    assert titles.index("grab") < titles.index("point")
    assert titles[titles.index("grab") + 1] == "open"


def gesture_swipe(answer: Answer[Any, Any], card: TourCard) -> None:
    (signer,) = answer.result.signers
    shown = [s for s in answer.result.segments(signer)
             if answer.result.times[card.frame] <= s.start <= answer.result.times[card.until or 0]]
    assert "swipe right" in [s.title for s in shown]
    assert not any("swipe" in s.title for s in signer.segments("frame", answer.result.threshold)
                   if "not sure" not in s.title)


def gesture_unnamed(answer: Answer[Any, Any], card: TourCard) -> None:
    (signer,) = answer.result.signers
    assert gesture_said(answer) == ["thanks"]
    (thanks,) = (s for s in answer.result.segments(signer) if s.title == "thanks")
    assert thanks.end < answer.result.times[card.until or 0] - 1


def emotion_smile(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.emotion.classes import EMOTIONS

    codes, _ = answer.result.said(0, "face")
    assert (codes[card.frame : card.until] == EMOTIONS.index("happy")).all()
    assert answer.result.witnesses(0) == ["face", "over_time", "motion", "voice"]


def emotion_covered(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.emotion.classes import EMOTIONS

    (person,), happy = answer.result.people, EMOTIONS.index("happy")
    p = np.exp(answer.model.faces.reliance(person.crops[card.frame])[..., happy])
    row, _ = np.unravel_index(p.argmin(), p.shape)
    assert np.exp(person.log_p["face"][card.frame, happy]) > 0.9
    assert 0.6 < p.min() < 0.75
    assert row > 4  # below the middle
    assert p[:4].min() > 0.85


def emotion_unsure(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.emotion.classes import EMOTIONS

    span = slice(card.frame, card.until)
    codes, _ = answer.result.said(0, "face")
    assert (codes[span] == len(EMOTIONS)).all()
    likely = np.argsort(-answer.result.log_p(0)["face"][span])[:, :2]
    wavers = sorted(EMOTIONS.index(name) for name in ("surprise", "fear"))
    assert (np.sort(likely) == wavers).all()


def emotion_group(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.emotion.group import group_mood

    mood = group_mood(answer.result, 0)
    assert mood is not None
    assert (mood.intensity > 3).sum() == 2
    assert (mood.intensity < 1).sum() == 1
    assert len(set(mood.weights.round(3))) == 3


def emotion_music(answer: Answer[Any, Any], card: TourCard) -> None:
    assert np.isnan(answer.result.voice).all()


def digits_number(answer: Answer[Any, Any], card: TourCard) -> None:
    result = answer.result
    assert [digit.digit for digit in result.digits] == [5, 5, 5, 0, 1, 7, 3]
    assert (result.log_p.argmax(1) == 0).mean() > 0.5


def digits_lattice(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.layers.ctc import best_path

    result = answer.result
    assert [digit.digit for digit in result.digits[:3]] == [5, 5, 5]
    only = result.log_p.copy()
    only[:, 0] = -np.inf
    assert best_path(only)[0][:2] != [6, 6]


def digits_noise(answer: Answer[Any, Any], card: TourCard) -> None:
    result, half = answer.result, answer.source.duration / 2
    unsure = [digit.start * 0.03 for digit in result.digits if not result.is_sure(digit)]
    assert unsure
    assert all(abs(time - half) < 1.0 for time in unsure)


def digits_words(answer: Answer[Any, Any], card: TourCard) -> None:
    assert not any(map(answer.result.is_sure, answer.result.digits))


def dna_strands(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.dna.samples import CTCF

    (sequence,) = answer.result.sequences
    assert [site.strand for site in sequence.sites] == ["+", "-"]
    middles = [start + len(CTCF) // 2 for start in (100, 280)]
    np.testing.assert_allclose([site.position for site in sequence.sites], middles, atol=5)


def dna_damaged(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.dna.letters import BASES
    from hybridcore.dna.mutagenesis import mutation_map
    from hybridcore.dna.samples import DAMAGED, MENDED
    from hybridcore.dna.scan import windows_of

    (sequence,) = answer.result.sequences
    assert not sequence.sites
    at, length = answer.result.looked_at(0), answer.result.length
    found = mutation_map(answer.model.networks["danq"], windows_of(sequence.letters, length)[at],
                         at - length // 2, 0)
    bluest = np.argsort(-np.nan_to_num(found.effects).ravel())[: len(DAMAGED)]
    changes = {(int(k) // len(BASES) + found.start, BASES[k % len(BASES)]) for k in bluest}
    assert {position for position, _ in changes} == set(DAMAGED)
    assert (int(MENDED[:2]) - 1, MENDED[-1]) in changes


def dna_mended(answer: Answer[Any, Any], card: TourCard) -> None:
    (sequence,) = answer.result.sequences
    assert sequence.letters != sequence.original
    assert [site.strand for site in sequence.sites] == ["+"]


def dna_apart(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.dna.samples import TOO_FAR
    from hybridcore.dna.spacing import spaced_apart

    near, far = answer.result.sequences
    assert len(near.sites) == 1
    assert not far.sites
    target = answer.result.target
    apart = np.array([target.spacing, TOO_FAR])
    gap = {kind: float(np.subtract(*spaced_apart(network, target, apart).max(0).mean(1)))
           for kind, network in answer.model.networks.items()}
    assert gap["danq"] > 5  # log-odds
    assert abs(gap["motifs"]) < 0.5


def nowcast_now(answer: Answer[Any, Any], card: TourCard) -> None:
    result = answer.result
    assert answer.source.minutes[-1] == 120
    assert (result.hidden, result.minutes[0], result.leads[-1]) == (60, -60, 60)
    assert card.frame < result.now < card.until
    assert np.isfinite(result.truth).all()


def nowcast_moves(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.nowcast.skill import skills

    assert answer.result.now == card.frame
    assert np.nanmax(answer.result.mean) <= answer.result.observed[-1].max() + 1e-3
    leads = skills(answer)["lagrangian"]
    assert leads[1]["CSI 1.0"] > 0.8
    assert leads[-1]["CSI 1.0"] < leads[1]["CSI 1.0"] - 0.1


def nowcast_doubt(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.nowcast.view import chance_of

    result = answer.result
    chances = chance_of(result, 1.0)[result.now + 1 :]
    doubt = np.nanmean(chances * (1 - chances), (1, 2))
    assert doubt[1] < doubt[5] < doubt[-1]
    assert np.nanmax(result.mean[-1]) < np.nanmax(result.mean[1])


def nowcast_turns(answer: Answer[Any, Any], card: TourCard) -> None:
    across, _ = answer.result.velocity
    north, south = across[14:34], across[66:86]
    assert north[:, 20:70].mean() < -0.05
    assert south[:, 20:70].mean() > 0.05


def nowcast_memory(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.nowcast.memory import liveliest, memory_of

    memory = memory_of(answer)
    assert len(memory.hidden) == 4 + 6
    unit = int(liveliest(memory)[0])
    rain = np.log1p(answer.result.observed[-1].reshape(24, 4, 24, 4).mean((1, 3)))
    held = memory.hidden[3, unit]
    assert abs(np.corrcoef(held.ravel(), rain.ravel())[0, 1]) > 0.4


def nowcast_born(answer: Answer[Any, Any], card: TourCard) -> None:
    from hybridcore.nowcast.skill import methods

    truth = answer.result.truth[-1]
    storm = truth > 50
    assert storm.sum() > 10
    assert answer.result.observed[-1][storm].max() < 0.1
    for result in methods(answer).values():
        assert (result.mean[-1] < truth / 100)[storm].all()


@pytest.fixture(scope="module")
def told(answered: Answered) -> Answered:
    """The answer that a card shows: on the tour, walkers of the samples are enrolled."""
    def enrolled(system: System, kind: str) -> Any:
        gallery = shared_model(system).open_gallery(None, kind)
        for sample in system.samples:
            walks = answered(system, sample, kind).result.walks
            for walk, who in zip(walks, ENROLLED.get(sample.key, ()), strict=False):
                walk.enrol(gallery, who)
        return gallery

    def answer(system: System, card: TourCard) -> Answer[Any, Any]:
        found = of(system, card, answered)
        if not any(option.key == "gallery" for option in system.options):
            return found
        options = {**found.options, "gallery": enrolled(system, found.kind)}
        return finish(system, found.model, found.outputs, found.source, found.kind, options)

    return answer


@pytest.mark.parametrize(("system", "card"), CARDS, ids=name)
def test_what_a_card_claims_is_true(system: System, card: TourCard, told: Answered) -> None:
    claim: Callable[[Answer[Any, Any], TourCard], None] = globals()[f"{system.key}_{card.key}"]
    claim(told(system, card), card)
