"""TFLite networks of float16 weights -> ONNX, so that ONNX Runtime can run them.

It knows the operators that MediaPipe's networks for people have, and no others. Tensors of four
axes are kept as ONNX wants them, ``[N, C, H, W]``, and turned back where the graph reshapes them or
hands them out. Weights stay float16 in the file; each is cast once, when the network is loaded.
The axis of pictures becomes free, so that several crops go through at once.

Needs ``pip install tflite`` (the schema of the file), which nothing else here does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper, utils

from hybridcore.people.learn.sparse import dense

OPSET = 17
_OPERATORS = {value: name for name, value in vars(tflite.BuiltinOperator).items()
              if isinstance(value, int)}
_TYPES = {
    tflite.TensorType.FLOAT32: np.float32, tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}
_DECODED = ("DEQUANTIZE", "DENSIFY")  # between a stored weight and who uses it
_UNARY = {"LOGISTIC": "Sigmoid", "RELU": "Relu"}


class Converter:
    """One TFLite graph read from ``content``.

    scale, shift: what a pixel 0..255 is multiplied with and what is then added.
    names: of the outputs, in the order of the file; None leaves one out.
    """

    def __init__(
        self, content: bytes, *, scale: float, shift: float, names: tuple[str | None, ...],
    ) -> None:
        self._model = tflite.Model.GetRootAsModel(content, 0)
        self._graph = self._model.Subgraphs(0)
        self._scale, self._shift, self._names = scale, shift, names
        self._nodes: list[onnx.NodeProto] = []
        self._initialisers: list[onnx.TensorProto] = []
        self._values: dict[int, str] = {}  # of computed tensors, by index
        self._weights: dict[int, np.ndarray] = {}
        self._count = 0

    def convert(self) -> onnx.ModelProto:
        """The whole graph: ``pixels`` uint8 ``[N, H, W, 3]`` -> the named outputs, float32."""
        graph = self._graph
        for index in range(graph.TensorsLength()):
            self._read(index)
        source = graph.Inputs(0)
        x = self._node("Cast", ["pixels"], to=TensorProto.FLOAT)
        x = self._node("Mul", [x, self._constant(np.array(self._scale, np.float32))])
        x = self._node("Add", [x, self._constant(np.array(self._shift, np.float32))])
        self._values[source] = self._node("Transpose", [x], perm=[0, 3, 1, 2])
        for number in range(graph.OperatorsLength()):
            self._operator(graph.Operators(number))
        outputs = []
        for number, name in enumerate(self._names):
            if name is None:
                continue
            index = graph.Outputs(number)
            value = self._channels_last(index)
            self._nodes.append(helper.make_node("Identity", [value], [name]))
            shape = ["n", *map(int, self._shape(index)[1:])]
            outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        pixels = helper.make_tensor_value_info(
            "pixels", TensorProto.UINT8, ["n", *map(int, self._shape(source)[1:])])
        built = helper.make_graph(self._nodes, "people", [pixels], outputs, self._initialisers)
        model = helper.make_model(
            built, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        return utils.Extractor(model).extract_model(
            ["pixels"], [o.name for o in outputs])  # leaves out what no output needs

    def _read(self, index: int) -> None:
        """Keep what the file stores of a tensor, if anything."""
        tensor = self._graph.Tensors(index)
        buffer = self._model.Buffers(tensor.Buffer())
        if not buffer.DataLength():
            return
        stored = np.frombuffer(buffer.DataAsNumpy().tobytes(), _TYPES[tensor.Type()])
        sparsity = tensor.Sparsity()
        self._weights[index] = (
            stored.reshape(tensor.ShapeAsNumpy()) if sparsity is None
            else dense(stored, sparsity, tuple(tensor.ShapeAsNumpy())))

    def _operator(self, operator: Any) -> None:
        code = self._model.OperatorCodes(operator.OpcodeIndex())
        kind = _OPERATORS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        inputs, output = operator.InputsAsNumpy(), int(operator.Outputs(0))
        if kind in _DECODED and inputs[0] in self._weights:
            self._weights[output] = self._weights[inputs[0]]
        elif kind in _UNARY:
            self._values[output] = self._node(_UNARY[kind], [self._values[inputs[0]]])
        else:
            method = getattr(self, f"_{kind.lower()}", None)
            if method is None:
                raise NotImplementedError(f"the operator {kind}")
            self._values[output] = method(operator, [int(i) for i in inputs], output)

    def _conv_2d(self, operator: Any, inputs: list[int], output: int) -> str:
        options = _options(operator, tflite.Conv2DOptions)
        kernel = self._weights[inputs[1]].transpose(0, 3, 1, 2)  # [out, h, w, in] before
        return self._convolution(options, inputs, output, kernel, 1)

    def _depthwise_conv_2d(self, operator: Any, inputs: list[int], output: int) -> str:
        options = _options(operator, tflite.DepthwiseConv2DOptions)
        kernel = self._weights[inputs[1]].transpose(3, 0, 1, 2)  # [1, h, w, out] before
        return self._convolution(options, inputs, output, kernel, self._shape(inputs[0])[3])

    def _convolution(
        self, options: Any, inputs: list[int], output: int, kernel: np.ndarray, groups: int,
    ) -> str:
        size = kernel.shape[2:]
        values = [self._values[inputs[0]], self._weight(kernel),
                  self._weight(self._weights[inputs[2]])]
        x = self._node("Conv", values, kernel_shape=list(size), group=int(groups),
                       **self._strides(options, inputs[0], output, size))
        return self._activated(x, options)

    def _max_pool_2d(self, operator: Any, inputs: list[int], output: int) -> str:
        options = _options(operator, tflite.Pool2DOptions)
        size = (options.FilterHeight(), options.FilterWidth())
        x = self._node("MaxPool", [self._values[inputs[0]]], kernel_shape=list(size),
                       **self._strides(options, inputs[0], output, size))
        return self._activated(x, options)

    def _strides(
        self, options: Any, source: int, output: int, size: tuple[int, ...],
    ) -> dict[str, list[int]]:
        """Strides, and the padding that TFLite's SAME means: the odd pixel right and below."""
        strides = [options.StrideH(), options.StrideW()]
        pads = [0, 0]
        if options.Padding() == tflite.Padding.SAME:
            pads = [max(0, (int(out) - 1) * stride + side - int(before))
                    for out, before, stride, side in zip(
                        self._shape(output)[1:3], self._shape(source)[1:3], strides, size,
                        strict=True)]
        before = [pad // 2 for pad in pads]
        after = [pad - first for pad, first in zip(pads, before, strict=True)]
        return {"strides": strides, "pads": before + after}

    def _fully_connected(self, operator: Any, inputs: list[int], output: int) -> str:
        options = _options(operator, tflite.FullyConnectedOptions)
        x = self._node("Gemm", [
            self._values[inputs[0]], self._weight(self._weights[inputs[1]]),
            self._weight(self._weights[inputs[2]])], transB=1)
        return self._activated(x, options)

    def _add(self, operator: Any, inputs: list[int], output: int) -> str:
        x = self._node("Add", [self._values[i] for i in inputs])
        return self._activated(x, _options(operator, tflite.AddOptions))

    def _prelu(self, operator: Any, inputs: list[int], output: int) -> str:
        slope = self._weights[inputs[1]].reshape(-1, 1, 1)  # [1, 1, C] before
        return self._node("PRelu", [self._values[inputs[0]], self._weight(slope)])

    def _pad(self, operator: Any, inputs: list[int], output: int) -> str:
        pads = self._weights[inputs[1]][[0, 3, 1, 2]]
        return self._node("Pad", [
            self._values[inputs[0]], self._constant(pads.T.ravel().astype(np.int64))])

    def _resize_bilinear(self, operator: Any, inputs: list[int], output: int) -> str:
        options = _options(operator, tflite.ResizeBilinearOptions)
        mode = ("align_corners" if options.AlignCorners()
                else "half_pixel" if options.HalfPixelCenters() else "asymmetric")
        after, before = self._shape(output)[1:3], self._shape(inputs[0])[1:3]
        scales = np.array([1, 1, *(after / before)], np.float32)
        return self._node("Resize", [self._values[inputs[0]], "", self._constant(scales)],
                          mode="linear", coordinate_transformation_mode=mode)

    def _depth_to_space(self, operator: Any, inputs: list[int], output: int) -> str:
        options = _options(operator, tflite.DepthToSpaceOptions)
        return self._node("DepthToSpace", [self._values[inputs[0]]],
                          blocksize=options.BlockSize(), mode="DCR")

    def _mean(self, operator: Any, inputs: list[int], output: int) -> str:
        if sorted(self._weights[inputs[1]].tolist()) != [1, 2]:
            raise NotImplementedError("a mean over other axes than height and width")
        keep = _options(operator, tflite.ReducerOptions).KeepDims()
        return self._node("ReduceMean", [self._values[inputs[0]]], axes=[2, 3], keepdims=int(keep))

    def _reshape(self, operator: Any, inputs: list[int], output: int) -> str:
        shape = np.array([-1, *self._shape(output)[1:]], np.int64)
        x = self._node("Reshape", [self._channels_last(inputs[0]), self._constant(shape)])
        return self._node("Transpose", [x], perm=[0, 3, 1, 2]) if len(shape) == 4 else x

    def _concatenation(self, operator: Any, inputs: list[int], output: int) -> str:
        axis = _options(operator, tflite.ConcatenationOptions).Axis()
        if len(self._shape(output)) == 4:
            axis = [0, 2, 3, 1][axis]
        return self._node("Concat", [self._values[i] for i in inputs], axis=axis)

    def _activated(self, x: str, options: Any) -> str:
        kind = options.FusedActivationFunction()
        if kind == tflite.ActivationFunctionType.RELU:
            return self._node("Relu", [x])
        if kind == tflite.ActivationFunctionType.RELU6:
            limits = [self._constant(np.array(value, np.float32)) for value in (0, 6)]
            return self._node("Clip", [x, *limits])
        if kind != tflite.ActivationFunctionType.NONE:
            raise NotImplementedError(f"the activation {kind}")
        return x

    def _channels_last(self, index: int) -> str:
        x = self._values[index]
        four = len(self._shape(index)) == 4
        return self._node("Transpose", [x], perm=[0, 2, 3, 1]) if four else x

    def _shape(self, index: int) -> np.ndarray:
        return self._graph.Tensors(index).ShapeAsNumpy()

    def _weight(self, value: np.ndarray) -> str:
        return self._node("Cast", [self._constant(value)], to=TensorProto.FLOAT)

    def _constant(self, value: np.ndarray) -> str:
        self._count += 1
        name = f"c{self._count}"
        self._initialisers.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(
            np.shape(value)), name))
        return name

    def _node(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        self._count += 1
        name = f"t{self._count}"
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name


def _options(operator: Any, kind: Any) -> Any:
    options = kind()
    options.Init(operator.BuiltinOptions().Bytes, operator.BuiltinOptions().Pos)
    return options
