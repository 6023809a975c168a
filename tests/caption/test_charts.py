"""Charts of the caption page: they show the numbers of the model and the sentence looked at."""

import dataclasses

import cv2
import numpy as np
import pytest

from hybridcore.caption import charts
from hybridcore.caption.align import AlignConfig, VisualSemanticAligner
from hybridcore.caption.align_predict import Aligner
from hybridcore.caption.figures import spelled
from hybridcore.caption.inside import heard_of, inside_of, maps_of, regions_in, word_maps
from hybridcore.caption.model import KINDS
from hybridcore.caption.predict import SAY, Captioner
from hybridcore.caption.result import Inside
from hybridcore.caption.word_regions import regions_of
from hybridcore.figures import heat_overlay
from hybridcore.system import Answer, At
from hybridcore.text import percent
from tests.caption.conftest import MakeAnswer


@pytest.fixture(scope="module", params=(SAY, *KINDS))
def answer(request, answer_of_picture: MakeAnswer) -> Answer:
    return answer_of_picture(request.param)


@pytest.fixture(scope="module")
def inside(answer: Answer) -> Inside:
    """Of the second sentence."""
    inside = inside_of(answer, 1)
    assert inside is not None
    return inside


@pytest.fixture(scope="module")
def aligner(captioner: Captioner) -> Aligner:
    """A small one, that the captioner holds from now on."""
    import torch

    torch.manual_seed(1)
    vocabulary = captioner.vocabularies["attend"]
    config = AlignConfig(vocabulary=len(vocabulary), joint=8, embedding=6, hidden=7)
    model = VisualSemanticAligner(config=config).eval().requires_grad_(False)
    captioner.__dict__["aligner"] = Aligner(model, vocabulary, torch.device("cpu"))
    return captioner.aligner


AT = At(item=1)


def test_the_strip_has_the_map_of_every_word(answer: Answer, inside: Inside) -> None:
    figure = charts.attention(answer, AT)
    if answer.kind == "tell":
        assert figure is None
        return
    assert [a.text for a in figure.layout.annotations] == [spelled(w) for w in inside.words]
    sheet = np.asarray(figure.data[0].z)
    height, width = answer.source.array.shape[:2]
    scale = 150 / max(height, width)
    small = cv2.resize(answer.source.array, (round(width * scale), round(height * scale)),
                       interpolation=cv2.INTER_AREA)
    maps = maps_of(answer, 1)
    for k in (0, 1):
        x = k * (small.shape[1] + 4)
        shown = sheet[: small.shape[0], x : x + small.shape[1], :3]
        np.testing.assert_array_equal(shown, heat_overlay(small, maps[k]))


def test_alternatives_are_those_of_every_step(answer: Answer, inside: Inside) -> None:
    figure = charts.alternatives(answer, AT)
    (heat,) = figure.data
    np.testing.assert_allclose(heat.z, inside.alternative_probabilities.T)
    for t, row in enumerate(inside.alternatives):
        assert [texts[t] for texts in heat.text] == [spelled(word) for word in row]
    assert heat.customdata[0][0] == f"{100 * inside.alternative_probabilities[0, 0]:.1f} %"
    framed = {
        (round((s.x0 + s.x1) / 2), round((s.y0 + s.y1) / 2)) for s in figure.layout.shapes}
    assert framed == {
        (t, row.index(word)) for t, (word, row) in enumerate(
            zip(inside.words, inside.alternatives, strict=True)) if word in row}
    assert figure.layout.xaxis.ticktext == tuple(spelled(word) for word in inside.words)


def test_certainty_is_probability_gate_and_entropy(answer: Answer, inside: Inside) -> None:
    traces = {trace.name.split(":")[0]: trace.y for trace in charts.certainty(answer, AT).data}
    np.testing.assert_allclose(traces["probability of the word"], inside.probabilities)
    np.testing.assert_allclose(traces["entropy, bits"], inside.entropy)
    assert ("gate β" in traces) == (answer.kind == "attend")
    if answer.kind == "attend":
        np.testing.assert_allclose(traces["gate β"], inside.gate)


