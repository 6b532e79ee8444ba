"""ARPG's sampling and its tokenizer in PyTorch, as a process of its own that compare.py starts.

    python Benchmarks/pytorch_sampler.py MODEL --precision bf16 --batch 8 [--linear onednn --images one-by-one]

Prints a JSON object: the seconds of decoder and tokenizer for the batch, and the most memory of the process; with --choose
instead which of its ways are the fastest here.
"""

import argparse
import json
import math
import resource
import time
import warnings
from pathlib import Path

import torch
import torch.nn.functional as F
from random_weights import SIZES, read

# How linear layers and convolutions may be computed; --choose times all of them.
LINEAR = {"f32": ("plain", "onednn"), "bf16": ("plain", "onednn"), "int8": ("fbgemm", "x86", "onednn")}
IMAGES = ("one-by-one", "one-by-one, channels last", "together", "together, channels last")


def linear(weight, kind):
    """A linear layer without bias, its weights laid out once."""
    if kind == "plain":
        return lambda x: F.linear(x, weight)
    if kind == "onednn" and weight.dtype != torch.qint8:
        packed = torch.ops.mkldnn._reorder_linear_weight(weight)
        return lambda x: torch.ops.mkldnn._linear_pointwise(x, packed, None, "none", [], "")
    packed = torch.ops.quantized.linear_prepack(weight, None)
    return lambda x: torch.ops.quantized.linear_dynamic(x, packed)


def quantized(weight):
    """A matrix in 8 bits, with a scale for each of its rows."""
    warnings.filterwarnings("ignore", "torch.quantize_per_tensor")  # These tensors are deprecated; their products are not replaced.
    scales = (weight.abs().amax(1) / 127).clamp_min(1e-12).double()
    return torch.quantize_per_channel(weight, scales, torch.zeros(len(scales), dtype=torch.long), 0, torch.qint8)


