"""The critic as a torch module: a sentence encoder, mean pooling, and a small head."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from app.coach.overlap.nouns import RELATIONS
from app.services.embeddings import TextOrPair

MAX_TOKENS = 96
RELATED = len(RELATIONS)


def seed_everything(seed: int) -> None:
    """Make a run repeatable on the same machine and versions."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(mode=True, warn_only=True)


class Pooled(nn.Module):
    """Encoder and mean pooling: token ids to unit-length rows, shape (n, width)."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Mean of the token vectors under the mask, normalised."""
        tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)[0]
        weight = attention_mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


class CriticNet(nn.Module):
    """Pooled encoder and two dense layers over (embedding, measured-quantity flags)."""

    def __init__(self, pooled: Pooled, width: int, flags: int, hidden: int = 96, dropout: float = 0.15) -> None:
        super().__init__()
        self.pooled = pooled
        # Unit rows are small a coordinate; scaling them keeps both kinds of input at one magnitude.
        self.scale = float(width) ** 0.5
        self.drop = nn.Dropout(dropout)
        self.hidden = nn.Linear(width + flags, hidden)
        self.out = nn.Linear(hidden, 3)
        self.link_hidden = nn.Linear(width, hidden)
        self.link_out = nn.Linear(hidden, 1)
        self.pair_hidden = nn.Linear(width, hidden)
        self.pair_out = nn.Linear(hidden, RELATED)

    def link(self, tokens: dict[str, Tensor]) -> Tensor:
        """Logits that the pillar of each (OKR, pillar) pair is served, shape (n,)."""
        rows = self.drop(self.pooled(**tokens) * self.scale)
        return self.link_out(self.drop(torch.relu(self.link_hidden(rows)))).squeeze(1)

    def relate(self, tokens: dict[str, Tensor]) -> Tensor:
        """Logits of how the two lines of each pair relate, shape (n, 5)."""
        rows = self.drop(self.pooled(**tokens) * self.scale)
        return self.pair_out(self.drop(torch.relu(self.pair_hidden(rows))))

    def forward(self, tokens: dict[str, Tensor], flags: Tensor) -> Tensor:
        """Logits, shape (n, 3)."""
        rows = torch.cat([self.pooled(**tokens) * self.scale, flags], dim=1)
        return self.out(self.drop(torch.relu(self.hidden(self.drop(rows)))))

    def head_arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Weights of the line head as serving wants them, scale folded in."""
        return self._arrays(self.hidden, self.out)

    def link_arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Weights of the linkage head as serving wants them, scale folded in."""
        return self._arrays(self.link_hidden, self.link_out)

    def pair_arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Weights of the pair head as serving wants them, scale folded in."""
        return self._arrays(self.pair_hidden, self.pair_out)

    def _arrays(self, hidden: nn.Linear, out: nn.Linear) -> dict[str, np.ndarray[Any, Any]]:
        scale = np.ones((hidden.in_features, 1), np.float32)
        scale[: round(self.scale**2)] = self.scale
        return {
            "hidden": hidden.weight.detach().numpy().T * scale,
            "hidden_bias": hidden.bias.detach().numpy(),
            "out": out.weight.detach().numpy().T,
            "out_bias": out.bias.detach().numpy(),
        }


def load_base(path: Path | str) -> tuple[Any, Pooled]:
    """Tokenizer and pooled encoder of a sentence-transformers model."""
    tokenizer = AutoTokenizer.from_pretrained(str(path))
    encoder = AutoModel.from_pretrained(str(path), attn_implementation="eager")
    return tokenizer, Pooled(encoder)


def tokenize(tokenizer: Any, texts: Sequence[TextOrPair]) -> dict[str, Tensor]:
    """A padded batch; single texts and pairs may be mixed."""
    encoded = [
        tokenizer(*(text if isinstance(text, tuple) else (text,)), truncation=True, max_length=MAX_TOKENS)
        for text in texts
    ]
    batch = tokenizer.pad(encoded, return_tensors="pt")
    return {name: batch[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
