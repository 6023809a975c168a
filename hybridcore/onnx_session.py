"""ONNX Runtime, as every network here runs in it on a CPU."""

from __future__ import annotations

import onnxruntime

from hybridcore.cores import core_count


def cpu_session(model: bytes) -> onnxruntime.InferenceSession:
    """ONNX Runtime on the CPU, its threads asleep between calls so that decoding gets the cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = core_count()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
