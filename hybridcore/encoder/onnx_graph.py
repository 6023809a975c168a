"""Folded EfficientNet-Lite modules -> an ONNX graph, so that ONNX Runtime can run them on a CPU.

The graph is written from the modules at load time with ``onnx.helper``; weights stay in
safetensors and no graph file is shipped. It holds the few operators that the networks have: Conv,
Clip, Add, Concat, ReduceMean, Gemm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from hybridcore.encoder.efficientnet_lite import ConvNormAct, MBConv, Top, Trunk

OPSET = 17
# How the inputs that are known by name are given: type and shape.
Input = tuple[int, list[str | int]]
FRAMES: Input = (TensorProto.UINT8, ["n", "h", "w", 3])
GRID: Input = (TensorProto.FLOAT, ["n", "c", "h", "w"])


class GraphBuilder:
    """Collects nodes and weights; every method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._count = 0

    def constant(self, value: np.ndarray) -> str:
        self._count += 1
        name = f"c{self._count}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], **attributes: object) -> str:
        self._count += 1
        name = f"t{self._count}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def pixels(self, x: str) -> str:
        """uint8 ``[N, H, W, 3]`` -> float32 ``[N, 3, H, W]``, ``(x - 127) / 128``."""
        x = self.node("Cast", [x], to=TensorProto.FLOAT)
        x = self.node("Sub", [x, self.constant(np.array(127, np.float32))])
        x = self.node("Mul", [x, self.constant(np.array(1 / 128, np.float32))])
        return self.node("Transpose", [x], perm=[0, 3, 1, 2])

    def conv(self, x: str, layer: ConvNormAct) -> str:
        conv = layer.conv
        if layer.same_pad:
            left, right, top, bottom = layer.same_pad
            pads = [top, left, bottom, right]
        else:
            pads = [conv.kernel_size[0] // 2] * 4
        x = self.plain_conv(x, conv, pads)
        if layer.act:
            limits = [self.constant(np.array(v, np.float32)) for v in (0, 6)]
            x = self.node("Clip", [x, *limits])
        return x

    def plain_conv(self, x: str, conv: nn.Conv2d, pads: Sequence[int] = (0, 0, 0, 0)) -> str:
        if conv.bias is None:
            raise ValueError("fold the batch norm before building a graph")
        return self.node(
            "Conv",
            [x, self.constant(_array(conv.weight)), self.constant(_array(conv.bias))],
            kernel_shape=list(conv.kernel_size), strides=list(conv.stride), pads=list(pads),
            group=conv.groups,
        )

    def beside(self, *grids: str) -> str:
        """Their channels, one grid after the other."""
        return self.node("Concat", list(grids), axis=1)

    def blocks(self, x: str, stages: nn.Module) -> str:
        for block in stages.modules():
            if not isinstance(block, MBConv):
                continue
            y = self.conv(x, block.expand) if isinstance(block.expand, ConvNormAct) else x
            y = self.conv(self.conv(y, block.depthwise), block.project)
            x = self.node("Add", [x, y]) if block.residual else y
        return x

    def trunk(self, x: str, trunk: Trunk) -> str:
        return self.blocks(self.conv(x, trunk.stem), trunk.stages)

    def top(self, x: str, top: Top) -> str:
        return self.conv(self.blocks(x, top.stages), top.head)

    def pool(self, x: str) -> str:
        return self.node("ReduceMean", [x], axes=[2, 3], keepdims=0)

    def linear(self, x: str, layer: nn.Linear) -> str:
        weights = [self.constant(_array(layer.weight)), self.constant(_array(layer.bias))]
        return self.node("Gemm", [x, *weights], transB=1)

    def build(
        self, name: str, inputs: Mapping[str, Input], outputs: Mapping[str, str]
    ) -> bytes:
        """Serialised model: ``inputs`` (name: :data:`FRAMES` or :data:`GRID`) to ``outputs`` (name:
        tensor)."""
        renamed = [helper.make_node("Identity", [t], [n]) for n, t in outputs.items()]
        graph = helper.make_graph(
            self.nodes + renamed, name,
            [helper.make_tensor_value_info(n, *given) for n, given in inputs.items()],
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs],
            self.weights,
        )
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
        return model.SerializeToString()


def _array(value: Tensor) -> np.ndarray:
    return value.detach().to("cpu").float().numpy()
