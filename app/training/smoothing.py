"""Evens out what an encoder's products read, channel by channel, before their weights are put into eight bits.

What a product reads is quantised as it runs, with one scale for all channels; a few channels ten times as large as the
others leave these hardly any steps. Dividing each channel by a factor, and multiplying the weights that meet it by the
same, changes nothing in float and makes the channels alike (SmoothQuant, Xiao et al. 2022, arXiv:2211.10438).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import helper, numpy_helper

PRODUCTS = ("MatMul", "Attention")
MIGRATED = 0.85
"""How much of the difference between channels moves into the weights; dev rows are equally close from 0.75 to 0.95."""
_SMALLEST = 1e-2

Feed = Mapping[str, NDArray[Any]]


def smooth(model: onnx.ModelProto, feeds: Sequence[Feed]) -> None:
    """Divide what each product with constant weights reads, by how large it gets when `feeds` are run."""
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    read = {node.name: node.input[0] for node in graph.node if node.op_type in PRODUCTS and node.input[1] in weights}
    sizes = _sizes(model, sorted(set(read.values())), feeds)
    nodes = []
    for node in graph.node:
        if node.name in read:
            tensor = weights[node.input[1]]
            weight = numpy_helper.to_array(tensor)
            factors = sizes[node.input[0]] ** MIGRATED / _floored(np.abs(weight).max(axis=1)) ** (1 - MIGRATED)
            factors /= np.exp(np.log(factors).mean())
            tensor.CopyFrom(numpy_helper.from_array(weight * factors[:, None], tensor.name))
            divide = f"{node.name}_smoothed"
            graph.initializer.append(numpy_helper.from_array(1 / factors, f"{divide}_by"))
            nodes.append(helper.make_node("Mul", [node.input[0], f"{divide}_by"], [divide], name=divide))
            node.input[0] = divide
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)


def _sizes(model: onnx.ModelProto, names: Sequence[str], feeds: Sequence[Feed]) -> dict[str, NDArray[np.float32]]:
    """The largest magnitude of each channel of each tensor in `names`."""
    told = onnx.ModelProto()
    told.CopyFrom(model)
    told.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    session = ort.InferenceSession(told.SerializeToString(), providers=["CPUExecutionProvider"])
    runs = [session.run(list(names), dict(feed)) for feed in feeds]
    largest = [np.stack([np.abs(run[at]).max(axis=(0, 1)) for run in runs]).max(axis=0) for at in range(len(names))]
    return {name: _floored(row) for name, row in zip(names, largest, strict=True)}


def _floored(sizes: NDArray[np.float32]) -> NDArray[np.float32]:
    """As they are, but no channel that stays nought is without a size."""
    return np.maximum(sizes, _SMALLEST)
