"""What teaches the words and the sentences: text, hearings, targets, and their measure."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.caption.compounds import merge
from hybridcore.caption.learn.chair import OBJECTS, hallucination
from hybridcore.caption.learn.hearing import RIGHT, batches
from hybridcore.caption.learn.lexicon import concepts_of
from hybridcore.caption.learn.say_train import prepare
from hybridcore.caption.learn.sentences import Group, read_groups
from hybridcore.caption.learn.words_objects import Boxed, union
from hybridcore.caption.learn.words_teach import (
    COCO_NUMBERS,
    add_detections,
    caption_targets,
    mentions,
    place_targets,
)
from hybridcore.caption.learn.words_train import noisy_or_loss, platt
from hybridcore.caption.say import NOTHING
from hybridcore.encoder.words import WordEvidence

SENTENCES = ("a dog runs on the grass", "two dogs are running in the water",
             "a man in a red shirt rides a bicycle", "the fire hydrant is red")


@pytest.fixture
def text_folder(tmp_path: Path) -> Path:
    for folder in ("flickr30k", "coco", "flickr8k"):
        (tmp_path / folder).mkdir()
    for split, names in {"train": ["11.jpg", "22.jpg"], "val": ["33.jpg"], "test": []}.items():
        (tmp_path / "flickr30k" / f"{split}.images").write_text("".join(f"{n}\n" for n in names))
        for k in range(1, 6):
            lines = "".join(f"Sentence {k} of {n[:2]}.\n" for n in names)
            (tmp_path / "flickr30k" / f"{split}.{k}").write_text(lines)
    (tmp_path / "flickr8k" / "captions.tsv").write_text(
        "11_a.jpg\tSentence 1 of 11\n44_b.jpg\tonly here\n55_c.jpg\tof the dev split\n")
    (tmp_path / "flickr8k" / "dev.txt").write_text("22_x.jpg\n55_c.jpg\n")
    (tmp_path / "flickr8k" / "test.txt").write_text("33_y.jpg\n")
    (tmp_path / "coco" / "captions_val2017.json").write_text(json.dumps({"annotations": [
        {"image_id": 7, "caption": "kept aside"}, {"image_id": 8, "caption": "A cat."}]}))
    (tmp_path / "coco" / "more.txt").write_text("57870 a restaurant .\nkept aside\na cat\n")
    (tmp_path / "kept_aside.txt").write_text("7\n")
    return tmp_path


def test_sentences_of_measured_photographs_are_left_out_everywhere(text_folder: Path) -> None:
    groups = read_groups(text_folder)
    found = [(g.style, [" ".join(s) for s in g.sentences]) for g in groups]
    assert found == [
        ("flickr", [f"sentence {k} of 11" for k in range(1, 6)]),
        ("flickr", ["only here"]), ("coco", ["a cat"]), ("coco", ["a restaurant"])]


def test_forms_of_a_word_are_one_concept() -> None:
    rows = [merge(s.split()) for s in SENTENCES for _ in range(50)]
    found = concepts_of(rows)
    assert found["dogs"] == found["dog"] == ("dog", "thing")
    assert found["runs"] == found["running"] == ("running", "other")
    assert found["red"] == ("red", "colour")
    assert found["fire-hydrant"] == ("fire-hydrant", "thing")
    assert "the" not in found
    assert "two" not in found


def test_hearings_are_as_right_as_their_buckets_say() -> None:
    groups = [Group("flickr", tuple(tuple(s.split()) for s in SENTENCES))] * 60
    vocabulary, concepts, text, never = prepare(groups)
    right, heard = np.zeros(5), np.zeros(5)
    loader = batches(text, 120, seed=0)
    for _ in range(8):
        part = next(loader)
        for words, row, sureness in zip(
            part.words, part.heard.concepts, part.heard.sureness, strict=True
        ):
            own = {concepts.of_word[w] for w in words.tolist() if w > 2}
            for concept, bucket in zip(row.tolist(), sureness.tolist(), strict=True):
                if concept != NOTHING:
                    heard[bucket] += 1
                    right[bucket] += concept in own
    assert "grass" not in never
    assert vocabulary.words[3:]
    assert right[4] / heard[4] > right[0] / heard[0]
    assert heard.min() > 20
    assert np.all(right / heard < RIGHT + 0.2)


def test_targets_say_what_each_teacher_knows() -> None:
    words = ["dog", "water", "kitchen", "many dog", "cat", "many cat", *(
        n for o in OBJECTS if o not in ("dog", "cat") for n in (o, f"many {o}"))]
    counts = mentions([["a dog", "the dogs", "x"], ["one dog", "y", "z"], ["q"]],
                      {"dog": "dog", "dogs": "dog"})
    targets = np.concatenate([
        caption_targets(words, counts), place_targets(words, ["kitchen", "river"])])
    assert targets[:3, 0].tolist() == [1, 0.5, 0]
    assert np.isnan(targets[:3, 1]).all(), "nobody was asked"
    assert targets[3, 2] == 1
    assert targets[4, 2] == 0
    assert targets[4, 1] == 1
    assert np.isnan(targets[3, 1]), "a kitchen may hold water"
    dog = COCO_NUMBERS[OBJECTS.index("dog")]
    boxes = np.array([[2, dog, 0.9], [2, dog, 0.8], [3, dog, 0.3], [4, dog, 0.7]], np.float32)
    add_detections(words, targets, boxes)
    assert targets[[0, 1, 2, 4], 0].tolist() == [1, 0.5, 1, 1]
    assert np.isnan(targets[3, 0]), "a middling score says nothing"
    assert targets[[2, 4], 3].tolist() == [1, 0]
    assert targets[:, 4].tolist() == [0] * 5, "no cat anywhere"


def test_coco_numbers_are_those_of_the_80_objects() -> None:
    numbers = dict(zip(OBJECTS, COCO_NUMBERS, strict=True))
    assert (numbers["person"], numbers["stop-sign"], numbers["zebra"], numbers["toilet"],
            numbers["toothbrush"]) == (1, 13, 24, 70, 90)


def test_the_loss_ignores_what_nobody_said_and_falls_where_cells_agree() -> None:
    targets = torch.tensor([[1.0, torch.nan, 0.0]])

    def loss(first: float, second: float, third: float) -> float:
        cells = torch.tensor([first, second, third]).view(1, 3, 1, 1).expand(1, 3, 7, 7)
        return noisy_or_loss(WordEvidence(cells, torch.full((1, 3), -5.0)), targets).item()

    assert loss(0, 3, -9) == pytest.approx(loss(0, -3, -9))
    assert loss(0, 0, -9) < loss(-9, 0, -9)
    assert loss(0, 0, -9) < loss(0, 0, 0)


def test_platt_makes_probabilities() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 3, 4000).astype(np.float32)
    right = rng.random(4000) < 1 / (1 + np.exp(-(0.5 * logits - 1)))
    slope, offset = platt(logits, right)
    assert slope == pytest.approx(0.5, abs=0.06)
    assert offset == pytest.approx(-1, abs=0.15)


def test_chair_counts_what_is_not_there() -> None:
    groups = [Group("coco", (("a", "dog", "and", "a", "cat"),))] * 60
    vocabulary, concepts, _, _ = prepare(groups)
    references = [["a dog", "a dog", "the dog", "a cat", "x"]]
    measured = hallucination(["a dog and a cat"], references, [set()], vocabulary, concepts)
    assert (measured.wrong, measured.all_right, measured.main_named, measured.named) == (0, 1, 1, 2)
    measured = hallucination(["a cat"], [["a dog"] * 5], [{"dog"}], vocabulary, concepts)
    assert (measured.wrong, measured.all_right, measured.main_named) == (1, 0, 0)


def test_a_view_holds_the_objects_whose_boxes_lie_in_it() -> None:
    boxes = np.array([[0, 0.2, 0.5, 0.2, 0.4], [2, 0.5, 0.5, 0.4, 0.2], [3, 0.9, 0.5, 0.1, 0.1]])
    photo = Boxed(np.zeros((8, 8, 3), np.uint8), boxes)
    assert photo.target(0, 0, 1, 1)[[0, 1, 2, 3]].tolist() == [1, 0, 1, 1]
    left = photo.target(0, 0, 0.4, 1)
    assert left[[0, 1, 3]].tolist() == [1, 0, 0]
    assert np.isnan(left[2]), "a quarter of its box is in the view"


def test_a_mosaic_holds_what_any_tile_holds() -> None:
    tiles = [np.array(row, np.float32) for row in ([1, 0, 0], [np.nan, 0, np.nan])]
    np.testing.assert_array_equal(union(tiles), np.array([1, 0, np.nan], np.float32))