def test_the_tree_of_the_search_is_drawn_whole(answer: Answer) -> None:
    tree = answer.result.pictures[0].tree
    dots = charts.beam_tree(answer, AT).data[2]
    assert [text.strip("</b>") for text in dots.text[1:]] == [
        spelled(node.word).strip("</b>") for node in tree]
    bold = [text for text in dots.text if text.startswith("<b>")]
    assert bold == [f"<b>{spelled(word)}</b>" for word in answer.result.at(0).words]
    assert dots.customdata[1][1] == f"{100 * tree[0].probability:.1f} %"


def test_all_sentences_stand_in_a_table(answer: Answer) -> None:
    table = charts.sentences(answer, AT)
    assert table["Sentence"].tolist() == [c.text for c in answer.result.pictures[0].captions]
    assert table["Rank"].tolist() == [1, 2, 3, 4]


def test_every_model_stands_beside_the_other(
    answer: Answer, answer_of_picture: MakeAnswer, aligner: Aligner
) -> None:
    best = {kind.title: answer_of_picture(kind.key).result.at(0) for kind in answer.system.kinds}
    (heat,) = charts.models(answer, AT).data
    assert tuple(heat.y) == tuple(best)
    for row, caption in enumerate(best.values()):
        count = len(caption.words)
        assert list(heat.text[row][:count]) == [spelled(word) for word in caption.words]
        np.testing.assert_allclose(heat.z[row][:count], caption.probabilities, atol=1e-5)
        assert np.isnan(np.asarray(heat.z[row][count:], float)).all()
    table = charts.models_table(answer, AT)
    sentences = [caption.text for caption in best.values()]
    assert table["Sentence"].tolist() == sentences
    fits = aligner.rank(answer.outputs.cells, sentences)[0]
    np.testing.assert_allclose(table["Fit, by the alignment model"], fits, atol=0.0051)


def test_words_seen_stand_with_their_maps(answer: Answer) -> None:
    heard = heard_of(answer, 1)
    titles = [note.text for note in charts.words_seen(answer, AT).layout.annotations]
    maps = word_maps(answer, 1, [word.name for word in heard])
    assert maps
    assert set(titles) == {
        f"{word.name} · {percent(word.probability)}" for word in heard if word.name in maps}


def test_words_said_stand_with_what_supports_them(answer: Answer) -> None:
    table = charts.support(answer, AT)
    if answer.kind != SAY:
        assert table is None
        return
    caption = answer.result.at(1)
    assert table["Word"].tolist() == [spelled(word) for word in caption.words]
    assert table["Supported by"].tolist() == [n or "language alone" for n in caption.supports]
    heard = {word.name: percent(word.probability) for word in heard_of(answer, 1)}
    assert table["Seen with"].tolist() == [heard.get(n or "", "") for n in caption.supports]
    assert set(heard) & set(table["Supported by"])


def test_words_heard_are_attended_to(answer: Answer, inside: Inside) -> None:
    figure = charts.hearing(answer, AT)
    if answer.kind != SAY:
        assert figure is None
        return
    (heat,) = figure.data
    assert list(heat.y) == [word.name for word in heard_of(answer, 1)]
    np.testing.assert_allclose(heat.z, inside.hearing.T)


def test_nothing_is_drawn_of_words_that_stand_alone(answer_of_picture: MakeAnswer) -> None:
    answer = answer_of_picture(SAY, without=", ".join(
        word.name for word in heard_of(answer_of_picture(SAY), 0)))
    assert answer.result.at(0).alone
    for chart in (charts.alternatives, charts.certainty, charts.states, charts.hearing):
        assert chart(answer, At()) is None
    assert all(min(step.shape) > 0 for step in charts.flow(answer, At()))
    assert len(charts.models_table(answer, At())) == len(answer.system.kinds)


