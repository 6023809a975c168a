"""Weights, stored results and galleries that somebody changed: refused, and nothing of them is run.
"""

import io
import json
import re
import sqlite3
import struct
import zipfile
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pytest
from safetensors.numpy import save as weights

from hybridcore.errors import WeightsError
from hybridcore.gait.gallery import Gallery, GalleryError
from hybridcore.store import Store
from hybridcore.store import save as keep
from hybridcore.weights import load_weights

WHOLE = weights({"a": np.ones((4, 4), np.float32)})


def with_header(header, body=bytes(64)):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def tensor(kind="F32", shape=(4, 4), place=(0, 64)):
    return {"a": {"dtype": kind, "shape": list(shape), "data_offsets": list(place)}}


WEIGHTS = {
    "empty": b"",
    "text": b"This is no file of weights.",
    "pickle": b"\x80\x04cos\nsystem\n(S'true'\ntR.",
    "cut": WHOLE[:-8],
    "longer": WHOLE + bytes(8),
    "header length": struct.pack("<Q", 2**63) + WHOLE[8:],
    "header of 4 GB": struct.pack("<Q", 2**32) + WHOLE[8:],
    "header beyond the end": struct.pack("<Q", len(WHOLE)) + WHOLE[8:],
    "no JSON": with_header(b"{a: 1}"),
    "a list": with_header([1, 2]),
    "deep": with_header(b"[" * 100_000),
    "unknown type": with_header(tensor(kind="Q99")),
    "huge shape": with_header(tensor(shape=(2**40, 2**40))),
    "shape that overflows": with_header(tensor(shape=(2**63, 2))),
    "negative shape": with_header(tensor(shape=(-4, -4))),
    "place outside": with_header(tensor(place=(0, 2**40))),
    "place backwards": with_header(tensor(place=(64, 0))),
    "too small a place": with_header(tensor(place=(0, 32))),
    "overlap": with_header(tensor() | {"b": tensor()["a"]}),
}


@pytest.mark.parametrize("content", WEIGHTS.values(), ids=WEIGHTS.keys())
@pytest.mark.parametrize("named", [True, False], ids=["card agrees", "card disagrees"])
def test_weights(tmp_path, content, named):
    digest = sha256(content).hexdigest() if named else "0" * 64
    (tmp_path / "net.json").write_text(json.dumps({"name": "net", "sha256": digest}))
    (tmp_path / "net.safetensors").write_bytes(content)
    with pytest.raises(WeightsError) as error:
        load_weights("net", tmp_path)
    assert re.fullmatch(r"\S.{20,200}\.", str(error.value))


@dataclass
class Result:
    name: str
    values: np.ndarray


def npz(entries):
    block = io.BytesIO()
    with zipfile.ZipFile(block, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return block.getvalue()


def npy(array, **options):
    block = io.BytesIO()
    np.save(block, array, **options)
    return block.getvalue()


def claims(shape, kind="<f4"):
    """The header of an array of that shape, and 64 bytes."""
    text = str({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(64)


TREE = {"name": "a", "values": {"array": 0, "dtype": "<f4"}}
GOOD = {"tree.npy": npy(np.array(json.dumps(TREE))), "0.npy": npy(np.ones(4, np.float32))}


def tree(value):
    return npz(GOOD | {"tree.npy": npy(np.array(json.dumps(value)))})


RESULTS = {
    "empty": b"",
    "text": b"nothing of the kind",
    "pickle": b"\x80\x04cos\nsystem\n(S'true'\ntR.",
    "cut": npz(GOOD)[:-40],
    "objects": npz(GOOD | {"0.npy": npy(np.array([print]), allow_pickle=True)}),
    "tree of objects": npz(GOOD | {"tree.npy": npy(np.array([{}]), allow_pickle=True)}),
    "no tree": npz({"0.npy": GOOD["0.npy"]}),
    "no array": npz({"tree.npy": GOOD["tree.npy"]}),
    "no JSON": npz(GOOD | {"tree.npy": npy(np.array("{"))}),
    "deep": npz(GOOD | {"tree.npy": npy(np.array("[" * 100_000))}),
    "a list": tree([1]),
    "other fields": tree({"other": 1}),
    "unknown type": tree(TREE | {"values": {"array": 0, "dtype": "no"}}),
    "another array": tree(TREE | {"values": {"array": 99, "dtype": "<f4"}}),
    "no reference": tree(TREE | {"values": 3}),
    "huge claim": npz(GOOD | {"0.npy": claims((2**40,))}),
    "overflowing claim": npz(GOOD | {"0.npy": claims((2**62, 2**62))}),
    "negative claim": npz(GOOD | {"0.npy": claims((-4,))}),
    "code for a shape": npz(GOOD | {"0.npy": claims("__import__('os').getpid()")}),
    "no array file": npz(GOOD | {"0.npy": b"x"}),
}


@pytest.mark.parametrize("content", RESULTS.values(), ids=RESULTS.keys())
def test_results(tmp_path, content):
    store = Store(tmp_path)
    keep(Result("a", np.ones(4, np.float32)), tmp_path / "good.npz")
    assert store.find("good", Result).name == "a"
    (tmp_path / "bad.npz").write_bytes(content)
    assert store.find("bad", Result) is None  # and so it is worked out again


def gallery():
    made = Gallery(None, network="net", threshold=0.5)
    made.enrol("Ann", np.ones(8, np.float32), np.zeros((64, 44), np.uint8), 90)
    return made


def changed(*statements):
    """A gallery on which SQL was run."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(gallery().export())
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    return connection.serialize()


def galleries():
    whole, rng = gallery().export(), np.random.default_rng(0)
    yield "empty", b""
    yield "text", b"nothing of the kind"
    yield "head only", whole[:16]
    yield "cut", whole[: len(whole) // 2]
    yield "page size", whole[:16] + b"\xff\xff" + whole[18:]
    yield "noise", whole[:100] + rng.bytes(len(whole) - 100)
    yield "no table", changed("DROP TABLE walks")
    yield "other program", changed("PRAGMA application_id = 7")
    yield "view", changed(
        "ALTER TABLE walks RENAME TO hidden",
        "CREATE VIEW walks AS SELECT load_extension('/tmp/stray') AS name, network, embedding, "
        "energy, view, enrolled FROM hidden")
    yield "endless view", changed(
        "ALTER TABLE walks RENAME TO hidden",
        "CREATE VIEW walks AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS id, name, network, embedding, energy, view, enrolled FROM n, hidden")
    yield "short vector", changed("UPDATE walks SET embedding = x'000000'")
    yield "uneven vectors", changed(
        "INSERT INTO walks SELECT id + 1, name, network, x'00000000', energy, view, enrolled "
        "FROM walks")
    yield "text for a vector", changed("UPDATE walks SET embedding = 'abc'")
    yield "no numbers", changed("UPDATE walks SET embedding = x'" + "ff" * 32 + "'")
    yield "text for a picture", changed("UPDATE walks SET energy = 'abc'")
    yield "bytes for a name", changed("UPDATE walks SET name = x'05'")


GALLERIES = dict(galleries())


@pytest.mark.parametrize("content", GALLERIES.values(), ids=GALLERIES.keys())
def test_galleries(content):
    with pytest.raises(GalleryError) as error:
        Gallery(None, network="net", threshold=0.5).restored(content).known()
    assert re.fullmatch(r"[A-Z].{20,250}\.", str(error.value))
