"""Visual-semantic alignment: every part against a plain computation, on small random networks."""

import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.caption.align import (
    AlignConfig,
    VisualSemanticAligner,
    WordVectors,
    margin_loss,
    pair_scores,
    softmax_loss,
)
from hybridcore.caption.align_predict import Aligner
from hybridcore.caption.learn.align_evaluate import ranks, retrieval, without_end
from hybridcore.caption.learn.align_features import Components, pairs
from hybridcore.caption.phrases import decode_chain, phrases
from hybridcore.caption.predict import Captioner
from hybridcore.caption.regions import boxes, pooling, windows
from hybridcore.caption.samples import SAMPLES
from hybridcore.caption.vocabulary import END, MARKS, PADDING, Vocabulary
from hybridcore.encoder.grids import unpack_grid
from hybridcore.errors import TextError
from hybridcore.media.picture import read_picture

WORDS = ("a", "dog", "runs", "on", "grass")
CHOICES = [("gru", True), ("gru", False), ("rnn", True), ("rnn", False)]


def small(recurrent: str = "gru", unit: bool = True) -> VisualSemanticAligner:
    torch.manual_seed(5)
    config = AlignConfig(vocabulary=len(MARKS) + len(WORDS), cell_dim=12, joint=8, embedding=6,
                         hidden=7, recurrent=recurrent, unit=unit)
    return VisualSemanticAligner(config=config).eval().requires_grad_(False)


@pytest.fixture
def cells() -> torch.Tensor:
    return torch.rand(3, 49, 12, generator=torch.Generator().manual_seed(1)) * 6


@pytest.fixture
def grid(cells: torch.Tensor) -> np.ndarray:
    return cells.numpy()


@pytest.fixture
def words() -> torch.Tensor:
    found = torch.randint(2, 8, (4, 6), generator=torch.Generator().manual_seed(2))
    for row, length in zip(found, (6, 1, 4, 3), strict=True):
        row[length:] = PADDING
    return found


@pytest.fixture
def aligner() -> Aligner:
    return Aligner(small(), Vocabulary((*MARKS, *WORDS)), torch.device("cpu"))


def test_regions_are_pooled_over_the_cells_inside() -> None:
    grid = np.arange(49, dtype=np.float32).reshape(7, 7)
    pooled = pooling() @ grid.ravel()
    assert len(set(windows())) == len(pooled) == 20
    assert pooled[0] == pytest.approx(24)
    assert pooled[windows().index((0, 0, 3, 3))] == pytest.approx(8)  # the mean of 0, 1, 2, 7 ...
    assert pooled[windows().index((4, 0, 7, 7))] == pytest.approx(26)
    for (x0, y0, x1, y1), value in zip(np.rint(boxes() * 7).astype(int), pooled, strict=True):
        assert value == pytest.approx(grid[y0:y1, x0:x1].mean())


@pytest.mark.parametrize("beta", [0.0, 0.3, 1.0])
def test_the_chain_is_the_best_of_all_paths(beta: float) -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        scores = rng.normal(size=(5, 4)).astype(np.float32)
        paths = np.array(list(product(range(4), repeat=5)))
        energy = scores[np.arange(5), paths].sum(1)
        energy += beta * (paths[:, 1:] == paths[:, :-1]).sum(1)
        assert decode_chain(scores, beta).tolist() == paths[energy.argmax()].tolist()


def test_beta_goes_from_words_alone_to_one_region() -> None:
    scores = np.random.default_rng(1).normal(size=(9, 5)).astype(np.float32)
    assert (decode_chain(scores, 0) == scores.argmax(1)).all()
    assert set(decode_chain(scores, 1e6)) == {scores.sum(0).argmax()}


def test_phrases_are_runs_of_one_region() -> None:
    scores = np.arange(12, dtype=np.float32).reshape(4, 3)
    found = phrases(scores, np.array([2, 2, 0, 1]))
    assert [(p.start, p.end, p.region, p.score) for p in found] == [
        (0, 2, 2, 3.5), (2, 3, 0, 6), (3, 4, 1, 10)]


@pytest.mark.parametrize(("shape", "beta"), [((0, 3), 0.1), ((2, 3), -1.0)])
def test_a_chain_without_words_or_with_a_negative_beta_is_refused(
    shape: tuple[int, int], beta: float
) -> None:
    with pytest.raises(ValueError, match="beta of 0 or more"):
        decode_chain(np.zeros(shape, np.float32), beta)


