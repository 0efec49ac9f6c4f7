"""ConvScope's complete report beside its peers, in one run and one table.

    python benchmarks/static_analysis.py [--quick] [--models resnet50,vgg16] [--repeats 5]

Every call is timed in turns with the others in one process; the figures are medians. Each library is
warmed up on a small network; ConvScope's first call on a model is shown as "first", and does not count
among the others. ``analyze`` gets
the model of the zoo without weights; torchinfo, fvcore and torchlens get a real one on the CPU, as
their users give them, and run it. The last part measures the peak memory of fresh processes.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from functools import partial
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch
from torch import nn

import models
from benchmarks.cifar_resnet import CIFAR_RESNETS
from benchmarks.contenders import ON_CPU, ON_META, Subject, subject
from benchmarks.measuring import (
    geometric_mean,
    interleaved_ms,
    log_log_slope,
    medians,
    peak_memory_bytes,
)

AIMS = {"bare": 1.6, "torchinfo": 0.5, "fvcore": 0.1, "torchlens": 0.02}
MEMORY_AIM = 0.2
SLOPE_AIM = 1.05
QUICK = ("alexnet", "resnet50", "googlenet", "mobilenet_v3_small", "densenet121", "convnext_tiny", "swin_t")
ON_TORCHLENS = ("alexnet", "resnet50", "googlenet", "mobilenet_v2", "densenet121")
LARGEST = "regnet_y_128gf"
COLUMNS = ("ConvScope", "bare", "torchinfo", "fvcore", "torchlens")


def main() -> None:
    """Measure and print."""
    options = _options()
    if options.busy:
        torch.set_num_threads(1)
    names = (
        options.models.split(",")
        if options.models
        else [*(QUICK if options.quick else models.names("torchvision"))]
    )
    if not options.models:
        names += [name for name in CIFAR_RESNETS if not (options.quick and name == "resnet1202")]
    print(_environment(options.repeats, "processor time" if options.busy else "wall time"))
    print(f"{'milliseconds':24}{'first':>9}" + "".join(f"{name:>11}" for name in COLUMNS), end="")
    print("   ConvScope : " + " : ".join(AIMS))
    _warm_up(options.peers.split(","))
    results = {name: _measure(subject(name), options) for name in names}
    _print_means(results)
    _print_growth(results)
    if not options.models:
        _print_memory()


def _warm_up(peers: list[str]) -> None:
    for name, run in {**ON_META, **ON_CPU}.items():
        if name in ON_META or name in peers:
            small = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(288, 4))
            run(small.to("meta") if name in ON_META else small, (3, 8, 8))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--models", help="names separated by commas instead of the whole zoo")
    parser.add_argument("--repeats", type=int, default=5, help="timed calls of each (default 5)")
    parser.add_argument(
        "--busy",
        action="store_true",
        help="processor time of one thread instead of wall time of all: for a machine that does other work",
    )
    parser.add_argument("--quick", action="store_true", help=f"{len(QUICK)} models instead of 80")
    parser.add_argument(
        "--peers",
        default=",".join(ON_CPU),
        help="peers to run, separated by commas; an empty string for none",
    )
    return parser.parse_args()


def _environment(repeats: int, clock: str) -> str:
    names = ("torch", "torchvision", "torchinfo", "fvcore", "torchlens")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"Python {platform.python_version()}, {packages}; {platform.machine()}, {os.cpu_count()} cores, "
        f"{torch.get_num_threads()} threads; {clock}, medians of {repeats}"
    )


def _measure(this: Subject, options: argparse.Namespace) -> dict[str, float]:
    """Medians in milliseconds by contender, and ConvScope's first call; printed as one line."""
    clock = process_time if options.busy else perf_counter
    peers = [name for name in options.peers.split(",") if name]
    wanted = [name for name in peers if name != "torchlens" or this.name in ON_TORCHLENS]
    on_meta = {name: partial(run, this.meta, this.shape) for name, run in ON_META.items()}
    first = medians(interleaved_ms(on_meta, 1, clock))["ConvScope"]
    found = medians(interleaved_ms(on_meta, 2 * options.repeats + 1, clock))
    if wanted:
        model = this.build_real()
        on_cpu = {name: partial(ON_CPU[name], model, this.shape) for name in wanted}
        calls = {"ConvScope": on_meta["ConvScope"], **on_cpu}
        together = medians(interleaved_ms(calls, options.repeats, clock))
        found |= {name: together[name] for name in wanted}
        found |= {f"beside {name}": together["ConvScope"] for name in wanted}
    figures = "".join(f"{found[name]:11.2f}" if name in found else f"{'-':>11}" for name in COLUMNS)
    ratios = " : ".join(f"{ratio(found, name):.3f}" if name in found else "-" for name in AIMS)
    print(f"{this.name:24}{first:9.2f}{figures}   {ratios}", flush=True)
    return {**found, "first": first}


def ratio(found: dict[str, float], peer: str) -> float:
    """ConvScope's time over a peer's, both measured in the same turns."""
    return found.get(f"beside {peer}", found["ConvScope"]) / found[peer]


def _print_means(results: dict[str, dict[str, float]]) -> None:
    print("\nConvScope's time over the peer's, geometric mean")
    for peer, aim in AIMS.items():
        ratios = [ratio(found, peer) for found in results.values() if peer in found]
        if ratios:
            mean = geometric_mean(ratios)
            verdict = _verdict(mean, aim)
            print(
                f"{peer:12}{mean:8.4f}  aim {aim:<6}{verdict}{len(ratios):4} models, worst {max(ratios):.3f}"
            )
    firsts = geometric_mean(found["first"] / found["ConvScope"] for found in results.values())
    print(f"first call of a model over a later one {firsts:.2f}")


def _print_growth(results: dict[str, dict[str, float]]) -> None:
    measured = [name for name in CIFAR_RESNETS if name in results]
    if len(measured) < 2:
        return
    depths = [6 * CIFAR_RESNETS[name] + 2 for name in measured]
    print("\nGrowth with depth, slope of log(time) over log(layers): " + ", ".join(measured))
    for contender in ("ConvScope", "bare"):
        slope = log_log_slope(depths, [results[name][contender] for name in measured])
        verdict = f"aim {SLOPE_AIM}  {_verdict(slope, SLOPE_AIM)}" if contender == "ConvScope" else ""
        print(f"{contender:12}{slope:8.3f}  {verdict}")


def _print_memory() -> None:
    print(f"\nPeak memory of a fresh process on {LARGEST}, MB: the model, and with the call")
    grown = {}
    for contender in ("ConvScope", "torchinfo"):
        built, grown[contender] = peak_memory_bytes(LARGEST, contender)
        print(f"{contender:12}{built / 1e6:9.1f}{grown[contender] / 1e6:9.1f}")
    share = grown["ConvScope"] / grown["torchinfo"]
    print(f"ConvScope over torchinfo {share:.4f}  aim {MEMORY_AIM}  {_verdict(share, MEMORY_AIM)}")


def _verdict(value: float, aim: float) -> str:
    return "met   " if value <= aim else "MISSED"


if __name__ == "__main__":
    main()
