"""DanQ and its twins: sizes, strands, and what is computed with them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from hybridcore.dna.danq import KINDS, DanQ, DanQConfig, Kind
from hybridcore.dna.letters import BASES, one_hot, one_hots, reverse_complement
from hybridcore.dna.motifs import count_motifs, firing, frequencies, information, likeness
from hybridcore.dna.mutagenesis import mutation_map
from hybridcore.dna.scan import footprints, logits_of, windows_of
from hybridcore.dna.targets import TARGETS

SMALL = DanQConfig(targets=2, length=41, motifs=6, kernel=8, pool=4, hidden=5, dense=7)


def network(kind: Kind = "danq") -> DanQ:
    torch.manual_seed(0)
    return DanQ(config=DanQConfig(**{**vars(SMALL), "kind": kind})).eval()


def letters(count: int, seed: int = 0) -> str:
    return "".join(np.array(list(BASES))[np.random.default_rng(seed).integers(0, 4, count)])


def test_the_paper_s_network_has_its_number_of_parameters() -> None:
    with torch.device("meta"):
        model = DanQ(config=DanQConfig())
    assert sum(parameter.numel() for parameter in model.parameters()) == 46_929_039


@pytest.mark.parametrize("kind", KINDS)
def test_the_strands_of_the_other_strand_change_places(kind: Kind) -> None:
    model, text = network(kind), letters(41)
    both = logits_of(model, one_hots([text, reverse_complement(text)]))  # [targets, 2, N]
    np.testing.assert_allclose(both[:, 0, 0], both[:, 1, 1], atol=1e-6)
    np.testing.assert_allclose(both[:, 1, 0], both[:, 0, 1], atol=1e-6)
    assert np.abs(both[:, 0, 0] - both[:, 1, 0]).max() > 1e-4


def test_only_the_one_without_places_ignores_where_a_motif_lies() -> None:
    """The same letters, moved: all of a motif's answers are the same, their places are not."""
    text = letters(30)
    windows = np.zeros((2, 41, 4), np.float32)
    windows[0, 0:30], windows[1, 8:38] = one_hot(text), one_hot(text)
    for kind in KINDS:
        first, second = logits_of(network(kind), windows)[:, 0].T
        if kind != "motifs":
            assert np.abs(first - second).max() > 1e-4, kind


def test_the_middle_of_a_window_is_its_letter_and_beyond_the_ends_nothing_is_known() -> None:
    text = letters(60)
    windows = windows_of(text, 41)
    assert windows.shape == (60, 41, 4)
    hot = one_hot(text)
    for position in (0, 7, 30, 59):
        np.testing.assert_array_equal(windows[position, 20], hot[position])
    np.testing.assert_array_equal(windows[30], hot[10:51])
    assert not windows[0, :20].any()
    assert not windows[59, 21:].any()
    assert not one_hot("N").any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_mutation_map_is_that_of_changing_each_letter_by_hand(kind: Kind) -> None:
    model, text = network(kind), letters(41, 3)
    text = text[:5] + "N" + text[6:]
    found = mutation_map(model, one_hot(text), -3, 1)
    assert found.start == -3
    before = logits_of(model, one_hots([text]))[1].max()
    assert found.logit == pytest.approx(before, abs=1e-5)
    assert np.isnan(found.effects[5]).all()
    for position in (0, 17, 40):
        for base, letter in enumerate(BASES):
            changed = text[:position] + letter + text[position + 1 :]
            after = logits_of(model, one_hots([changed]))[1].max()
            assert found.effects[position, base] == pytest.approx(after - before, abs=1e-5)
    others = found.effects[17][found.letters[17] == 0]
    assert found.importance[17] == pytest.approx(-others.mean(), abs=1e-5)
    assert found.importance[5] == 0


def wanting(word: str) -> DanQ:
    """A network that looks for one word anywhere, and says nothing else."""
    model = network("motifs")
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model.scanners.weight[2] = torch.from_numpy(one_hot(word).T * 2 - 1)
        model.scanners.bias[2] = -4.0
        model.dense.weight[0, 2] = model.head.weight[:, 0] = 1.0
    return model


@pytest.mark.parametrize("turned", [False, True])
def test_a_footprint_lies_over_what_the_answer_rests_on(turned: bool) -> None:
    word = "TTGACATG"
    ground = "C" * 41
    for start in (2, 11, 30):
        text = ground[:start] + (reverse_complement(word) if turned else word) + \
            ground[start + 8 :]
        (middle,) = footprints(wanting(word), one_hot(text)[None], TARGETS[0])
        # The stretch of 21 letters holds the word whole.
        assert middle - 10 <= start
        assert start + 8 <= middle + 11


def test_a_scanner_that_wants_a_word_gets_it_as_its_motif() -> None:
    model, word = network(), "TTGACATG"
    with torch.no_grad():
        model.scanners.weight[2] = torch.from_numpy(one_hot(word).T * 2 - 1)
        model.scanners.bias[2] = -4.0
    plain = letters(41, 5)
    windows = one_hots([plain[:10] + word + plain[18:], reverse_complement(
        plain[:20] + word + plain[28:])])
    counts = count_motifs(model, windows)
    assert counts.shape == (6, 8, 4)
    np.testing.assert_array_equal(counts[2].argmax(1), one_hot(word).argmax(1))
    shares = frequencies(counts)
    np.testing.assert_allclose(shares.sum(-1), 1)
    assert (information(shares[2]) > information(shares[2]).min() - 1e-9).all()
    assert likeness(shares[2], frequencies(20 * one_hot(word)), least=6)[0] > 0.9
    found = {one.motif: one for one in firing(model, windows[0], 0)}
    assert found[2].start == 10


def test_information_is_two_bits_of_one_base_and_none_of_all_alike() -> None:
    shares = np.array([[1.0, 0, 0, 0], [0.25] * 4, [0.5, 0.5, 0, 0]])
    np.testing.assert_allclose(information(shares), [2, 0, 1], atol=1e-12)


def test_likeness_finds_offset_and_strand() -> None:
    rng = np.random.default_rng(1)
    motif = rng.dirichlet([0.3] * 4, 20)
    r, offset, turned = likeness(motif[4:18], motif)
    assert (round(r, 6), offset, turned) == (1, 4, False)
    r, offset, turned = likeness(motif[4:18][::-1, ::-1], motif)
    assert (round(r, 6), offset, turned) == (1, 4, True)


def test_silencing_a_scanner_changes_what_is_said_by_its_effect() -> None:
    model, window = network(), one_hot(letters(41, 9))
    found = firing(model, window, 1)
    assert found
    scanned = model.scan(torch.from_numpy(window)[None])
    for one in found:
        quiet = scanned.clone()
        quiet[0, one.motif] = 0
        with torch.no_grad():
            effect = (model.read(scanned) - model.read(quiet))[0, 1].item()
        assert one.effect == pytest.approx(effect, abs=1e-5)
    assert [one.effect for one in found] == sorted((one.effect for one in found), reverse=True)
