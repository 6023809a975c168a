"""What the page shows of captions: the sentence over its picture, the player, the items."""

import io

import numpy as np
import pytest
from PIL import Image

from hybridcore.caption.figures import spelled
from hybridcore.caption.inside import regions_in, word_maps
from hybridcore.caption.model import KINDS
from hybridcore.caption.predict import SAY, Captioner
from hybridcore.caption.speak import NOT_SURE
from hybridcore.caption.view import LANGUAGE, items, pick, player_view, sentence_view
from hybridcore.figures import PALETTE, attention_bytes
from hybridcore.media.picture import Picture
from hybridcore.system import At
from tests.caption.conftest import MakeAnswer


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rank", [0, 2])
def test_the_sentence_shows_what_its_own_model_held(
    answer_of_picture: MakeAnswer, captioner: Captioner, kind: str, rank: int
) -> None:
    answer = answer_of_picture(kind)
    caption = answer.result.pictures[0].captions[rank]
    inside = captioner.look_inside(answer.outputs.cells[0], kind, caption.numbers)
    view = sentence_view(answer, At(item=rank))
    assert view.words == caption.words
    np.testing.assert_allclose(view.probabilities, caption.probabilities, atol=1e-5)
    (panel,) = view.panels
    (others,) = panel.series
    assert others.pick
    for t in range(len(caption.words)):
        labels = [others.labels[i] for i in others.index[t]]
        assert labels == [spelled(word) for word in inside.alternatives[t]]
    np.testing.assert_allclose(others.value, inside.alternative_probabilities)
    lines = {line.name: [line.labels[code] for code in line.codes] for line in panel.lines}
    assert lines["word"] == [spelled(word) for word in caption.words]
    assert lines["probability"] == [f"{100 * p:.1f} %" for p in inside.probabilities]
    assert lines["entropy"] == [f"{bits:.1f} bits" for bits in inside.entropy]
    *heats, boxes = view.overlays
    assert list(boxes.names) == [region.phrase for region in regions_in(answer, rank)]
    if kind == "tell":
        assert not heats
        assert view.selected == 0
        assert "gate β, how much picture" not in lines
        return
    (heat,) = heats
    assert view.overlay == heat.name
    for shown, weights in zip(heat.maps, inside.attention, strict=True):
        low, high = weights.min(), weights.max()
        np.testing.assert_allclose(shown, (weights - low) / (high - low) * 255, atol=1.01)
    assert lines["gate β, how much picture"] == [f"{b:.2f}" for b in inside.gate]
    peaks = [weights.max() for weights in inside.attention[: len(caption.words) - 1]]
    assert view.selected == int(np.argmax(peaks))


def test_each_word_has_the_map_of_what_supports_it(answer_of_picture: MakeAnswer) -> None:
    answer = answer_of_picture(SAY)
    view, caption = sentence_view(answer, At(item=1)), answer.result.at(1)
    maps = word_maps(answer, 1, {name for name in caption.supports if name})
    (heat, _), (panel,) = view.overlays, view.panels
    said = {line.name: [line.labels[code] for code in line.codes] for line in panel.lines}
    assert any(caption.supports)
    assert not all(caption.supports)
    for shown, name, why in zip(
        heat.maps, caption.supports, said["said because of"], strict=True
    ):
        if name is None:
            assert not shown.any()
            assert why == LANGUAGE
        else:
            np.testing.assert_array_equal(shown, attention_bytes(maps[name][None])[0])
            assert why.startswith(f"{name}, seen: ")
    assert caption.supports[view.selected] == answer.result.pictures[0].heard[0].name


def test_a_seen_word_is_ticked_off_and_on_again(answer_of_picture: MakeAnswer) -> None:
    answer = answer_of_picture(SAY)
    ticks = sentence_view(answer, At()).panels[0].series[0]
    first = answer.result.pictures[0].heard[0].name
    assert ticks.pick
    assert ticks.labels[0] == f"✓ {first}"
    without = pick(answer, At(), f"✓ {first}")
    assert without == {"without": first, "add": ""}
    less = answer_of_picture(SAY, **without)
    assert first not in [word.name for word in less.result.pictures[0].heard]
    assert f"+ {first}" in sentence_view(less, At()).panels[0].series[0].labels
    assert pick(less, At(), f"+ {first}") == {"without": "", "add": ""}
    own = answer_of_picture(SAY, **pick(answer, At(), "+ dog"))
    view, caption = sentence_view(own, At()), own.result.at(0)
    lines = {line.name: [line.labels[c] for c in line.codes] for line in view.panels[0].lines}
    assert lines["said because of"][caption.supports.index("dog")] == "dog, added by you"


