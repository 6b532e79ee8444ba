"""Times training steps of the starter's tokenizer and decoder: this package against the same step in PyTorch, turn by turn.

    pip install torch safetensors
    swift build -c release --product arpg
    python Benchmarks/pytorch_training_peer.py [--runs 3] [--threads 2]

Both take AdamW, 32-bit floats and the same batch; the decoder trains along with edges and depth, each given for half of
the samples: by lot here, turn by turn in PyTorch. This package's figure includes reading and augmenting its data, PyTorch's is computed on tensors at hand. Prints
samples a second, the most memory of either process, and the ratio of medians.
"""

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

BATCH = {"tokenizer": 8, "decoder": 16}
SCENES = 64
RECIPES = Path(__file__).resolve().parent.parent / "recipes" / "starter"
STEPS = 8


def settings(kind, folder):
    common = ["--set", f"batch={BATCH[kind]}", "--set", "optimizer=adamw", "--set", "ema=0", "--set", "warmup=0",
              "--set", "log_every=2", "--set", "sample_every=0", "--set", "checkpoint_every=100000", "--quiet"]
    if kind == "tokenizer":
        return ["--data", folder / "scenes", "--recipe", RECIPES / "tokenizer.json", "--set", "quantization_warmup=1"] + common
    return ["--data", folder / "data", "--recipe", RECIPES / "decoder.json", "--set", "mixture={\"canny\": 1, \"depth\": 1}",
            "--set", "mixture_without_class={}"] + common


def prepare(arpg, folder):
    if not (folder / "data").exists():
        subprocess.run([arpg, "data", "scenes", "-o", folder / "scenes", "--count", str(SCENES), "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run([arpg, "data", "prepare", folder / "scenes", "-o", folder / "data", "--adapters", "canny,depth",
                        "--quiet"], check=True, stdout=subprocess.DEVNULL)


def train(arpg, kind, folder, threads):
    """Samples a second of the steps behind the first two, and the peak memory of the process in bytes."""
    run = folder / f"run-{kind}"
    subprocess.run(["rm", "-rf", run], check=True)
    command = [arpg, "train", kind, "-o", run, "--steps", str(STEPS + 2), "--threads", str(threads)]
    child = subprocess.Popen(command + settings(kind, folder), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"{kind}: arpg ended with {status}")
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    seconds = [line["step"] * BATCH[kind] / line["samples_per_second"] for line in lines]
    return STEPS * BATCH[kind] / (seconds[-1] - seconds[0]), usage.ru_maxrss * 1024


def peer(kind, folder, threads):
    """The same in a process of its own that runs this file."""
    child = subprocess.run([sys.executable, __file__, "--peer", kind, "--folder", folder, "--threads", str(threads)],
                           check=True, capture_output=True, text=True)
    rate, memory = child.stdout.split()
    return float(rate), int(memory)