def test_a_sentence_of_ones_own_is_aligned(
    answer_of_picture: MakeAnswer, aligner: Aligner
) -> None:
    answer = answer_of_picture(align="A red zebra runs")
    regions = regions_of(regions_in(answer, 0))
    assert len(regions.names) > 1
    expected = aligner.align(answer.outputs.cells[0], "A red zebra runs", regions=regions)
    figure = charts.alignment_scores(answer, At())
    assert figure.layout.xaxis.ticktext == ("a", "red", "zebra", "runs")
    np.testing.assert_allclose(figure.data[0].z, expected.scores.T)
    framed = [round((s.y0 + s.y1) / 2) for s in figure.layout.shapes]
    assert framed == expected.regions.tolist()
    assert figure.data[0].y[1] == f"1 {regions.names[1]}"
    title = charts.alignment(answer, At()).layout.title.text
    assert "zebra" in title.split("<br>")[1]
    own = charts.alignment_scores(answer_of_picture(), At(item=1)).layout.xaxis.ticktext
    assert " ".join(own).replace(" 's", "'s") == answer_of_picture().result.at(1).text


@pytest.mark.parametrize("word", [0, 2])
def test_units_that_a_word_changed_come_first(
    answer: Answer, inside: Inside, word: int
) -> None:
    states = charts.states(answer, dataclasses.replace(AT, word=word))
    assert states.x == [spelled(w) for w in inside.words]
    np.testing.assert_array_equal(states.trace.c, inside.trace.c)
    before = inside.trace.c[word - 1] if word else 0
    assert states.units[0] == np.abs(inside.trace.c[word] - before).argmax()
    assert f"“{spelled(inside.words[word])}”" in states.order
    assert not states.over_time


def test_the_flow_has_the_shapes_of_this_run(answer: Answer, inside: Inside) -> None:
    shapes = {step.name: step.shape for step in charts.flow(answer, AT)}
    words, heard = len(inside.words), len(heard_of(answer, 1))
    longest = max(len(caption.words) for caption in answer.result.pictures[0].captions)
    expected = {
        "picture": (1, 400, 600, 3), "resized": (1, 224, 224, 3),
        "Lite0, two tops": (1, 2560, 7, 7), "words seen": (1, 497), "sentences": (4, longest),
        **{
            "attend": {"cells of the picture": (49, 2560), "annotations": (49, 16),
                       "attention": (words, 49), "LSTM input": (words, 28), "LSTM": (words, 14),
                       "softmax": (words, 15)},
            "tell": {"cells of the picture": (49, 2560), "image embedding": (12,),
                     "LSTM input": (words, 12), "LSTM": (words, 14), "softmax": (words, 15)},
            SAY: {"words heard": (heard, 256), "attention": (words, heard),
                  "LSTM input": (words, 512), "LSTM": (words, 512),
                  "softmax": shapes.get("softmax")},
        }[answer.kind],
    }
    assert shapes == expected


def test_charts_of_a_video_are_of_the_segment(
    answer_of_video: MakeAnswer, captioner: Captioner
) -> None:
    answer = answer_of_video()
    for number in (0, 1):
        best = answer.result.pictures[number].best
        inside = captioner.look_inside(answer.outputs.cells[number], "attend", best.numbers)
        at = At(item=number)
        (heat,) = charts.alternatives(answer, at).data
        np.testing.assert_allclose(heat.z, inside.alternative_probabilities.T, atol=1e-5)
        assert charts.sentences(answer, at)["Sentence"][0] == best.text
        assert charts.attention(answer, at) is not None
    middle = answer_of_video(shot="middle")
    for read, name in ((answer, "mean over frames"), (middle, "middle frames")):
        shapes = {step.name: step.shape for step in charts.flow(read, At())}
        assert (shapes["resized"], shapes[name]) == ((10, 224, 224, 3), (2, 49, 2560))