class Decoder:
    """The two passes of ARPG (arXiv 2503.10568), with a cache that is allocated once."""

    def __init__(self, size, path, precision, kind):
        self.size, self.dtype = size, torch.bfloat16 if precision == "bf16" else torch.float32
        if precision == "int8":
            torch.backends.quantized.engine = kind

        def convert(name, tensor):
            if tensor.dim() == 2 and not name.startswith("embeddings"):
                return linear(quantized(tensor) if precision == "int8" else tensor.to(self.dtype), kind)
            return tensor.to(self.dtype)

        self.w = {name.removesuffix(".weight"): value for name, value in read(path, convert).items()}
        quarter = size.dim // size.heads // 4
        at = torch.arange(size.grid)[:, None] * 10000.0 ** (-torch.arange(quarter) / quarter)
        grid = (size.grid, size.grid, -1)
        angles = torch.cat([at[:, None].expand(grid), at[None].expand(grid)], -1).flatten(0, 1)
        self.table = torch.cat(
            [torch.zeros(1, 2 * quarter, dtype=torch.cfloat), torch.polar(torch.ones_like(angles), angles)])

    def norm(self, x, name):
        return F.rms_norm(x, (self.size.dim,), self.w[name], 1e-5)

    def heads(self, x):
        return x.unflatten(-1, (self.size.heads, -1)).transpose(1, 2)

    def turn(self, x, places):
        turned = torch.view_as_complex(x.float().unflatten(-1, (-1, 2))) * self.table[places]
        return torch.view_as_real(turned).flatten(-2).to(self.dtype)

    def feed_forward(self, x, p):
        return self.w[p + "w2"](F.silu(self.w[p + "w1"](x)) * self.w[p + "w3"](x))

    def attend(self, q, k, v):
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)

    def sample(self, batch, steps, limit=None, scale=5.0):
        """The codes of some images; of only the first steps where there is a limit."""
        size, w, tokens, half = self.size, self.w, self.size.grid**2, self.size.layers // 2
        order = torch.randperm(tokens)
        cache = torch.zeros(half + 1, 2, 2 * batch, size.heads, tokens + 1, size.dim // size.heads, dtype=self.dtype)
        codes = torch.zeros(batch, tokens, dtype=torch.long)
        first = size.vocab + 1 + torch.arange(batch) % size.classes
        ids = torch.cat([first, torch.full((batch,), size.vocab + size.classes + 1)])[:, None]
        places, seen, done = torch.tensor([0]), 0, 0

        def cached(layer, k, v):
            end = seen + k.shape[2]
            cache[layer, 0, :, :, seen:end], cache[layer, 1, :, :, seen:end] = k, v
            return cache[layer, 0, :, :, :end], cache[layer, 1, :, :, :end]

        for n in step_sizes(tokens, steps)[:limit]:
            target = order[done : done + n]
            x = w["embeddings"][ids]
            for layer in range(half):
                p = f"layers.self_dec.{layer}."
                y = self.norm(x, p + "attn_norm")
                q, k, v = (self.heads(w[f"{p}attn.to_{part}"](y)) for part in "qkv")
                k, v = cached(layer, self.turn(k, places), v)
                x = x + w[p + "attn.proj"](self.attend(self.turn(q, places), k, v))
                x = x + self.feed_forward(self.norm(x, p + "ffn_norm"), p + "ffn.")
            y = self.norm(x, "layers.norm")
            k, v = self.turn(self.heads(w["layers.to_k"](y)), places), self.heads(w["layers.to_v"](y))
            k, v = cached(half, k, v)
            z = w["embeddings"][size.vocab].expand(2 * batch, n, -1)
            for layer in range(half):
                p = f"layers.cross_dec.{layer}."
                q = self.turn(self.heads(w[p + "attn.to_q"](self.norm(z, p + "attn_norm"))), target + 1)
                z = z + w[p + "attn.proj"](self.attend(q, k, v))
                z = z + self.feed_forward(self.norm(z, p + "ffn_norm"), p + "ffn.")
            conditional, free = w["head"](self.norm(z, "norm")).float().chunk(2)
            chances = (free + (conditional - free) * scale).softmax(-1).flatten(0, 1)
            codes[:, target] = torch.multinomial(chances, 1).view(batch, n)
            seen += ids.shape[1]
            ids, places, done = codes[:, target].repeat(2, 1), target + 1, done + n
        return codes


def step_sizes(tokens, steps):
    """The arccos schedule."""
    done, result = 0, []
    for step in range(1, steps + 1):
        left = max(1, min(tokens - done - 1, int(tokens * math.acos(step / steps) * 2 / math.pi)))
        result.append(tokens - done - left if step < steps else tokens - done)
        done += result[-1]
    return [n for n in result if n]


class Tokenizer:
    """The decoder of the VQ tokenizer of LlamaGen (arXiv 2406.06525)."""

    def __init__(self, size, path, precision, kind):
        self.size, self.kind, self.last = size, kind, kind.endswith("channels last")

        def convert(name, tensor):
            tensor = tensor.to(torch.bfloat16 if precision == "bf16" else torch.float32)
            return tensor.to(memory_format=torch.channels_last) if self.last and tensor.dim() == 4 else tensor

        self.w = read(path, convert, without="encoder.")

    def conv(self, x, name):
        weight = self.w[name + ".weight"]
        return F.conv2d(x, weight, self.w[name + ".bias"], padding=weight.shape[-1] // 2)

    def norm(self, x, name):
        return F.group_norm(x, 32, self.w[name + ".weight"], self.w[name + ".bias"], 1e-6)

    def residual(self, x, name):
        y = self.conv(F.silu(self.norm(x, name + ".norm1")), name + ".conv1")
        y = self.conv(F.silu(self.norm(y, name + ".norm2")), name + ".conv2")
        return y + (self.conv(x, name + ".nin_shortcut") if name + ".nin_shortcut.weight" in self.w else x)

    def attention(self, x, name):
        y = self.norm(x, name + ".norm")
        q, k, v = (self.conv(y, f"{name}.{part}").flatten(2).transpose(1, 2)[:, None] for part in "qkv")
        out = F.scaled_dot_product_attention(q, k, v)[:, 0].transpose(1, 2).reshape(x.shape)
        return x + self.conv(out, name + ".proj_out")

    def decode(self, codes):
        parts = [codes] if self.kind.startswith("together") else codes.split(1)
        return torch.cat([self.images(part) for part in parts])

    def images(self, codes):
        side, stages = self.size.grid, len(self.size.multipliers)
        x = self.w["quantize.embedding.weight"][codes].transpose(1, 2).reshape(len(codes), -1, side, side)
        if self.last:
            x = x.to(memory_format=torch.channels_last)
        x = self.conv(self.conv(x, "post_quant_conv"), "decoder.conv_in")
        x = self.residual(x, "decoder.mid.0")
        x = self.residual(self.attention(x, "decoder.mid.1"), "decoder.mid.2")
        for stage in range(stages):
            p = f"decoder.conv_blocks.{stage}"
            for block in range(3):
                x = self.residual(x, f"{p}.res.{block}")
                x = self.attention(x, f"{p}.attn.{block}") if stage == 0 else x
            if stage + 1 < stages:
                x = self.conv(F.interpolate(x, scale_factor=2), p + ".upsample.conv")
        return self.conv(F.silu(self.norm(x, "decoder.norm_out")), "decoder.conv_out")


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def fastest(kinds, make):
    """The kind whose work is the fastest, by the better of two tries behind a first one."""
    times = {}
    for kind in kinds:
        work = make(kind)
        work()
        times[kind] = min(seconds(work) for _ in range(2))
    return min(times, key=times.get)


def choose(options, size):
    """The fastest ways, by the first steps of sampling and by at most two images."""
    codes = torch.randint(size.vocab, (min(2, options.batch), size.grid**2))

    def sampling(kind):
        decoder = Decoder(size, options.model / "decoder.safetensors", options.precision, kind)
        return lambda: decoder.sample(options.batch, options.steps, limit=16)

    def decoding(kind):
        tokenizer = Tokenizer(size, options.model / "tokenizer.safetensors", options.precision, kind)
        return lambda: tokenizer.decode(codes)

    images = IMAGES if options.batch > 1 else IMAGES[:2]
    return {"linear": fastest(LINEAR[options.precision], sampling), "images": fastest(images, decoding)}


@torch.inference_mode()
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("--size", default="arpg-l", choices=SIZES)
    parser.add_argument("--precision", default="f32", choices=LINEAR)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--steps", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--linear")
    parser.add_argument("--images", default=IMAGES[0], choices=IMAGES)
    parser.add_argument("--choose", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    size = SIZES[options.size]
    if options.choose:
        return print(json.dumps(choose(options, size)))
    kind = options.linear or LINEAR[options.precision][0]
    decoder = Decoder(size, options.model / "decoder.safetensors", options.precision, kind)
    tokenizer = Tokenizer(size, options.model / "tokenizer.safetensors", options.precision, options.images)
    codes = decoder.sample(options.batch, options.steps, limit=2)
    tokenizer.decode(codes)
    result = {"decoder": seconds(lambda: codes.copy_(decoder.sample(options.batch, options.steps)))}
    result["tokenizer"] = seconds(lambda: tokenizer.decode(codes))
    result["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(result | {"torch": torch.__version__}))


if __name__ == "__main__":
    main()
