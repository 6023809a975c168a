"""Weights are refused unless they are the ones that their card names."""

import json
import pickle
from pathlib import Path

import pytest
import torch
from torch import nn

from hybridcore.cards import WEIGHTS, all_cards, load_card
from hybridcore.errors import WeightsError
from hybridcore.weights import load_graph, load_into, load_weights, save_weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    load_card.cache_clear()
    torch.manual_seed(0)
    save_weights(nn.Linear(4, 3), "small", {"title": "Small"}, tmp_path)
    return tmp_path


def test_save_and_load(folder: Path) -> None:
    torch.manual_seed(0)
    original, loaded = nn.Linear(4, 3), nn.Linear(4, 3)
    load_into(loaded, "small", folder)
    torch.testing.assert_close(loaded.weight, original.weight, atol=1e-3, rtol=1e-3)
    assert load_card("small", folder)["parameters"] == 15


def test_a_changed_byte_is_refused(folder: Path) -> None:
    path = folder / "small.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="not the ones"):
        load_weights("small", folder)


def test_a_changed_byte_of_a_graph_is_refused(tmp_path: Path) -> None:
    content = (WEIGHTS / "people_face.onnx").read_bytes()
    (tmp_path / "people_face.json").write_text((WEIGHTS / "people_face.json").read_text())
    (tmp_path / "people_face.onnx").write_bytes(content)
    assert load_graph("people_face", tmp_path) == content
    (tmp_path / "people_face.onnx").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(WeightsError, match="not the ones"):
        load_graph("people_face", tmp_path)


def test_another_shape_is_refused(folder: Path) -> None:
    with pytest.raises(WeightsError, match="do not fit"):
        load_into(nn.Linear(5, 3), "small", folder)


def test_a_pickle_is_refused_even_with_its_hash(folder: Path) -> None:
    import hashlib

    content = pickle.dumps({"weight": [1, 2, 3]})
    (folder / "small.safetensors").write_bytes(content)
    card = json.loads((folder / "small.json").read_text())
    card["sha256"] = hashlib.sha256(content).hexdigest()
    (folder / "small.json").write_text(json.dumps(card))
    load_card.cache_clear()
    with pytest.raises(WeightsError, match="not a safetensors"):
        load_weights("small", folder)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"nothing\.json"):
        load_weights("nothing", tmp_path)


def test_every_shipped_weight_has_an_honest_card() -> None:
    cards = {card["name"]: card for card in all_cards()}
    graphs = {path.stem for path in WEIGHTS.glob("*.onnx")}
    assert {path.stem for path in WEIGHTS.glob("*.safetensors")} == set(cards) - graphs
    assert graphs <= set(cards)
    for name, card in cards.items():
        (load_graph if name in graphs else load_weights)(name)  # the hash is right
        (path,) = WEIGHTS.glob(f"{name}.[so]*")
        assert path.stat().st_size < 25e6
        assert card["training"]["command"].startswith("python -m hybridcore.")
        assert card["training"]["data"], name
        for row in card["metrics"]:
            assert {"name", "split", "count", "value"} <= set(row), (name, row)
