"""Runs Latent and its peers in turn, several rounds, and compares the medians. Started by run.sh."""

import argparse
import json
import os
import platform
import re
import shlex
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

RESULTS = Path("bench/results")
PEERS = Path("bench/peers")
READY = re.compile(r"\b(ready|listening)\b", re.IGNORECASE)
# Long enough for a launcher that first builds what it launches.
START_SECONDS = 300
STOP_SECONDS = 10
LATENT = "Latent"

# What Latent promises: (row, peer) -> the sign and the ratio to the peer, or an absolute value for Latent's own cell.
BARS = {
    ("sleepers, RSS MB", "tokio"): ("≤", 0.5),
    ("idle connection, kB", LATENT): ("≤", 3.0),
}
for work in ("spawn-join", "yield", "ping-pong"):
    BARS[f"{work}, current, M/s", "tokio"] = ("≥", 3.0)
    BARS[f"{work}, current, M/s", "kotlinx"] = ("≥", 2.0)
    BARS[f"{work}, multi, M/s", "tokio"] = ("≥", 1.5)
    BARS[f"{work}, multi, M/s", "kotlinx"] = ("≥", 1.5)
for connections in (100, 1_000, 10_000):
    BARS[f"echo, {connections:,}, CPU µs per message", "fastwebsockets"] = ("≤", 1.0)
    BARS[f"echo, {connections:,}, CPU µs per message", "netty-epoll"] = ("≤", 0.9)
    BARS[f"echo, {connections:,}, CPU µs per message", "netty-nio"] = ("≤", 0.9)


class Failed(Exception):
    pass


class Samples:
    """Values by row and system, one per round; a failed run leaves None, so that rounds stay paired."""

    def __init__(self):
        self.values = {}

    def add(self, row, system, value):
        self.values.setdefault(row, {}).setdefault(system, []).append(value)

    def median(self, row, system):
        values = [v for v in self.values[row].get(system, []) if v is not None]
        return statistics.median(values) if values else None

    def ratio(self, row, peer):
        """The median over the rounds of Latent's value divided by the peer's in the same round."""
        latent, other = (self.values[row].get(system, []) for system in (LATENT, peer))
        ratios = [a / b for a, b in zip(latent, other) if a is not None and b]
        return statistics.median(ratios) if ratios else None


def main():
    options = parse()
    build(options.what)
    samples = Samples()
    failures = []
    systems = SYSTEMS[options.what](options)
    if options.peers_only:
        systems.pop(LATENT)
    if options.systems:
        chosen = options.systems.split(",")
        systems = {name: run for name, run in systems.items() if name in chosen}
        if len(systems) < len(chosen):
            sys.exit(f"--systems {options.systems}: there are only {', '.join(systems) or 'others'}")
    names = list(systems)
    for round_number in range(options.rounds):
        # Whoever goes first has the coolest machine: take turns.
        shift = round_number % len(names)
        for name in names[shift:] + names[:shift]:
            print(f"round {round_number + 1} of {options.rounds}: {name}", file=sys.stderr, flush=True)
            try:
                for row, value in systems[name]():
                    samples.add(row, name, value)
            except Failed as failure:
                failures.append(f"{name}, round {round_number + 1}: {failure}")
                print(f"  {failure}", file=sys.stderr)
        pad(samples, names, round_number + 1)
    print(table(samples, names))
    write(options, samples, names, failures)
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


def pad(samples, names, rounds):
    for by_system in samples.values.values():
        for name in names:
            values = by_system.setdefault(name, [])
            values.extend([None] * (rounds - len(values)))


# The three comparisons: each maps a system's name to a function that runs it once and yields (row, value).


def memory(options):
    def run(command):
        line = json_line([*words(command), "sleepers", str(options.tasks)])
        yield "sleepers, RSS MB", line["rss_kb"] / 1_000

    return {
        LATENT: lambda: run(os.environ["LATENT_MEMORY"]),
        "tokio": lambda: run(os.environ["TOKIO"]),
        "kotlinx": lambda: run(os.environ["KOTLINX_MEMORY"]),
    }