def run_peer(kind, folder, threads):
    import torch
    import torch.nn.functional as F
    from safetensors.torch import load_file

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = folder / f"run-{kind}" / "model"

    def conv(x, w, p, stride=1, padding=None):
        return F.conv2d(x, w[p + ".weight"], w[p + ".bias"], stride, w[p + ".weight"].shape[-1] // 2 if padding is None else padding)

    def tokenizer_loss(w, images, sizes):
        groups, patch, stages = sizes["groups"], sizes["patch"], len(sizes["multipliers"])

        def norm(x, p):
            return F.group_norm(x, groups, w[p + ".weight"], w[p + ".bias"], 1e-6)

        def residual(x, p):
            y = conv(F.silu(norm(x, p + ".norm1")), w, p + ".conv1")
            y = conv(F.silu(norm(y, p + ".norm2")), w, p + ".conv2")
            return (conv(x, w, p + ".nin_shortcut") if p + ".nin_shortcut.weight" in w else x) + y

        def middle(x, p):
            x = residual(x, p + ".0")
            q, k, v = (conv(norm(x, p + ".1.norm"), w, f"{p}.1.{n}").flatten(2).transpose(1, 2) for n in "qkv")
            y = F.scaled_dot_product_attention(q[:, None], k[:, None], v[:, None])[:, 0].transpose(1, 2).reshape(x.shape)
            return residual(x + conv(y, w, p + ".1.proj_out"), p + ".2")

        x = conv(F.pixel_unshuffle(images, patch), w, "encoder.conv_in")
        for i in range(stages):
            for j in range(sizes["blocks"]):
                x = residual(x, f"encoder.conv_blocks.{i}.res.{j}")
            if i < stages - 1:
                x = conv(F.pad(x, (0, 1, 0, 1)), w, f"encoder.conv_blocks.{i}.downsample.conv", 2, 0)
        x = conv(F.silu(norm(middle(x, "encoder.mid"), "encoder.norm_out")), w, "encoder.conv_out")
        z = F.normalize(conv(x, w, "quant_conv"), dim=1)
        book = F.normalize(w["quantize.embedding.weight"].detach(), dim=-1)
        nearest = book[torch.einsum("bchw,nc->bhwn", z.detach(), book).argmax(-1)].permute(0, 3, 1, 2)
        x = conv(conv(z + (nearest - z).detach(), w, "post_quant_conv"), w, "decoder.conv_in")
        x = middle(x, "decoder.mid")
        for i in range(stages):
            for j in range(sizes["blocks"] + 1):
                x = residual(x, f"decoder.conv_blocks.{i}.res.{j}")
            if i < stages - 1:
                x = conv(F.interpolate(x, scale_factor=2), w, f"decoder.conv_blocks.{i}.upsample.conv")
        error = F.pixel_shuffle(conv(F.silu(norm(x, "decoder.norm_out")), w, "decoder.conv_out"), patch) - images
        luma = 0.299 * error[:, 0] + 0.587 * error[:, 1] + 0.114 * error[:, 2]
        slopes = luma.diff(dim=1).abs().sum() + luma.diff(dim=2).abs().sum()
        chroma = (error[:, 2] - luma).abs().mean() * 0.564 + (error[:, 0] - luma).abs().mean() * 0.713
        return error.square().mean() + luma.abs().mean() + slopes / luma.numel() + chroma + 0.25 * (z - nearest).square().mean()

    def encoder_tokens(w, images, p, sizes):
        x, last = images, len([n for n in w if n.startswith(p + "embeddings.stem.") and n.endswith(".weight")]) - 1
        for i in range(last + 1):
            x = x if i == 0 else F.gelu(x)
            name = f"{p}embeddings.stem.{i}"
            x = conv(x, w, name) if i == last else conv(F.pad(x, (0, 1, 0, 1)), w, name, 2, 0)
        x = x.flatten(2).transpose(1, 2) + w[p + "embeddings.position_embeddings"]

        def affine(x, name):
            return F.linear(x, w[name + ".weight"], w[name + ".bias"])

        def norm(x, name):
            return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], 1e-12)

        for i in range(sizes["layers"]):
            q = f"{p}encoder.layer.{i}."
            y = norm(x, q + "layernorm_before")
            heads = (affine(y, f"{q}attention.attention.{n}").unflatten(-1, (sizes["heads"], -1)).transpose(1, 2)
                     for n in ("query", "key", "value"))
            x = x + affine(F.scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2), q + "attention.output.dense")
            y = F.gelu(affine(norm(x, q + "layernorm_after"), q + "intermediate.dense"))
            x = x + affine(y, q + "output.dense")
        return norm(x, p + "layernorm")

    def condition(w, images, p, sizes):
        def mlp(x, name):
            return F.linear(F.gelu(F.linear(x, w[f"{name}.fc1.weight"]), approximate="tanh"), w[f"{name}.fc2.weight"])

        shared = mlp(mlp(encoder_tokens(w, images, p + "encoder.", sizes), p + "adapter_mlp"), p + "condition_mlp")
        return [mlp(shared, f"{p}condition_layers.{i}") for i in range(len(sizes["inject"]))]

    def decoder_loss(w, codes, labels, orders, controls, sizes, adapters):
        dim, heads, half = sizes["dim"], sizes["heads"], sizes["layers"] // 2
        grid = math.isqrt(codes.shape[1])
        quarter = dim // heads // 4
        at = torch.arange(grid)[:, None] * 10000.0 ** (-torch.arange(quarter) / quarter)
        angles = torch.cat([at[:, None].expand(grid, grid, -1), at[None].expand(grid, grid, -1)], -1).flatten(0, 1)
        table = torch.polar(torch.ones_like(angles), angles)[orders]
        keys = torch.cat([torch.zeros_like(table[:, :1]), table[:, :-1]], 1)
        shuffled = codes.gather(1, orders)
        ids = torch.cat([labels[:, None], shuffled[:, :-1]], 1)

        def norm(x, name):
            return F.rms_norm(x, (dim,), w[name + ".weight"], 1e-5)

        def split(x):
            return x.unflatten(-1, (heads, -1))

        def turn(x, table):
            return torch.view_as_real(torch.view_as_complex(x.unflatten(-1, (-1, 2))) * table[:, :, None]).flatten(-2)

        def attend(q, k, v):
            q, k, v = (t.transpose(1, 2) for t in (q, k, v))
            return F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)

        def feed(x, p):
            y = norm(x, p + "ffn_norm")
            gate = F.silu(F.linear(y, w[p + "ffn.w1.weight"])) * F.linear(y, w[p + "ffn.w3.weight"])
            return x + F.linear(gate, w[p + "ffn.w2.weight"])

        added = {}
        for (name, images), rows in zip(controls.items(), (slice(0, None, 2), slice(1, None, 2))):
            tokens = condition(w, images[rows], f"{name}.", adapters[name])
            for layer, token in zip(adapters[name]["inject"], tokens):
                spread = torch.zeros(codes.shape[0], *token.shape[1:])
                spread[rows] = token
                added[layer] = added.get(layer, 0) + spread.gather(1, orders[..., None].expand_as(spread))

        x = w["embeddings.weight"][ids]
        for i in range(half):
            p = f"layers.self_dec.{i}."
            y = norm(x, p + "attn_norm")
            q, k, v = (split(F.linear(y, w[f"{p}attn.{n}.weight"])) for n in ("to_q", "to_k", "to_v"))
            x = feed(x + F.linear(attend(turn(q, keys), turn(k, keys), v), w[p + "attn.proj.weight"]), p)
        y = norm(x, "layers.norm")
        k, v = turn(split(F.linear(y, w["layers.to_k.weight"])), keys), split(F.linear(y, w["layers.to_v.weight"]))
        z = w["embeddings.weight"][sizes["vocab"]].expand(*ids.shape, -1)
        for i in range(half):
            p = f"layers.cross_dec.{i}."
            z = z + added[i] if i in added else z
            q = split(F.linear(norm(z, p + "attn_norm"), w[p + "attn.to_q.weight"]))
            z = feed(z + F.linear(attend(turn(q, table), k, v), w[p + "attn.proj.weight"]), p)
        return F.cross_entropy(F.linear(norm(z, "norm"), w["head.weight"]).flatten(0, 1), shuffled.flatten())

    description = json.loads((model / "model.json").read_text())
    weights = load_file(model / f"{kind}.safetensors")
    batch, size = BATCH[kind], description["image_size"]
    images = torch.rand(batch, 3, size, size) * 2 - 1
    if kind == "decoder":
        half = description["decoder"]["layers"] // 2
        adapters = {name: {"inject": [0, half // 3, 2 * (half // 3)]} | a["configuration"]
                    for name, a in description["adapters"].items()}
        for name, adapter in description["adapters"].items():
            weights |= {f"{name}.{n}": t for n, t in load_file(model / adapter["file"]).items()}
        sizes = description["decoder"]
    parameters = {n: t.float().requires_grad_(n != "quantize.embedding.weight") for n, t in weights.items()}
    optimizer = torch.optim.AdamW([t for t in parameters.values() if t.requires_grad], lr=1e-4, betas=(0.9, 0.95))

    def step():
        optimizer.zero_grad()
        if kind == "tokenizer":
            loss = tokenizer_loss(parameters, images, description["tokenizer"])
        else:
            codes = torch.randint(0, sizes["vocab"], (batch, sizes["tokens"]))
            labels = torch.randint(0, sizes["classes"], (batch,)) + sizes["vocab"] + 1
            orders = torch.stack([torch.randperm(sizes["tokens"]) for _ in range(batch)])
            loss = decoder_loss(parameters, codes, labels, orders, {name: images for name in adapters}, sizes, adapters)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([t for t in parameters.values() if t.requires_grad], 1)
        optimizer.step()

    for _ in range(2):
        step()
    start = time.perf_counter()
    for _ in range(STEPS):
        step()
    print(STEPS * batch / (time.perf_counter() - start), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--arpg", default=".build/release/arpg")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/arpg-training-peer"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", choices=BATCH)
    parser.add_argument("--peer", choices=BATCH, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return run_peer(options.peer, options.folder, options.threads)
    options.folder.mkdir(parents=True, exist_ok=True)
    prepare(options.arpg, options.folder)
    for kind in [options.only] if options.only else BATCH:
        ours, theirs = [], []
        for _ in range(options.runs):
            ours.append(train(options.arpg, kind, options.folder, options.threads))
            theirs.append(peer(kind, options.folder, options.threads))
        mine, other = (statistics.median(r for r, _ in results) for results in (ours, theirs))
        gigabytes = [max(m for _, m in results) / 1e9 for results in (ours, theirs)]
        print(f"{kind}, batch {BATCH[kind]}, {options.threads} threads: {mine:.1f} samples/s in {gigabytes[0]:.2f} GB; "
              f"PyTorch {other:.1f} in {gigabytes[1]:.2f} GB; ratio {mine / other:.2f}")


if __name__ == "__main__":
    main()
