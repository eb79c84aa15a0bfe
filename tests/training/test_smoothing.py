"""Smoothing before int8: nothing changes in float, and what int8 loses shrinks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from app.training.smoothing import smooth

Rows = NDArray[np.float32]
WIDTH, OUT = 64, 16
SIZES = np.where(np.arange(WIDTH) < 2, 40.0, 1.0)


def rows(texts: int, seed: int) -> Rows:
    """Token rows of shape (texts, 9, WIDTH), two channels of which are forty times as large as the others."""
    return (np.random.default_rng(seed).normal(size=(texts, 9, WIDTH)) * SIZES).astype(np.float32)


@pytest.fixture
def product() -> onnx.ModelProto:
    """`said`, what `read` gives with constant weights, after one node that has none."""
    weight = np.random.default_rng(1).normal(size=(WIDTH, OUT)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Identity", ["read"], ["passed"], name="pass"),
            helper.make_node("MatMul", ["passed", "weight"], ["said"], name="product"),
        ],
        "product",
        [helper.make_tensor_value_info("read", TensorProto.FLOAT, [1, "tokens", WIDTH])],
        [helper.make_tensor_value_info("said", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(weight, "weight")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def said(model: onnx.ModelProto, read: Rows) -> Rows:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.concatenate([session.run(None, {"read": row[None]})[0] for row in read])


def in_int8(model: onnx.ModelProto, folder: Path) -> onnx.ModelProto:
    onnx.save(model, folder / "float.onnx")
    quantize_dynamic(folder / "float.onnx", folder / "int8.onnx", weight_type=QuantType.QInt8, per_channel=True)
    return onnx.load(folder / "int8.onnx")


def test_in_float_nothing_changes_and_in_int8_less_is_lost(product: onnx.ModelProto, tmp_path: Path) -> None:
    read = rows(20, 2)
    right = said(product, read)
    lost = np.abs(said(in_int8(product, tmp_path), read) - right).mean()
    smooth(product, [{"read": row[None]} for row in rows(50, 3)])
    assert "Mul" in {node.op_type for node in product.graph.node}
    np.testing.assert_allclose(said(product, read), right, rtol=1e-4, atol=1e-3)
    assert np.abs(said(in_int8(product, tmp_path), read) - right).mean() < lost / 2


def test_a_channel_that_stays_nought_is_no_division_by_nought(product: onnx.ModelProto) -> None:
    silent = rows(20, 3)
    silent[:, :, 5] = 0
    read = rows(20, 2)
    right = said(product, read)
    smooth(product, [{"read": row[None]} for row in silent])
    np.testing.assert_allclose(said(product, read), right, rtol=1e-3, atol=1e-2)