def executor(options):
    flavors = ["current", "multi"] if options.flavor == "both" else [options.flavor]

    def run(command):
        for work in ("spawn-join", "yield", "ping-pong"):
            for flavor in flavors:
                arguments = [work, "--seconds", str(options.seconds)]
                # One thread is every bench's default.
                arguments += ["--flavor", flavor] if flavor != "current" else []
                line = json_line([*words(command), *arguments])
                yield f"{work}, {flavor}, M/s", line["ops_per_second"] / 1e6

    return {
        LATENT: lambda: run(os.environ["LATENT_EXECUTOR"]),
        "tokio": lambda: run(os.environ["TOKIO"]),
        "kotlinx": lambda: run(os.environ["KOTLINX_EXECUTOR"]),
    }


def websocket(options):
    counts = [int(count) for count in options.connections.split(",")]

    def load(port, path, *arguments):
        target = ["--port", str(port), "--path", path]
        return json_line([*words(os.environ["LOAD"]), *target, *arguments])

    def run(command, path="/"):
        port = free_port()
        with server(command, port):
            # First, while the server is as good as new: what it has ever allocated counts.
            idle = load(port, path, "--idle", "--connections", str(options.idle))
            yield "idle connection, kB", idle["opened_kb_per_connection"]
            yield "idle connection that was used, kB", idle["used_kb_per_connection"]
            yield "server without connections, RSS MB", idle["rss_empty_kb"] / 1_000
            for count in counts:
                timing = ["--seconds", str(options.seconds), "--warmup", str(options.warmup)]
                echo = load(port, path, "--echo", "--connections", str(count), *timing)
                yield f"echo, {count:,}, CPU µs per message", echo["cpu_us_per_message"]
                yield f"echo, {count:,}, messages/s", echo["messages_per_second"]
                yield f"echo, {count:,}, p50 µs", echo["p50_us"]
                yield f"echo, {count:,}, p99 µs", echo["p99_us"]

    return {
        LATENT: lambda: run(os.environ["LATENT_WEBSOCKET"], os.environ["LATENT_WEBSOCKET_PATH"]),
        "fastwebsockets": lambda: run(os.environ["FASTWEBSOCKETS"]),
        "netty-epoll": lambda: run(os.environ["NETTY_EPOLL"]),
        "netty-nio": lambda: run(os.environ["NETTY_NIO"]),
    }


SYSTEMS = {"memory": memory, "executor": executor, "websocket": websocket}


# Processes


def words(command):
    return shlex.split(command)


