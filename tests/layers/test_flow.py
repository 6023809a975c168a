"""Shapes are those of what passed, added up over the chunks of a clip."""

import torch
from torch import nn

from hybridcore.layers.flow import FlowRecorder, Step


def test_shapes_are_those_of_the_run_and_add_up_over_chunks() -> None:
    lstm, flow = nn.LSTM(4, 6, batch_first=True), FlowRecorder()
    with flow.watching({"LSTM": lstm}, symbol="h_t", axis=1, batch=0):
        for length in (5, 3):
            cells = torch.zeros(1, length, 4)
            flow.note("cells", cells, axis=1, batch=0, trained=False)
            lstm(cells)
    lstm(torch.zeros(1, 9, 4))  # no longer observed
    flow.note("classes", (10,), axis=None)
    flow.note("classes", (10,), axis=None)
    assert flow.steps == (
        Step("cells", "", (8, 4), trained=False), Step("LSTM", "h_t", (8, 6)),
        Step("classes", "", (10,)))


def test_a_module_with_several_outputs_gives_the_one_that_is_picked() -> None:
    lstm, flow = nn.LSTM(4, 6), FlowRecorder()
    with flow.watching({"c": lstm}, axis=None, pick=lambda output: output[1][1]):
        lstm(torch.zeros(3, 2, 4))
    assert flow.steps == (Step("c", "", (1, 2, 6)),)
