"""Text encoders: the embedded int8 ONNX one, or any sentence-transformers model by setting.

An encoder turns texts into unit-length float32 rows. The ONNX encoder needs only `onnxruntime` and
`tokenizers`; torch is imported only when a `sentence-transformers:` encoder is asked for.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from app.errors import ModelError
from app.services.abreast import abreast

Vectors = NDArray[np.float32]
TextOrPair = str | tuple[str, str]

MODELS = Path(__file__).resolve().parent.parent / "models"
SENTENCE_TRANSFORMERS = "sentence-transformers:"
_SLOWER = ["SkipLayerNormFusion"]
"""What onnxruntime fuses to its loss: the fused kernel takes four times as long as its two parts."""


class Encoder(Protocol):
    """What the critic, strategy linkage and overlap need of a model."""

    @property
    def name(self) -> str:
        """Name and content hash, for reports."""
        ...

    def encode(self, texts: Sequence[TextOrPair]) -> Vectors:
        """One row a text, shape (len(texts), width), rows of length 1."""
        ...


class OnnxEncoder:
    """A sentence-transformers model exported to ONNX: `model.onnx` and `tokenizer.json` in a folder.

    Each text is read by itself, `threads` of them at a time (0: one a core): in a batch the rows of an int8 model
    depend on each other, since what it quantises as it goes shares one scale. Raises `ModelError` when the folder
    holds no model.
    """

    def __init__(self, folder: Path, *, threads: int = 0, max_tokens: int = 96) -> None:
        model = folder / "model.onnx"
        if not model.is_file():
            raise ModelError(f"There is no encoder at {folder}: run `make train` or set OKR_COACH_ENCODER.")
        self._threads = threads
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(max_length=max_tokens)
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = ort.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
        )
        self._inputs = {node.name for node in self._session.get_inputs()}
        self.name = f"{folder.name}@{hashlib.sha256(model.read_bytes()).hexdigest()[:12]}"

    def encode(self, texts: Sequence[TextOrPair]) -> Vectors:
        """See `Encoder.encode`."""
        if not texts:
            return np.zeros((0, 0), np.float32)
        encodings = self._tokenizer.encode_batch([_clean(text) for text in texts])
        # The longest first, so that nobody waits for one that was begun last.
        order = sorted(range(len(texts)), key=lambda at: -len(encodings[at].ids))
        rows = dict(zip(order, abreast(self._read, [encodings[at] for at in order], self._threads), strict=True))
        return np.stack([rows[at] for at in range(len(texts))])

    def _read(self, encoding: Encoding) -> Vectors:
        ids = np.array([encoding.ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        if "token_type_ids" in self._inputs:
            feed["token_type_ids"] = np.array([encoding.type_ids], np.int64)
        row: Vectors = self._session.run(None, feed)[0][0]
        return row.astype(np.float32, copy=False)


class SentenceTransformersEncoder:
    """Any hub or local model through sentence-transformers (needs the `train` extra)."""

    def __init__(self, model: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        except ImportError as error:
            raise ModelError(
                "OKR_COACH_ENCODER asks for sentence-transformers, which is not installed: install okr-coach[train]."
            ) from error
        self._model: Any = SentenceTransformer(model, device="cpu")
        self.name = f"{SENTENCE_TRANSFORMERS}{model}"

    def encode(self, texts: Sequence[TextOrPair]) -> Vectors:
        """See `Encoder.encode`."""
        rows: dict[int, Vectors] = {}
        for kind in (str, tuple):
            chosen = [at for at, text in enumerate(texts) if isinstance(text, kind)]
            if chosen:
                cleaned = [_clean(texts[at]) for at in chosen]
                vectors = self._model.encode(cleaned, normalize_embeddings=True, show_progress_bar=False)
                rows.update(zip(chosen, vectors, strict=True))
        return np.stack([rows[at] for at in range(len(texts))]) if rows else np.zeros((0, 0), np.float32)


class Remembering:
    """An encoder that keeps the rows of texts it has seen, the latest `most` of them."""

    def __init__(self, encoder: Encoder, most: int = 3_000) -> None:
        self._encoder = encoder
        self._most = most
        self._known: OrderedDict[TextOrPair, Vectors] = OrderedDict()
        self._lock = Lock()
        self.name = encoder.name

    def encode(self, texts: Sequence[TextOrPair]) -> Vectors:
        """See `Encoder.encode`."""
        with self._lock:
            rows = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in rows]
        if new:
            # A view would keep the rows of all others of its call alive.
            rows |= zip(new, (row.copy() for row in self._encoder.encode(new)), strict=True)
        with self._lock:
            for text in dict.fromkeys(texts):
                self._known[text] = rows[text]
                self._known.move_to_end(text)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return np.stack([rows[text] for text in texts]) if texts else self._encoder.encode([])


def load_encoder(setting: str, *, threads: int = 0) -> Encoder:
    """The encoder that `setting` names: a shipped model, a folder, or `sentence-transformers:<name or folder>`."""
    if setting.startswith(SENTENCE_TRANSFORMERS):
        return SentenceTransformersEncoder(setting.removeprefix(SENTENCE_TRANSFORMERS))
    return OnnxEncoder(model_folder(setting), threads=threads)


def model_folder(setting: str) -> Path:
    """Where the heads of an encoder lie: a shipped model's name, or a folder that training wrote."""
    name = setting.removeprefix(SENTENCE_TRANSFORMERS)
    return MODELS / name if (MODELS / name).is_dir() else Path(name)


def _clean(text: TextOrPair) -> Any:  # noqa: ANN401
    """Text that the tokenizer's UTF-8 boundary accepts: lone surrogates become U+FFFD."""
    if isinstance(text, tuple):
        return tuple(_clean(part) for part in text)
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text
