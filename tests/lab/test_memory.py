"""What memories hold: strings that are counted, sines that are smoothed, digits that bounce."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from hybridcore.cards import ASSETS
from hybridcore.errors import OptionError
from hybridcore.lab import counters, forecasters, future, memory_figures
from hybridcore.lab.bouncing import DIGIT, FIELD, films, pictures
from hybridcore.lab.counters import Counted
from hybridcore.lab.grammars import GRAMMARS, MOST
from hybridcore.lab.recall import damaged, digits, film_strip, recall

BY_KEY = {grammar.key: grammar for grammar in GRAMMARS}


def counted(key: str, text: str) -> Counted:
    return counters.count(counters.load()[key], BY_KEY[key], text)


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.key)
def test_strings_that_are_drawn_can_be_followed_to_their_end(grammar) -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        text = grammar.draw(rng, grammar.deepest, 30)
        answers, depth = grammar.follow(text)
        assert len(text) == len(answers) == len(depth) == len(grammar.codes(text))
        assert 0 < depth.max() <= grammar.deepest
        assert depth[-1] == 0
        assert set(answers) <= set(range(len(grammar.answers)))


def test_the_right_answers_are_those_of_a_stack() -> None:
    answers, depth = BY_KEY["two"].follow("([x])")
    assert answers.tolist() == [1, 2, 2, 1, 0]
    assert depth.tolist() == [1, 2, 2, 1, 0]
    answers, depth = BY_KEY["ab"].follow("aabbab")
    assert answers.tolist() == [0, 0, 1, 2, 0, 2]
    assert depth.tolist() == [1, 2, 1, 0, 1, 0]


@pytest.mark.parametrize(("key", "text", "words"), [
    ("brackets", "", "at least one"), ("brackets", "())", "place 3"), ("two", "([)]", "place 3"),
    ("ab", "abc", "“c” is not"), ("ab", "aba a", "is not"), ("ab", "aaba", "place 4"),
    ("ab", "b", "no a"), ("brackets", "(" * (MOST + 1), f"at most {MOST}"),
])
def test_what_is_no_string_of_a_grammar_gets_words(key: str, text: str, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        counted(key, text)


def test_a_unit_counts_brackets_a_little_deeper_than_it_learned() -> None:
    deep = counted("brackets", "(" * 20 + ")" * 20)
    assert (deep.said != deep.answers).any()
    found = counted("brackets", "f(x)" + "(" * 10 + "x" + ")" * 10)
    assert (found.said == found.answers).all()
    assert abs(found.goes_with[found.counter]) > 0.9
    assert found.goes_with.shape == (counters.UNITS,)
    figure = memory_figures.counted(found, found.counter, BY_KEY["brackets"].answers)
    np.testing.assert_array_equal(figure.data[0].y, found.depth)
    np.testing.assert_allclose(figure.data[1].y, found.trace.c[:, found.counter])


def test_both_ways_know_more_and_each_way_alone_is_poor_where_it_begins() -> None:
    errors = future.errors()
    mean = {key: values.mean() for key, values in errors.items()}
    assert mean["both"] < 0.6 * min(mean["forwards"], mean["backwards"])
    assert errors["forwards"][:10].mean() > 3 * errors["forwards"][-10:].mean()
    assert errors["backwards"][-10:].mean() > 3 * errors["backwards"][:10].mean()
    heard = future.hear(future.load(), 3, future.NOISE)
    assert heard.said.keys() == future.TITLES.keys()


def test_films_bounce_inside_the_field_and_test_other_digits() -> None:
    made = films(np.random.default_rng(0), 20, 12, test=True, digit=8)
    assert made.shape == (20, 12, FIELD, FIELD)
    np.testing.assert_allclose(made.sum((2, 3)), made[:, :1].sum((2, 3)).repeat(12, 1), rtol=1e-5)
    seen = {picture.tobytes() for picture in pictures(test=False)[0]}
    assert not seen & {picture.tobytes() for picture in pictures(test=True)[0]}
    still = films(np.random.default_rng(0), 5, 2, test=True)
    assert (still[:, 0] != still[:, 1]).any((1, 2)).all()
    assert pictures(test=True)[0].shape[1:] == (DIGIT, DIGIT)


def test_who_remembers_frames_foretells_the_next_one_better() -> None:
    networks = forecasters.load()
    tests = films(np.random.default_rng(5), 20, 14, test=True)
    wrong = {key: np.mean([((forecasters.foretell(network, film) - film)[6:] ** 2).mean()
                           for film in tests]) for key, network in networks.items()}
    repeat = ((tests[:, 5:-1] - tests[:, 6:]) ** 2).mean()
    assert max(wrong["conv_lstm"], wrong["cnn_lstm"]) < 0.85 * wrong["rcl"]
    assert wrong["rcl"] < repeat


def test_what_is_foretold_depends_on_the_past_alone() -> None:
    networks = forecasters.load()
    film = films(np.random.default_rng(1), 1, 10, test=True)[0]
    other = film.copy()
    other[5:] = 0
    for key, network in networks.items():
        said = forecasters.foretell(network, film)
        np.testing.assert_allclose(forecasters.foretell(network, other)[:6], said[:6], atol=1e-5)
        alone = forecasters.foretell(network, film, 5)
        np.testing.assert_allclose(alone[:6], said[:6], atol=1e-5, err_msg=key)
        np.testing.assert_allclose(forecasters.foretell(network, other, 5), alone, atol=1e-5)
    held = forecasters.memories(networks, film[:4])
    assert held.maps.shape[1:] == held.states.shape[1:] == (FIELD, FIELD)
    assert held.vector.shape == (networks["cnn_lstm"].lstm.hidden_size,)


def test_a_damaged_digit_comes_back_while_the_energy_falls() -> None:
    found = recall(damaged(3, 0.25, seed=0), (0, 1, 3, 7), "pseudo-inverse")
    assert (np.diff(found.energies) < 0).all()
    np.testing.assert_array_equal(found.states[-1], digits()[3])
    figure = memory_figures.recall(found, 2)
    markers = figure.data[1]
    assert [int(cell) for (cell,) in markers.customdata] == list(range(64))
    shown = np.array(figure.data[0].z).ravel()
    cells = np.rint(np.array(markers.y) * 8 + np.array(markers.x)).astype(int)
    np.testing.assert_array_equal(shown[cells], found.states[0])  # a marker lies over its cell
    shipped = cv2.imread(str(ASSETS / "samples" / "lab.png"), cv2.IMREAD_GRAYSCALE)
    np.testing.assert_array_equal(shipped, film_strip())  # on the card of Home
