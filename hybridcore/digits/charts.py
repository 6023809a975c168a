"""What the page draws of an answer: charts, tables, the LSTM's states, the way of the tensors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from hybridcore.digits import figures
from hybridcore.digits.model import LABELS, DigitNet
from hybridcore.digits.result import DigitResult
from hybridcore.digits.view import DigitAnswer
from hybridcore.layers.bidirectional import both_traces
from hybridcore.layers.flow import FlowRecorder, Step
from hybridcore.layers.recurrent import lstm_trace
from hybridcore.system import At, Fact, States
from hybridcore.text import percent


def facts(answer: DigitAnswer, at: At) -> Sequence[Fact]:
    """How many digits, how many of them surely, and how likely they are all together."""
    result: DigitResult = answer.result
    return [
        Fact("Digits", str(len(result.digits)), f"{len(result.sure)} surely"),
        Fact("All of them", percent(result.lattice[1]), "all paths that say them"),
    ]


def notes(answer: DigitAnswer) -> Sequence[str]:
    """What is to be known of what it heard."""
    result: DigitResult = answer.result
    if answer.source.silent:
        return ()
    if not result.digits:
        return ("No digit is heard; it knows the ten English digits and nothing else.",)
    if not result.sure:
        return (f"It is sure of none of {len(result.digits)} digits: they may be none. It knows "
                "the ten English digits and nothing else; other words, another language, music or "
                "noise may sound like them.",)
    return ()


def probabilities(answer: DigitAnswer, at: At) -> go.Figure:
    """Every label at every step."""
    return figures.probabilities(answer.result.log_p, answer.source.duration)


def lattice(answer: DigitAnswer, at: At) -> go.Figure:
    """The lattice of the digits heard, under the sound."""
    result: DigitResult = answer.result
    return figures.lattice(
        answer.source.bands, result.lattice[0], result.digits, answer.source.duration)


def sequences(answer: DigitAnswer, at: At) -> pd.DataFrame:
    """The likeliest path beside the likeliest sequences."""
    result: DigitResult = answer.result
    best = [digit.digit for digit in result.digits]
    path = float(np.exp(result.log_p.max(1).sum()))
    rows = [("best path", best, f"{path:.3g}", f"{result.lattice[1]:.3g}")]
    rows += [(f"prefix search, {k}", digits, "", f"{p:.3g}")
             for k, (digits, p) in enumerate(result.hypotheses, 1)]
    return pd.DataFrame([
        {"found by": by, "digits": " ".join(map(str, digits)) or "none",
         "probability of the path": one, "of all its paths": every,
         "differs": "" if digits == best else "yes"} for by, digits, one, every in rows])


def networks(answer: DigitAnswer, at: At) -> pd.DataFrame:
    """What the network of each kind hears."""
    heard = {kind.title: answer.model.finish(answer.outputs, answer.source, kind.key,
                                             **answer.options)
             for kind in answer.system.kinds}
    return pd.DataFrame([
        {"network": title, "digits": result.headline(), "heard": len(result.digits),
         "surely": len(result.sure)}
        for title, result in heard.items()])


@torch.inference_mode()
def states(answer: DigitAnswer, at: At) -> States | None:
    """The LSTM from inside, both directions of it where there are two."""
    network = _network(answer)
    if network.lstm is None:
        return None
    inputs = network.inputs(_bands(answer))
    hidden = network.lstm(inputs)[0][0]  # [T, H or 2 H]
    size = network.config.hidden
    note = ""
    if network.lstm.bidirectional:
        trace = both_traces(network.lstm, inputs[0], hidden)
        note = "Units marked ← read the recording backwards: what they hold comes from later on."
    else:
        trace = lstm_trace(network.lstm, inputs[0], hidden)
    p = np.exp(answer.result.log_p)
    return States(
        trace=trace, x=answer.result.times, note=note, order="those that move most first",
        units=np.argsort(-trace.h.std(0), kind="stable"),
        names=lambda unit: f"unit {unit}" if unit < size else f"unit {unit - size} ←",
        signals={word: p[:, k] for k, word in enumerate(LABELS)})


@torch.inference_mode()
def flow(answer: DigitAnswer, at: At) -> Sequence[Step]:
    """From the bands to the labels."""
    network, recorder, bands = _network(answer), FlowRecorder(), _bands(answer)
    recorder.note("log mel bands", bands, symbol="x", batch=0, axis=None, trained=False)
    recorder.note("convolutions", network.convolutions(bands[:, None]), batch=0, axis=None)
    inputs = network.inputs(bands)
    recorder.note("steps", inputs, symbol="z_t", batch=0, axis=None)
    if network.lstm is not None:
        name = "BiLSTM" if network.lstm.bidirectional else "LSTM"
        recorder.note(name, network.lstm(inputs)[0], symbol="h_t", batch=0, axis=None)
    recorder.note("labels", network(bands), symbol="log p", batch=0, axis=None)
    return recorder.steps


def _network(answer: DigitAnswer) -> DigitNet:
    network: DigitNet = answer.model.networks[answer.kind]
    return network


def _bands(answer: DigitAnswer) -> Tensor:
    place = next(_network(answer).parameters()).device
    return torch.from_numpy(answer.source.bands)[None].to(place)
