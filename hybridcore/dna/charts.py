"""The charts of the DNA room: an answer and a place -> a figure or a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from hybridcore.dna import figures
from hybridcore.dna.danq import DanQ
from hybridcore.dna.motifs import firing
from hybridcore.dna.predict import DnaReader
from hybridcore.dna.result import STRANDS, DnaResult
from hybridcore.dna.scan import windows_of
from hybridcore.dna.spacing import spaced_apart
from hybridcore.dna.targets import TARGET_KEYS
from hybridcore.layers.flow import FlowRecorder, Step
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.media.sequence import Sequences
from hybridcore.system import Answer, At, Fact, Item, Items, States
from hybridcore.text import percent

DnaAnswer = Answer[Sequences, DnaResult]

_LOGOS = 5
_SPACINGS = np.arange(0, 31)


def items(answer: DnaAnswer) -> Items:
    """The sequences of the file."""
    return Items("Sequence", tuple(Item(s.name) for s in answer.result.sequences))


def facts(answer: DnaAnswer, at: At) -> Sequence[Fact]:
    """The likeliest place, the number of sites, and what the mutations did."""
    sequence = answer.result.sequences[at.item]
    best = sequence.likeliest
    found = [
        Fact(answer.result.target.title, percent(best.probability),
             f"around letter {best.position + 1}, strand {best.strand}"),
        Fact("Sites", str(len(sequence.sites)), f"from {percent(answer.result.threshold)} on"),
    ]
    if sequence.mutations:
        unchanged = answer.model.finish(
            answer.outputs, answer.source, answer.kind, **{**answer.options, "mutations": ""})
        before = unchanged.sequences[at.item].likeliest
        found.append(Fact("As it was", percent(before.probability),
                          f"{len(sequence.mutations)} changed: "
                          f"{' '.join(map(str, sequence.mutations))}"))
    return found


def site_table(answer: DnaAnswer, at: At) -> pd.DataFrame | None:
    """A row a site of the sequence."""
    sequence = answer.result.sequences[at.item]
    place, first = sequence.place
    if not sequence.sites:
        return None
    half = answer.result.target.footprint // 2
    return pd.DataFrame([
        {"around letter": s.position + 1, "strand": s.strand, "probability": percent(s.probability),
         "place": f"{place}:{first + s.position + 1:,}",
         "letters": sequence.letters[max(0, s.position - half) : s.position + half + 1]}
        for s in sequence.sites])


def motif_logos(answer: DnaAnswer, at: At) -> go.Figure | None:
    """The scanners that say most for the target in the window, as logos."""
    network, window = _network(answer), _window(answer, at)
    found = [one for one in firing(network, window, _target(answer))[:_LOGOS] if one.effect > 0]
    if not found:
        return None
    return figures.logos(
        found, network.shares.cpu().numpy(),
        [f"scanner {one.motif}: without it {-one.effect:+.2f} log-odds" for one in found])


def networks(answer: DnaAnswer, at: At) -> go.Figure:
    """The same sequence under every network."""
    model: DnaReader = answer.model
    tracks = {}
    for kind in answer.system.kinds:
        result = model.finish(answer.outputs, answer.source, kind.key, **answer.options)
        tracks[kind.title] = result.sequences[at.item].either
    return figures.networks(tracks)


def apart(answer: DnaAnswer, at: At) -> go.Figure:
    """The two halves of the target moved apart, under every network."""
    model: DnaReader = answer.model
    target = answer.result.target
    found = {kind.title: spaced_apart(model.networks[kind.key], target, _SPACINGS).max(0)
             for kind in answer.system.kinds}
    return figures.apart(_SPACINGS, found, target.halves, target.spacing)


def states(answer: DnaAnswer, at: At) -> States | None:
    """The LSTM that reads the window forwards; a step is as many letters as are pooled."""
    network = _network(answer)
    if network.lstm is None:
        return None
    window = torch.from_numpy(np.array(_window(answer, at)))[None]
    with torch.inference_mode():
        places = network.places(network.scan(window))  # [1, steps, motifs]
        hidden = network.lstm(places)[0][0, :, : network.config.hidden]
    trace = lstm_trace(_forward_half(network), places[0], hidden)
    return States(
        trace=trace, x=_steps(answer, at, network), units=_moved_most(trace),
        order="those that move most first", over_time=False,
        note="The direction that reads the window from its beginning, on the likelier strand. A "
             f"step is {network.config.pool} letters, and what a scanner sees there reaches "
             f"{network.config.kernel - 1} letters further.")


def flow(answer: DnaAnswer, at: At) -> Sequence[Step]:
    """From the letters of the window to the probabilities."""
    network, recorder = _network(answer), FlowRecorder()
    window = torch.from_numpy(np.array(_window(answer, at)))[None]
    with torch.inference_mode():
        recorder.note("window", window, symbol="x", batch=0, axis=None, trained=False)
        scanned = network.scan(window)
        recorder.note("scanners", scanned, symbol="relu(conv)", batch=0, axis=None)
        if network.config.kind == "motifs":
            recorder.note("best fit", scanned.amax(2), batch=0, axis=None, trained=False)
        else:
            places = network.places(scanned)
            recorder.note("places", places, symbol="z", batch=0, axis=None, trained=False)
            if network.lstm is not None:
                recorder.note("BiLSTM", network.lstm(places)[0], symbol="h", batch=0, axis=None)
        recorder.note("targets", network.read(scanned), symbol="log-odds", batch=0, axis=None)
    return recorder.steps


def _network(answer: DnaAnswer) -> DanQ:
    network: DanQ = answer.model.networks[answer.kind]
    return network


def _target(answer: DnaAnswer) -> int:
    return TARGET_KEYS.index(answer.result.target.key)


def _window(answer: DnaAnswer, at: At) -> np.ndarray:
    """The window that somebody looks at, on its likelier strand, float32 ``[length, 4]``."""
    result, sequence = answer.result, answer.result.sequences[at.item]
    position = result.looked_at(at.item)
    window = windows_of(sequence.letters, result.length)[position]
    turned: np.ndarray = window[::-1, ::-1]
    return turned if sequence.strand(position) == STRANDS[1] else window


def _steps(answer: DnaAnswer, at: At, network: DanQ) -> list[str]:
    """The letters that each step of the LSTM begins with."""
    window = _window(answer, at)
    letters = "".join("ACGT"[row.argmax()] if row.any() else "·" for row in window)
    pool = network.config.pool
    return [letters[k * pool : (k + 1) * pool] for k in range(network.config.steps)]


def _forward_half(network: DanQ) -> torch.nn.LSTM:
    """The direction of the LSTM that reads from the beginning, as one by itself."""
    assert network.lstm is not None
    config = network.config
    half = torch.nn.LSTM(config.motifs, config.hidden, batch_first=True)
    half.load_state_dict({name: value for name, value in network.lstm.state_dict().items()
                          if not name.endswith("_reverse")})
    return half.eval()


def _moved_most(trace: LSTMTrace) -> np.ndarray:
    units: np.ndarray = np.argsort(-trace.h.std(0), kind="stable")
    return units