def json_line(command):
    """The object that the command prints as its last line."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{command[0]}: {error}") from error
    lines = done.stdout.strip().splitlines()
    try:
        if done.returncode == 0:
            return json.loads(lines[-1])
    except (IndexError, ValueError):
        pass
    raise Failed(f"{shlex.join(command)}: exit {done.returncode}: {(done.stderr or done.stdout).strip()[-500:]}")


@contextmanager
def server(command, port):
    """A server in a session of its own, so that stopping it stops what it started, and nothing else."""
    command = words(command.replace("{port}", str(port)))
    with tempfile.TemporaryFile("w+") as output:
        try:
            process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
            )
        except OSError as error:
            raise Failed(f"{command[0]}: {error}") from error
        try:
            await_ready(process, output)
            yield
        finally:
            stop(process)


def await_ready(process, output):
    end = time.monotonic() + START_SECONDS
    while True:
        text = os.pread(output.fileno(), 100_000, 0).decode(errors="replace")
        if READY.search(text):
            return
        if process.poll() is not None or time.monotonic() > end:
            raise Failed(f"the server did not start: {text.strip()[-500:]}")
        time.sleep(0.05)


def stop(process):
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass
        try:
            process.wait(STOP_SECONDS)
            return
        except subprocess.TimeoutExpired:
            continue


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def build(what):
    rust = {"memory": ["tokio"], "executor": ["tokio"], "websocket": ["fastwebsockets", "load"]}[what]
    for crate in rust:
        check(["cargo", "build", "--release", "--quiet", "--manifest-path", str(PEERS / crate / "Cargo.toml")])
    maven("netty" if what == "websocket" else "kotlinx")


def maven(peer):
    built = PEERS / peer / "target" / f"latent-peer-{peer}.jar"
    sources = [PEERS / peer / "pom.xml", *(PEERS / peer / "src").rglob("*.*")]
    if not built.exists() or built.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        check(["mvn", "--quiet", "--batch-mode", "-f", str(PEERS / peer / "pom.xml"), "package"])


def check(command):
    if subprocess.run(command).returncode != 0:
        sys.exit(f"could not build: {shlex.join(command)}")


# Results


def table(samples, names):
    peers = [name for name in names if name != LATENT]
    header = ["", *names] if LATENT not in names else ["", LATENT, *peers]
    rows = []
    for row in samples.values:
        cells = [cell(samples, row, name) for name in header[1:]]
        rows.append([row, *cells])
    widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
    lines = [header, ["-" * width for width in widths], *rows]
    text = "\n".join("| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines)
    if LATENT in names:
        text += "\n\nMedians. In parentheses Latent's value divided by the peer's, the median over the rounds;"
        text += "\nbehind it what Latent promises, with ✓ or ✗."
    return text


def cell(samples, row, name):
    value = samples.median(row, name)
    if value is None:
        return "failed"
    shown = f"{value:,.0f}" if value >= 1_000 else f"{value:.3g}"
    ratio = None if name == LATENT else samples.ratio(row, name)
    if ratio is not None:
        shown += f" ({ratio:.2f}×{bar(row, name, ratio)})"
    elif name == LATENT:
        shown += bar(row, name, value)
    return shown


def bar(row, name, value):
    if (row, name) not in BARS:
        return ""
    sign, limit = BARS[row, name]
    kept = value <= limit if sign == "≤" else value >= limit
    return f" {sign} {limit:g} {'✓' if kept else '✗'}"


def write(options, samples, names, failures):
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / (("peers-" if options.peers_only else "") + options.what + ".json")
    rows = {
        row: {
            name: {
                "median": samples.median(row, name),
                "latent_to_it": None if name == LATENT else samples.ratio(row, name),
                "rounds": samples.values[row][name],
            }
            for name in names
        }
        for row in samples.values
    }
    result = {"what": options.what, "rounds": options.rounds, "machine": machine(), "failures": len(failures), "rows": rows}
    file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    print(f"\nwritten: {file}")


def machine():
    java = subprocess.run([os.environ["JAVA"], "-version"], capture_output=True, text=True).stderr
    version = re.search(r'"([^"]+)"', java)
    return {
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "jdk": version and version.group(1),
    }


def parse():
    parser = argparse.ArgumentParser(prog="bench/run.sh", description="Measures Latent beside its peers.")
    parser.add_argument("what", choices=SYSTEMS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5, help="length of each measurement")
    parser.add_argument("--warmup", type=float, default=5, help="websocket: echo unmeasured for so long first")
    parser.add_argument("--flavor", choices=["current", "multi", "both"], default="current", help="executor: threads")
    parser.add_argument("--tasks", type=int, default=1_000_000, help="memory: sleeping tasks")
    parser.add_argument("--connections", default="100,1000,10000", help="websocket: numbers of echoing connections")
    parser.add_argument("--idle", type=int, default=10_000, help="websocket: number of idle connections")
    parser.add_argument("--systems", help="only these, separated by commas")
    parser.add_argument("--peers-only", action="store_true", help="without Latent")
    return parser.parse_args()


if __name__ == "__main__":
    main()
