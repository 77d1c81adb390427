"""Measures what the weaver costs javac, and whether it has anything to say of code that is right. Started by run.sh.

Compiles the sources of three well-known libraries, and beside them a share of async code and one very large body, with and without the
weaver in turn.
"""

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

WORK = Path("bench/target/compile")
JARS = WORK / "jars"
LATENT = Path("cli/target/latent-cli")
ASYNC_SOURCES = [
    source
    for package in ("chat", "bench")
    for source in Path("examples/src/main/java/dev/latent/examples", package).glob("*.java")
    if source.name != "package-info.java"
]
EMPTY = WORK / "empty"
BAR = 1.10


def main():
    options = parse()
    javac = Path(os.environ["JAVA"]).parent / "javac" if "/" in os.environ["JAVA"] else Path("javac")
    if not LATENT.is_dir():
        sys.exit("Latent isn't built: run ./latent --version first")
    projects = {"large": [large_body()]} if options.only_large else all_projects(options)
    WORK.mkdir(parents=True, exist_ok=True)
    subprocess.run([str(javac), "-proc:none", "-d", str(EMPTY), "bench/compile/empty/EmptyProcessor.java"], check=True)
    report = {name: measure(name, files, javac, options) for name, files in projects.items()}
    print(f"\n{'javac: CPU time, and with the weaver':38}{'lines':>9}{'plain s':>9}{'/ plain':>9}{'/ processing':>14}   said")
    for name, r in report.items():
        print(
            f"{name:38}{r['lines']:>9,}{r['plain_s']:>9.2f}{r['to_plain']:>8.2f}×{r['to_processing']:>13.2f}×"
            f"   {'nothing' if not r['said'] else str(len(r['said'])) + ', see the JSON'}"
        )
    print(f"the aim for all: ≤ {BAR}× plain")
    Path("bench/results").mkdir(exist_ok=True)
    out = Path("bench/results") / time.strftime("compile-%Y%m%d-%H%M%S.json")
    out.write_text(json.dumps(report, indent=2))
    print(out)
    # The libraries hold no async body: whatever is said of them is a false alarm.
    sys.exit(1 if any(report[name]["said"] for name in report if name not in ("async", "all", "large")) else 0)


def all_projects(options):
    if not (JARS / "guava-33.5.0-jre-sources.jar").exists():
        subprocess.run(["mvn", "-q", "-B", "-ntp", "-f", "bench/compile/pom.xml", "package"], check=True)
    projects = {name: unpack(name) for name in ("commons-lang3", "guava", "jackson-databind")}
    projects["async"] = async_copies(options.copies)
    # One compilation of everything: as a large project of which a part is async.
    projects["all"] = [file for files in projects.values() for file in files]
    projects["large"] = [large_body()]
    return projects


def parse():
    parser = argparse.ArgumentParser(prog="bench/run.sh compile", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each compilation runs (default 7)")
    parser.add_argument("--only-large", action="store_true", help="only the class with one very large body")
    parser.add_argument("--copies", type=int, default=25, help="copies of the async sources (default 25)")
    return parser.parse_args()


def unpack(name):
    jar = next(JARS.glob(f"{name}-*-sources.jar"))
    target = WORK / name
    if not target.exists():
        with zipfile.ZipFile(jar) as archive:
            archive.extractall(target)
    return [f for f in sorted(target.rglob("*.java")) if f.name != "module-info.java"]


def async_copies(copies):
    """The same async classes many times over, in packages of their own."""
    files = []
    shutil.rmtree(WORK / "async", ignore_errors=True)
    for k in range(copies):
        for source in ASYNC_SOURCES:
            text = re.sub(r"dev\.latent\.examples\.(chat|bench)", rf"async{k}.\1", source.read_text())
            target = WORK / "async" / f"async{k}" / source.parent.name / source.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            files.append(target)
    return files


def large_body():
    """A class with one body of 1,000 awaits."""
    awaits = "\n".join(f"            sum += await(step(sum + {k}));" for k in range(1000))
    target = WORK / "large" / "Large.java"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"""import static dev.latent.Async.*;
import dev.latent.Future;
class Large {{
    static Future<Integer> step(int i) {{ return async(() -> i); }}
    static Future<Integer> body(int from) {{
        return async(() -> {{
            int sum = from;
{awaits}
            return sum;
        }});
    }}
}}
""")
    return target


def measure(name, files, javac, options):
    listing = WORK / f"{name}.txt"
    listing.write_text("\n".join(str(f) for f in files))
    class_path = os.pathsep.join(str(j) for j in [*JARS.glob("*.jar"), *LATENT.glob("*.jar")] if "sources" not in j.name)
    weaver = next(LATENT.glob("latent-compiler-*.jar"))
    common = [str(javac), "-Xmaxwarns", "10000", "-d", str(WORK / "out"), "-cp", class_path]
    ways = {
        "plain": [*common, "-proc:none", "-processorpath", str(EMPTY), f"@{listing}"],
        "processing": [*common, "-proc:full", "-processorpath", str(EMPTY), "-processor", "EmptyProcessor", f"@{listing}"],
        "woven": [*common, "-proc:full", "-processorpath", str(weaver), "-processor", "dev.latent.compiler.javac.LatentProcessor", f"@{listing}"],
    }
    times = {way: [] for way in ways}
    said = []
    for turn in range(options.rounds):
        for way in sorted(ways, key=lambda way: (list(ways).index(way) + turn) % len(ways)):
            shutil.rmtree(WORK / "out", ignore_errors=True)
            (WORK / "out").mkdir(parents=True)
            wall, cpu, output = run(ways[way], name, way)
            times[way].append((wall, cpu))
            if way == "woven" and turn == 0:
                said = re.findall(r"^.*\[latent:.*$", output, re.MULTILINE)
            print(f"  {name} {turn + 1}/{options.rounds} {way} {wall:.2f} s", file=sys.stderr)
    def ratio(way):
        return statistics.median(woven[1] / other[1] for woven, other in zip(times["woven"], times[way]))

    return {
        "lines": sum(1 for f in files for _ in f.open(encoding="utf-8", errors="replace")),
        "plain_s": statistics.median(cpu for _, cpu in times["plain"]),
        "to_plain": ratio("plain"),
        "to_processing": ratio("processing"),
        "rounds": times,
        "said": said,
    }


def run(command, name, way):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    output = done.stdout + done.stderr
    if done.returncode != 0:
        sys.exit(f"javac failed on {name} ({way}):\n{output[-4000:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, output


main()
