"""Exports a pooled encoder to int8 ONNX and checks that it still says the same."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import Tensor, nn

from app.services.embeddings import OnnxEncoder, TextOrPair
from app.training.network import Pooled, tokenize
from app.training.smoothing import PRODUCTS, smooth


class _Plain(nn.Module):
    """The pooled encoder with positional inputs in the order of the exported graph."""

    def __init__(self, pooled: Pooled) -> None:
        super().__init__()
        self.pooled = pooled

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        rows: Tensor = self.pooled(input_ids, attention_mask, token_type_ids)
        return rows


def export(pooled: Pooled, tokenizer: Any, folder: Path, texts: Sequence[TextOrPair]) -> None:
    """Write `model.onnx` (int8, attention fused, smoothed by how it reads `texts`) and `tokenizer.json` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain, fused = Path(scratch) / "plain.onnx", Path(scratch) / "fused.onnx"
        batch = tokenize(tokenizer, ["a first sentence", "and another, a little longer one"])
        names = ["input_ids", "attention_mask", "token_type_ids"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                _Plain(pooled).eval(),
                tuple(batch[name] for name in names),
                str(plain),
                input_names=names,
                output_names=["embedding"],
                dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names} | {"embedding": {0: "batch"}},
                opset_version=17,
                dynamo=False,
            )
        config = pooled.encoder.config
        options = FusionOptions("bert")
        # Only the fusions that have an int8 kernel or leave the MatMuls to the quantiser.
        options.enable_embed_layer_norm = False
        options.enable_gelu_approximation = False
        # Fused, it is slower than in parts; `OnnxEncoder` keeps onnxruntime from fusing it.
        options.enable_skip_layer_norm = False
        options.enable_bias_skip_layer_norm = False
        optimizer.optimize_model(
            str(plain),
            "bert",
            num_heads=config.num_attention_heads,
            hidden_size=config.hidden_size,
            optimization_options=options,
        ).save_model_to_file(str(fused))
        model = onnx.load(fused)
        smooth(model, [{name: ids.numpy() for name, ids in tokenize(tokenizer, [text]).items()} for text in texts])
        onnx.save(model, fused)
        quantize_dynamic(
            fused,
            folder / "model.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=[*PRODUCTS, "Gather"],
            # Shape inference stops at the fused operators; everything they pass on is float.
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        onnx.checker.check_model(onnx.load(str(folder / "model.onnx")))
        tokenizer.save_pretrained(scratch)
        shutil.copy(Path(scratch) / "tokenizer.json", folder / "tokenizer.json")


@torch.no_grad()
def parity(pooled: Pooled, tokenizer: Any, folder: Path, texts: Sequence[TextOrPair]) -> float:
    """The lowest cosine between exported and original rows over `texts`."""
    original = pooled.eval()(**tokenize(tokenizer, texts)).numpy()
    exported = OnnxEncoder(folder).encode(texts)
    return float(np.sum(original * exported, axis=1).min())