def test_words_alone_are_shown_where_nothing_is_sure(answer_of_picture: MakeAnswer) -> None:
    whole = answer_of_picture(SAY)
    answer = answer_of_picture(SAY, without=", ".join(
        word.name for word in whole.result.pictures[0].heard))
    view = sentence_view(answer, At())
    assert view.words == (NOT_SURE,)
    assert not view.overlays[0].maps.any()
    assert "not sure" in items(answer).entries[0].title


def test_the_picture_is_the_one_that_was_brought(
    answer_of_picture: MakeAnswer, coffee: Picture
) -> None:
    view = sentence_view(answer_of_picture(), At())
    shown = np.asarray(Image.open(io.BytesIO(view.picture)))
    assert view.size == (coffee.array.shape[1], coffee.array.shape[0])
    assert np.abs(shown.astype(int) - coffee.array).mean() < 4
    assert "coffee.png" in view.alt


def test_a_segment_shows_its_own_frame_and_sentence(answer_of_video: MakeAnswer) -> None:
    answer = answer_of_video()
    for number in (0, 1):
        view = sentence_view(answer, At(item=number))
        assert view.words == answer.result.pictures[number].best.words
        shown = np.asarray(Image.open(io.BytesIO(view.picture))).astype(int)
        frames = answer.outputs.segments.frames.astype(int)
        assert np.abs(shown - frames[number]).mean() < 6 < np.abs(shown - frames[1 - number]).mean()


def test_a_view_is_made_once(answer_of_picture: MakeAnswer) -> None:
    answer = answer_of_picture()
    assert sentence_view(answer, At(item=1)) is sentence_view(answer, At(item=1, word=3))
    assert sentence_view(answer, At(item=1)) is not sentence_view(answer, At(item=2))


def test_another_word_is_gone_on_from(answer_of_picture: MakeAnswer) -> None:
    answer = answer_of_picture()
    words = answer.result.at(1).words
    prefix = pick(answer, At(item=1, word=2), "ball")["prefix"]
    assert prefix == f"{words[0]} {words[1]} ball"
    onward = answer_of_picture(prefix=prefix)
    view = sentence_view(onward, At())
    assert view.given == 3
    assert view.words[:3] == (*words[:2], "ball")


def test_items_of_a_picture_are_its_sentences(answer_of_picture: MakeAnswer) -> None:
    answer = answer_of_picture()
    listed = items(answer)
    assert not listed.follow
    assert [item.title for item in listed.entries] == [
        f"{c.text} ({c.log_probability:.1f} nats)" for c in answer.result.pictures[0].captions]


def test_items_of_a_video_are_its_segments(answer_of_video: MakeAnswer) -> None:
    answer = answer_of_video()
    listed = items(answer)
    assert listed.follow
    assert [(item.start, item.end) for item in listed.entries] == [(0.0, 1.2), (1.2, 2.4)]
    for item, picture, frame in zip(
        listed.entries, answer.result.pictures, answer.outputs.segments.frames, strict=True
    ):
        assert item.title.endswith(picture.best.text)
        np.testing.assert_array_equal(item.picture, frame)


@pytest.mark.parametrize("kind", [SAY, *KINDS])
def test_the_player_shows_each_sentence_while_its_segment_is_on(
    answer_of_video: MakeAnswer, kind: str
) -> None:
    answer = answer_of_video(kind)
    view = player_view(answer, 0)
    texts = [picture.best.text for picture in answer.result.pictures]
    (strip,) = view.strips
    assert len(view.times) == 60
    for time, code in zip(view.times, strip.codes, strict=True):
        assert strip.labels[code] == texts[0 if time < 1.2 else 1]
    assert list(strip.colours) == list(PALETTE[:2])
    assert list(view.cuts) == [1.2]
    assert view.size == (160, 160)
    first, second = view.subtitles.strip().split("\n\n")[1:]
    assert first.splitlines()[1:] == [texts[0]]
    assert second.splitlines() == ["00:00:01.200 --> 00:00:02.400", texts[1]]


def test_there_is_nothing_to_play_of_a_picture(answer_of_picture: MakeAnswer) -> None:
    assert player_view(answer_of_picture(), 0) is None
