"""Measures woven bodies beside plain calls and beside state machines written by hand. Started by run.sh.

Every round runs each benchmark once, in a JVM of its own, a pair one right after the other.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TARGET = Path("bench/jmh/target")
BUILD = ["mvn", "-q", "-B", "-ntp", "-Pbench", "-pl", "bench/jmh", "-am", "-DskipTests", "-Dlatent.lint=false", "package"]
BARS = {"Plain": 2.0, "Hand": 1.05}
ALLOCATED = "gc.alloc.rate.norm"


def main():
    options = parse()
    if subprocess.run(BUILD).returncode != 0:
        sys.exit("could not build the benchmarks")
    rounds = [run(options) for _ in range(options.rounds)]
    print(table(rounds))
    results = Path("bench/results")
    results.mkdir(exist_ok=True)
    (results / "frames.json").write_text(json.dumps(rounds, indent=1) + "\n")


def run(options):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        java = [os.environ["JAVA"], "-cp", f"{TARGET}/latent-bench.jar:{TARGET}/lib/*", "org.openjdk.jmh.Main"]
        times = ["-f", "1", "-wi", "5", "-i", "5", "-w", options.iteration, "-r", options.iteration]
        quiet = ["-v", "SILENT", "-prof", "gc", "-rf", "json", "-rff", out.name]
        done = subprocess.run([*java, options.only, *times, *quiet], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if done.returncode != 0:
            sys.exit(done.stderr.decode())
        return {entry["benchmark"].removeprefix("dev.latent.bench."): read(entry) for entry in json.load(out)}


def read(entry):
    samples = [sample for fork in entry["primaryMetric"]["rawData"] for sample in fork]
    return {"ns": statistics.median(samples), "bytes": entry["secondaryMetrics"][ALLOCATED]["score"]}


def table(rounds):
    lines = ["| | woven | beside | ratio | woven | beside |", "|---|---|---|---|---|---|"]
    for woven in rounds[0]:
        what = woven.removesuffix("Woven")
        for kind, bar in BARS.items():
            other = what + kind
            if what == woven or other not in rounds[0]:
                continue
            ratio = statistics.median(r[woven]["ns"] / r[other]["ns"] for r in rounds)
            cells = [f"{what}, {kind.lower()}", ns(rounds, woven), ns(rounds, other)]
            cells += [f"{ratio:.2f}× ≤ {bar:g} {'✓' if ratio <= bar else '✗'}", size(rounds, woven), size(rounds, other)]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n\nMedians for one operation; the ratio is the median of the ratios within a round."


def ns(rounds, name):
    return f"{statistics.median(r[name]['ns'] for r in rounds):.2f} ns"


def size(rounds, name):
    return f"{statistics.median(r[name]['bytes'] for r in rounds):.1f} B"


def parse():
    parser = argparse.ArgumentParser(prog="bench/run.sh frames", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--iteration", default="300ms", help="length of one measurement; five follow five of warm-up")
    parser.add_argument("--only", default=".*", help="a regular expression over the benchmarks' names")
    return parser.parse_args()


if __name__ == "__main__":
    main()
