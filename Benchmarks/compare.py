"""Times ARPG's decoder and tokenizer with random weights: this package against the same arithmetic in PyTorch, run by run in turn.

    pip install torch
    swift build -c release --product arpg
    python Benchmarks/compare.py [--runs 3] [--threads 2] [--precisions f32,bf16,int8] [--batches 1,8] [--json OUT]

Writes the weights once (1.6 GB, and those of lower precision) below --folder. Every run is a process of its own on either side; neither loading nor a first few
steps count. PyTorch runs without gradients, with fused attention, a cache that is allocated once, and for every precision and batch
the fastest of its ways here: weights laid out by oneDNN or not, its engines for 8 bits, convolutions with channels last or not,
images together or one by one. bf16 there is that of weights and activations, in the tokenizer too; int8 is dynamic quantisation of
linear layers with a scale for each output. `--size tiny` checks all of this in a minute.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def numbers(text):
    return [int(word) for word in text.split(",")]


def words(text):
    found = text.split(",")
    if unknown := [word for word in found if word not in ("f32", "bf16", "int8")]:
        raise argparse.ArgumentTypeError(f"'{unknown[0]}' is none of f32, bf16, int8")
    return found


def output(command):
    """The JSON that a process prints."""
    return json.loads(subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE).stdout)


def packed(options, model, precision):
    """The model with its decoder stored in a precision, written once."""
    if precision == "f32":
        return model
    folder = model.with_name(f"{model.name}-{precision}")
    if not folder.exists():
        subprocess.run([options.arpg, "convert", "--pack", model, "--precision", precision, "-o", folder, "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)
    return folder


def ours(options, model, precision, batch):
    model = packed(options, model, precision)
    found = output([options.arpg, "bench", "--model", model, "--precision", precision, "--batch", batch, "--runs", 1,
                    "--steps", options.steps, "--threads", options.threads, "--json", "--quiet"])
    row = found["rows"][0]
    return {"decoder": row["decoder"]["seconds"], "tokenizer": row["tokenizer"]["seconds"],
            "peak_bytes": row["peak_bytes"], "machine": {key: found[key] for key in ("processor", "simd", "peaks")}}


def peer(options, model, precision, batch, *more):
    return output([sys.executable, HERE / "pytorch_sampler.py", model, "--size", options.size, "--precision", precision,
                   "--batch", batch, "--steps", options.steps, "--threads", options.threads, *more])


def spread(runs, part, images):
    """The median of a part's seconds an image, and its text with the least and the most."""
    values = [run[part] / images for run in runs]
    median = statistics.median(values)
    return median, f"{median:.3f} ({min(values):.3f} - {max(values):.3f})"


def table(results):
    yield "| precision | batch | seconds an image | arpg | PyTorch | ratio | arpg, MB | PyTorch, MB |"
    yield "|---|--:|---|--:|--:|--:|--:|--:|"
    for result in results:
        for run in result["arpg"] + result["pytorch"]:
            run["both"] = run["decoder"] + run["tokenizer"]
        for part in ("decoder", "tokenizer", "both"):
            (a, own), (b, other) = (spread(result[side], part, result["batch"]) for side in ("arpg", "pytorch"))
            memory = (max(run["peak_bytes"] for run in result[side]) / 1e6 for side in ("arpg", "pytorch"))
            cells = " | ".join(f"{value:.0f}" if part == "both" else "" for value in memory)
            yield f"| {result['precision']} | {result['batch']} | {part} | {own} | {other} | {b / a:.2f} | {cells} |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=64)
    parser.add_argument("--precisions", type=words, default=["f32", "bf16", "int8"])
    parser.add_argument("--batches", type=numbers, default=[1, 8])
    parser.add_argument("--size", choices=("arpg-l", "tiny"), default="arpg-l")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/arpg-benchmark"))
    parser.add_argument("--arpg", default=".build/release/arpg")
    parser.add_argument("--json", type=Path, help="where all runs are written")
    options = parser.parse_args()
    model = options.folder / options.size
    if not model.exists():
        # In a process of its own: what this one holds would count as memory of those that it starts.
        subprocess.run([sys.executable, HERE / "random_weights.py", options.size, model, options.arpg], check=True)
    results = []
    for precision in options.precisions:
        for batch in options.batches:
            ways = peer(options, model, precision, batch, "--choose")
            result = {"precision": precision, "batch": batch, "ways": ways, "arpg": [], "pytorch": []}
            for run in range(options.runs):
                result["arpg"].append(ours(options, model, precision, batch))
                result["pytorch"].append(
                    peer(options, model, precision, batch, "--linear", ways["linear"], "--images", ways["images"]))
                a, b = result["arpg"][-1], result["pytorch"][-1]
                print(f"{precision} x {batch}, run {run + 1}: decoder and tokenizer {a['decoder']:.2f} + {a['tokenizer']:.2f} s, "
                      f"PyTorch {b['decoder']:.2f} + {b['tokenizer']:.2f} s ({ways['linear']}; {ways['images']})",
                      file=sys.stderr, flush=True)
            results.append(result)
    last = results[-1]
    machine = last["arpg"][-1]["machine"]
    peaks = machine["peaks"]
    print(f"{machine['processor']}, {machine['simd']}, {options.threads} threads; it reads {peaks['gigabytes_per_second']:.1f} GB/s "
          f"and computes {peaks['gigaflops']:.0f} GFLOP/s in 32 bits; torch {last['pytorch'][-1]['torch']}")
    print(f"{options.size}, {options.steps} steps, medians of {options.runs} runs (least - most); "
          "a ratio above 1: arpg is so many times as fast\n")
    print(*table(results), sep="\n")
    if options.json:
        options.json.write_text(json.dumps({"threads": options.threads, "steps": options.steps, "results": results}, indent=1))


if __name__ == "__main__":
    main()
