"""Times ARPG-L sampling with random weights: this package against the same arithmetic in PyTorch, turn by turn.

    pip install torch
    swift build -c release --product arpg
    python Benchmarks/pytorch_peer.py [--runs 3] [--threads 2]

Writes the weights once (1.6 GB) below --folder. PyTorch is timed without loading, this package with everything: process
start, loading, decoding, tokenizer and writing the picture. Prints seconds and the ratio of medians.
"""

import argparse
import math
import statistics
import subprocess
import time
from pathlib import Path

import torch
import torch.nn.functional as F

DIM, LAYERS, HEADS, HIDDEN, VOCAB, CLASSES, GRID = 1024, 24, 16, 2816, 16384, 1000, 16
CHANNELS, MULTIPLIERS, LATENT, CODE_DIM = 128, (1, 1, 2, 2, 4), 256, 8


def decoder_weights(g):
    def matrix(rows, columns):
        return torch.randn(rows, columns, generator=g) * 0.02

    w = {"embeddings.weight": matrix(VOCAB + CLASSES + 3, DIM), "head.weight": matrix(VOCAB, DIM)}
    for name in ("layers.to_k", "layers.to_v"):
        w[name + ".weight"] = matrix(DIM, DIM)
    for name in ("layers.norm", "norm"):
        w[name + ".weight"] = torch.ones(DIM)
    for stack, names in (("self_dec", ("to_q", "to_k", "to_v", "proj")), ("cross_dec", ("to_q", "proj"))):
        for layer in range(LAYERS // 2):
            p = f"layers.{stack}.{layer}."
            for name in names:
                w[f"{p}attn.{name}.weight"] = matrix(DIM, DIM)
            for name, shape in (("w1", (HIDDEN, DIM)), ("w3", (HIDDEN, DIM)), ("w2", (DIM, HIDDEN))):
                w[f"{p}ffn.{name}.weight"] = matrix(*shape)
            w[p + "attn_norm.weight"], w[p + "ffn_norm.weight"] = torch.ones(DIM), torch.ones(DIM)
    return w


def tokenizer_weights(g):
    w = {}

    def conv(name, inputs, outputs, size):
        w[name + ".weight"] = torch.randn(outputs, inputs, size, size, generator=g) / math.sqrt(inputs * size * size)
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

    top, last = CHANNELS * MULTIPLIERS[-1], len(MULTIPLIERS) - 1
    for side, multipliers, blocks in (("encoder", MULTIPLIERS, 2), ("decoder", MULTIPLIERS[::-1], 3)):
        channels = CHANNELS if side == "encoder" else top
        conv(f"{side}.conv_in", 3 if side == "encoder" else LATENT, channels, 3)
        for stage, multiplier in enumerate(multipliers):
            for block in range(blocks):
                residual(f"{side}.conv_blocks.{stage}.res.{block}", channels, CHANNELS * multiplier)
                channels = CHANNELS * multiplier
                if stage == (last if side == "encoder" else 0):
                    attention(f"{side}.conv_blocks.{stage}.attn.{block}", channels)
            if stage != last:
                kind = "downsample" if side == "encoder" else "upsample"
                conv(f"{side}.conv_blocks.{stage}.{kind}.conv", channels, channels, 3)
        middle(f"{side}.mid", top), norm(f"{side}.norm_out", channels)
        conv(f"{side}.conv_out", channels, LATENT if side == "encoder" else 3, 3)
    conv("quant_conv", LATENT, CODE_DIM, 1), conv("post_quant_conv", CODE_DIM, LATENT, 1)
    w["quantize.embedding.weight"] = F.normalize(torch.randn(VOCAB, CODE_DIM, generator=g))
    return w


def norm(x, gain):
    return F.rms_norm(x, (DIM,), gain, 1e-5)


def heads(x):
    return x.unflatten(-1, (HEADS, -1)).transpose(1, 2)


def swiglu(x, w, p):
    return F.linear(F.silu(F.linear(x, w[p + "w1.weight"])) * F.linear(x, w[p + "w3.weight"]), w[p + "w2.weight"])


def rotary():
    quarter = DIM // HEADS // 4
    rates = 10000.0 ** (-torch.arange(quarter) / quarter)
    at = torch.arange(GRID)[:, None] * rates
    angles = torch.cat([at[:, None].expand(GRID, GRID, -1), at[None].expand(GRID, GRID, -1)], -1).flatten(0, 1)
    return torch.cat([torch.zeros(1, 2 * quarter, dtype=torch.cfloat), torch.polar(torch.ones_like(angles), angles)])


def turn(x, table):
    return torch.view_as_real(torch.view_as_complex(x.unflatten(-1, (-1, 2))) * table).flatten(-2)


def sizes(tokens, steps):
    done, result = 0, []
    for step in range(1, steps + 1):
        left = max(1, min(tokens - done - 1, int(tokens * math.acos(step / steps) * 2 / math.pi)))
        result.append(tokens - done - left if step < steps else tokens - done)
        done += result[-1]
    return [n for n in result if n]


@torch.inference_mode()
def sample(w, steps=64, scale=5.0):
    tokens = GRID * GRID
    order, table = torch.randperm(tokens), rotary()
    keys = torch.zeros(LAYERS // 2 + 1, 2, 2, HEADS, tokens + 1, DIM // HEADS)
    codes = torch.zeros(tokens, dtype=torch.long)
    ids = torch.tensor([[VOCAB + 1 + 207], [VOCAB + CLASSES + 1]])
    places, seen, done = torch.tensor([0]), 0, 0

    def cached(layer, k, v):
        keys[layer, 0, :, :, seen : seen + k.shape[2]] = k
        keys[layer, 1, :, :, seen : seen + k.shape[2]] = v
        return keys[layer, 0, :, :, : seen + k.shape[2]], keys[layer, 1, :, :, : seen + k.shape[2]]

    def attend(q, k, v):
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)

    for n in sizes(tokens, steps):
        target = order[done : done + n]
        x = w["embeddings.weight"][ids]
        for layer in range(LAYERS // 2):
            p = f"layers.self_dec.{layer}."
            y = norm(x, w[p + "attn_norm.weight"])
            q, k, v = (heads(F.linear(y, w[f"{p}attn.to_{part}.weight"])) for part in "qkv")
            k, v = cached(layer, turn(k, table[places]), v)
            x = x + F.linear(attend(turn(q, table[places]), k, v), w[p + "attn.proj.weight"])
            x = x + swiglu(norm(x, w[p + "ffn_norm.weight"]), w, p + "ffn.")
        y = norm(x, w["layers.norm.weight"])
        k = turn(heads(F.linear(y, w["layers.to_k.weight"])), table[places])
        k, v = cached(LAYERS // 2, k, heads(F.linear(y, w["layers.to_v.weight"])))
        z = w["embeddings.weight"][VOCAB].expand(2, n, -1)
        for layer in range(LAYERS // 2):
            p = f"layers.cross_dec.{layer}."
            q = turn(heads(F.linear(norm(z, w[p + "attn_norm.weight"]), w[p + "attn.to_q.weight"])), table[target + 1])
            z = z + F.linear(attend(q, k, v), w[p + "attn.proj.weight"])
            z = z + swiglu(norm(z, w[p + "ffn_norm.weight"]), w, p + "ffn.")
        conditional, free = F.linear(norm(z, w["norm.weight"]), w["head.weight"])
        codes[target] = torch.multinomial((free + (conditional - free) * scale).softmax(-1), 1)[:, 0]
        seen += ids.shape[1]
        ids, places, done = codes[target].expand(2, -1), target + 1, done + n
    return codes


@torch.inference_mode()
def decode(w, codes):
    def conv(x, name):
        weight = w[name + ".weight"]
        return F.conv2d(x, weight, w[name + ".bias"], padding=weight.shape[-1] // 2)

    def group(x, name):
        return F.group_norm(x, 32, w[name + ".weight"], w[name + ".bias"], 1e-6)

    def residual(x, name):
        y = conv(F.silu(group(x, name + ".norm1")), name + ".conv1")
        y = conv(F.silu(group(y, name + ".norm2")), name + ".conv2")
        return y + (conv(x, name + ".nin_shortcut") if name + ".nin_shortcut.weight" in w else x)

    def attention(x, name):
        y = group(x, name + ".norm")
        q, k, v = (conv(y, f"{name}.{part}").flatten(2).transpose(1, 2)[:, None] for part in "qkv")
        out = F.scaled_dot_product_attention(q, k, v)[:, 0].transpose(1, 2).reshape(x.shape)
        return x + conv(out, name + ".proj_out")

    x = w["quantize.embedding.weight"][codes].T.reshape(1, CODE_DIM, GRID, GRID)
    x = conv(conv(x, "post_quant_conv"), "decoder.conv_in")
    x = residual(attention(residual(x, "decoder.mid.0"), "decoder.mid.1"), "decoder.mid.2")
    for stage in range(len(MULTIPLIERS)):
        p = f"decoder.conv_blocks.{stage}"
        for block in range(3):
            x = residual(x, f"{p}.res.{block}")
            x = attention(x, f"{p}.attn.{block}") if stage == 0 else x
        if stage + 1 < len(MULTIPLIERS):
            x = conv(F.interpolate(x, scale_factor=2), p + ".upsample.conv")
    return conv(F.silu(group(x, "decoder.norm_out")), "decoder.conv_out")


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/arpg-benchmark"))
    parser.add_argument("--arpg", default=".build/release/arpg")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    g = torch.Generator().manual_seed(0)
    decoder, tokenizer = decoder_weights(g), tokenizer_weights(g)
    model = options.folder / "model"
    if not model.exists():
        options.folder.mkdir(parents=True, exist_ok=True)
        paths = {"--decoder": decoder, "--tokenizer": tokenizer}
        arguments = []
        for option, weights in paths.items():
            path = options.folder / (option[2:] + ".pt")
            torch.save({"model": weights}, path)
            arguments += [option, str(path)]
        subprocess.run([options.arpg, "convert", *arguments, "-o", str(model), "--quiet"], check=True)
        for option in paths:
            (options.folder / (option[2:] + ".pt")).unlink()
    command = [options.arpg, "sample", "--model", str(model), "--class", "207", "--quiet"]
    command += ["--threads", str(options.threads), "-o", str(options.folder / "out.png")]
    decode(tokenizer, sample(decoder, steps=2))
    peer, ours = [], []
    for run in range(options.runs):
        decoding, codes = timed(lambda: sample(decoder))
        picture, _ = timed(lambda: decode(tokenizer, codes))
        whole, _ = timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
        peer.append(decoding + picture), ours.append(whole)
        print(f"run {run + 1}: PyTorch {decoding:.2f} s + tokenizer {picture:.2f} s; arpg, all included {whole:.2f} s", flush=True)
    print(f"medians: PyTorch {statistics.median(peer):.2f} s, arpg {statistics.median(ours):.2f} s; "
          f"ratio {statistics.median(peer) / statistics.median(ours):.2f}; {options.threads} threads, torch {torch.__version__}")


if __name__ == "__main__":
    main()