@pytest.mark.parametrize(("recurrent", "unit"), CHOICES)
def test_a_batch_of_sentences_is_heard_as_one_by_one(
    recurrent: str, unit: bool, words: torch.Tensor
) -> None:
    model = small(recurrent, unit)
    together = model.encode_words(words)
    for k, row in enumerate(words):
        alone = model.encode_words(row[row != PADDING][None])
        torch.testing.assert_close(together.vectors[together.owner == k], alone.vectors)


def test_lengths_are_those_of_cosines(cells: torch.Tensor, words: torch.Tensor) -> None:
    model = small()
    torch.testing.assert_close(model.encode_regions(cells).norm(dim=-1), torch.ones(3, 20))
    vectors = model.encode_words(words)
    for k in range(len(words)):
        lengths = vectors.vectors[vectors.owner == k].norm(dim=-1)
        assert float(lengths.sum()) == pytest.approx(1)


@pytest.mark.parametrize("recurrent", ["gru", "rnn"])
def test_words_are_heard_from_both_sides(recurrent: str) -> None:
    model = small(recurrent)
    sentence = torch.tensor([[3, 4, 5]])
    before = model.encode_words(sentence).vectors[1]
    for changed in ([6, 4, 5], [3, 4, 6]):
        after = model.encode_words(torch.tensor([changed])).vectors[1]
        assert not torch.allclose(after, before, atol=1e-4)


@pytest.mark.parametrize(("recurrent", "unit"), CHOICES)
def test_a_score_is_the_sum_of_the_words_best(
    recurrent: str, unit: bool, cells: torch.Tensor, words: torch.Tensor
) -> None:
    model = small(recurrent, unit)
    regions, vectors = model.encode_regions(cells), model.encode_words(words)
    found = pair_scores(regions, vectors)
    assert found.shape == (3, 4)
    for n, k in product(range(3), range(4)):
        own = vectors.vectors[vectors.owner == k]
        plain = sum(max(float(v @ s) for v in regions[n]) for s in own)
        assert float(found[n, k]) == pytest.approx(plain, abs=1e-4)


def test_losses_are_those_of_plain_loops() -> None:
    scores = torch.randn(6, 6, generator=torch.Generator().manual_seed(3))
    margins, surprise = 0.0, 0.0
    for k in range(6):
        own = float(scores[k, k])
        for others in (scores[k], scores[:, k]):
            margins += sum(max(0.0, float(others[j]) - own + 0.5) for j in range(6) if j != k)
            surprise += math.log(sum(math.exp((float(x) - own) / 0.3) for x in others))
    assert float(margin_loss(scores, 0.5)) == pytest.approx(margins / 6, abs=1e-5)
    assert float(softmax_loss(scores, 0.3)) == pytest.approx(surprise / 6, abs=1e-5)


@pytest.mark.parametrize(("recurrent", "unit"), CHOICES)
def test_training_reaches_every_parameter_and_lowers_the_loss(
    recurrent: str, unit: bool, cells: torch.Tensor, words: torch.Tensor
) -> None:
    model = small(recurrent, unit).requires_grad_()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)
    losses = []
    for _ in range(25):
        scores = pair_scores(model.encode_regions(cells), model.encode_words(words[:3]))
        loss = margin_loss(scores, 0.2)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.5 * losses[0]
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in model.parameters())


def test_components_fold_into_the_model() -> None:
    grids = np.random.default_rng(2).integers(0, 256, (60, 49, 12), np.uint8)
    found = Components.fit(grids, count=9)
    regions = found.apply(grids).astype(np.float32)
    flat = regions.reshape(-1, 9)
    np.testing.assert_allclose(flat.mean(0), 0, atol=1e-2)
    spread = np.cov(flat.T)
    np.testing.assert_allclose(spread - np.diag(spread.diagonal()), 0, atol=2e-2)
    assert (np.diff(spread.diagonal()) > 0).all()  # in order
    learned = small()
    learned.region = torch.nn.Linear(9, 8)
    full = found.fold(learned)
    torch.testing.assert_close(
        full.encode_regions(unpack_grid(grids)), learned.project(torch.from_numpy(regions)),
        atol=2e-3, rtol=1e-2)


