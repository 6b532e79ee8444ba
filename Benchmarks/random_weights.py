"""Random weights of ARPG models by the names of published checkpoints, and a model folder of them:

    python Benchmarks/random_weights.py SIZE FOLDER ARPG
"""

import json
import math
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F


@dataclass(frozen=True)
class Size:
    dim: int
    layers: int
    heads: int
    hidden: int
    vocab: int
    classes: int
    channels: int
    multipliers: tuple
    latent: int
    grid: int = 16
    code_dim: int = 8


SIZES = {
    "arpg-l": Size(1024, 24, 16, 2816, 16384, 1000, 128, (1, 1, 2, 2, 4), 256),
    "tiny": Size(64, 4, 4, 192, 256, 10, 32, (1, 1, 2, 2, 2), 32),
}


def decoder_weights(size, g):
    def matrix(rows, columns):
        return torch.randn(rows, columns, generator=g) * 0.02

    w = {"embeddings.weight": matrix(size.vocab + size.classes + 3, size.dim), "head.weight": matrix(size.vocab, size.dim)}
    for name in ("layers.to_k", "layers.to_v"):
        w[name + ".weight"] = matrix(size.dim, size.dim)
    for name in ("layers.norm", "norm"):
        w[name + ".weight"] = torch.ones(size.dim)
    for stack, names in (("self_dec", ("to_q", "to_k", "to_v", "proj")), ("cross_dec", ("to_q", "proj"))):
        for layer in range(size.layers // 2):
            p = f"layers.{stack}.{layer}."
            for name in names:
                w[f"{p}attn.{name}.weight"] = matrix(size.dim, size.dim)
            for name in ("w1", "w3"):
                w[f"{p}ffn.{name}.weight"] = matrix(size.hidden, size.dim)
            w[f"{p}ffn.w2.weight"] = matrix(size.dim, size.hidden)
            w[p + "attn_norm.weight"], w[p + "ffn_norm.weight"] = torch.ones(size.dim), torch.ones(size.dim)
    return w


def tokenizer_weights(size, g):
    w = {}

    def conv(name, inputs, outputs, kernel):
        weights = torch.randn(outputs, inputs, kernel, kernel, generator=g)
        w[name + ".weight"] = weights / math.sqrt(inputs * kernel * kernel)
        w[name + ".bias"] = torch.zeros(outputs)

    def norm(name, channels):
        w[name + ".weight"], w[name + ".bias"] = torch.ones(channels), torch.zeros(channels)

    def residual(name, inputs, outputs):
        norm(name + ".norm1", inputs), conv(name + ".conv1", inputs, outputs, 3)
        norm(name + ".norm2", outputs), conv(name + ".conv2", outputs, outputs, 3)
        if inputs != outputs:
            conv(name + ".nin_shortcut", inputs, outputs, 1)

    def attention(name, channels):
        norm(name + ".norm", channels)
        for part in ("q", "k", "v", "proj_out"):
            conv(f"{name}.{part}", channels, channels, 1)

    def middle(name, channels):
        residual(name + ".0", channels, channels), attention(name + ".1", channels), residual(name + ".2", channels, channels)

    top, last = size.channels * size.multipliers[-1], len(size.multipliers) - 1
    for side, multipliers, blocks in (("encoder", size.multipliers, 2), ("decoder", size.multipliers[::-1], 3)):
        channels = size.channels if side == "encoder" else top
        conv(f"{side}.conv_in", 3 if side == "encoder" else size.latent, channels, 3)
        for stage, multiplier in enumerate(multipliers):
            for block in range(blocks):
                residual(f"{side}.conv_blocks.{stage}.res.{block}", channels, size.channels * multiplier)
                channels = size.channels * multiplier
                if stage == (last if side == "encoder" else 0):
                    attention(f"{side}.conv_blocks.{stage}.attn.{block}", channels)
            if stage != last:
                kind = "downsample" if side == "encoder" else "upsample"
                conv(f"{side}.conv_blocks.{stage}.{kind}.conv", channels, channels, 3)
        middle(f"{side}.mid", top), norm(f"{side}.norm_out", channels)
        conv(f"{side}.conv_out", channels, size.latent if side == "encoder" else 3, 3)
    conv("quant_conv", size.latent, size.code_dim, 1), conv("post_quant_conv", size.code_dim, size.latent, 1)
    w["quantize.embedding.weight"] = F.normalize(torch.randn(size.vocab, size.code_dim, generator=g))
    return w


def write_model(size, folder, arpg):
    """Writes a model with random weights: not at all, or all of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    g = torch.Generator().manual_seed(0)
    parts = {"decoder": decoder_weights(size, g), "tokenizer": tokenizer_weights(size, g)}
    arguments, files = [], []
    for part, weights in parts.items():
        files.append(folder.parent / f"{part}.pt")
        torch.save({"model": weights}, files[-1])
        arguments += [f"--{part}", files[-1]]
    written = folder.parent / f"{folder.name}.new"
    subprocess.run([arpg, "convert", *arguments, "--heads", str(size.heads), "-o", written, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    for file in files:
        file.unlink()
    os.rename(written, folder)


def read(path, convert, without=None):
    """The tensors of a safetensors file of 32-bit floats, read and converted one by one; not those of one prefix."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        begin, tensors = file.tell(), {}
        for name, entry in header.items():
            if name == "__metadata__" or without and name.startswith(without):
                continue
            if entry["dtype"] != "F32":
                raise SystemExit(f"{path}: {name} is {entry['dtype']}, expected F32; remove the folder to write it anew")
            first, end = entry["data_offsets"]
            file.seek(begin + first)
            tensor = torch.frombuffer(bytearray(file.read(end - first)), dtype=torch.float32)
            tensors[name] = convert(name, tensor.reshape(entry["shape"]))
    return tensors


if __name__ == "__main__":
    write_model(SIZES[sys.argv[1]], Path(sys.argv[2]), sys.argv[3])