def test_a_pass_pairs_every_photograph_with_a_sentence_of_its_own() -> None:
    words = torch.arange(30).view(6, 5, 1)
    views = [np.full((6, 20, 4), view, np.float16) for view in range(2)]
    for regions in views:
        regions[:, 0, 0] = np.arange(6)
    stream = pairs(views, words, 3, seed=0)
    seen = []
    for part in (next(stream), next(stream)):
        photos = part.regions[:, 0, 0].long()
        assert (part.words[:, 0] // 5).tolist() == photos.tolist()
        seen += photos.tolist()
    assert sorted(seen) == list(range(6))


def test_ranks_count_what_stands_before() -> None:
    # Two photographs, two sentences each: the rows are photographs.
    scores = np.array([[0.1, 0.9, 0.95, 0.2], [0.3, 0.9, 0.4, 0.1]], np.float32)
    annotation, search = ranks(scores)
    assert annotation.tolist() == [2, 2]
    assert search.tolist() == [2, 2, 2, 2]  # the tie at 0.9 counts against us
    right = np.eye(12, dtype=np.float32).repeat(5, 1)
    assert {r["name"]: r["value"] for r in retrieval(right)} == {
        **{f"{way} R@{k}": 100 for way in ("annotation", "search") for k in (1, 5, 10)},
        "annotation median rank": 1, "search median rank": 1}
    same = {r["name"]: r["value"] for r in retrieval(np.ones_like(right))}
    assert same["search R@10"] == 0
    assert same["annotation median rank"] == 56


def test_the_end_is_not_heard() -> None:
    assert without_end(torch.tensor([[4, 5, END, PADDING]])).tolist() == [
        [4, 5, PADDING, PADDING]]


def test_an_alignment_holds_together(aligner: Aligner, grid: np.ndarray) -> None:
    text = "A dog runs, on zebra grass!"
    found = aligner.align(grid[1], text, beta=0.05)
    assert found.words == ("a", "dog", "runs", "on", "zebra", "grass")
    assert found.unknown == ("zebra",)
    assert found.scores.shape == (6, 20)
    assert found.boxes.shape == (20, 4)
    assert found.score == pytest.approx(float(found.scores.max(1).mean()))
    assert found.score == pytest.approx(float(aligner.rank(grid, [text])[1, 0]), abs=1e-5)
    assert [p.start for p in found.phrases] == [0, *(p.end for p in found.phrases[:-1])]
    assert found.phrases[-1].end == 6
    for phrase in found.phrases:
        assert (found.regions[phrase.start : phrase.end] == phrase.region).all()
    assert len(aligner.align(grid[1], text, beta=100).phrases) == 1


def test_several_pictures_and_texts_are_ranked_as_one_by_one(
    aligner: Aligner, grid: np.ndarray
) -> None:
    texts = ["a dog", "grass on a dog runs", "dog"]
    together = aligner.rank(grid, texts)
    for n, k in product(range(3), range(3)):
        alone = aligner.rank(grid[n : n + 1], [texts[k]])
        assert together[n, k] == pytest.approx(float(alone[0, 0]), abs=1e-5)


@pytest.mark.parametrize(("text", "says"), [
    ("", "empty"), (" ?! ", "empty"), ("zebra 斑馬 quagga", "None of the words"),
    ("dog " * 101, "at most 100"),
])
def test_a_text_that_cannot_be_used_is_explained(
    text: str, says: str, aligner: Aligner, grid: np.ndarray
) -> None:
    with pytest.raises(TextError, match=says):
        aligner.align(grid[0], text)
    with pytest.raises(TextError, match=says):
        aligner.rank(grid, ["a dog", text])


def test_no_text_at_all_is_explained(aligner: Aligner, grid: np.ndarray) -> None:
    with pytest.raises(TextError, match="at least one"):
        aligner.rank(grid, [])


def test_words_owned_by_nobody_score_nothing() -> None:
    words = WordVectors(torch.ones(1, 8), torch.tensor([1]), 2)
    assert pair_scores(torch.ones(1, 20, 8), words).tolist() == [[0, 8]]


def test_what_ships_finds_the_picture_of_a_sentence_and_back(tmp_path: Path) -> None:
    """Photographs that are in no training set."""
    texts = {
        "Cat": "a cat looks at the camera",
        "Astronaut": "a woman in an orange suit smiles",
        "Motorcycle": "a motorcycle is parked in a garage",
    }
    samples = {sample.title: sample for sample in SAMPLES}
    pictures = [read_picture(samples[title].path(tmp_path), 320) for title in texts]
    captioner = Captioner.load("cpu")
    cells, aligner = captioner.encode(pictures).cells, captioner.aligner
    scores = aligner.rank(cells, list(texts.values()))
    assert scores.argmax(0).tolist() == scores.argmax(1).tolist() == [0, 1, 2]
    alignment = aligner.align(cells[1], texts["Astronaut"])
    assert [word for p in alignment.phrases for word in alignment.words[p.start : p.end]] == \
        texts["Astronaut"].split()
