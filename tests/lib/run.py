"""The second half of tests/run: builds, runs, counts.

Everything that is counted is one named case. What cannot run is a skip with
its reason, never a pass.
"""

import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
EXHAUSTIVE = os.environ.get("PENNON_EXHAUSTIVE") == "1"

# build folder, what it is called in a case's name, meson options
PLAIN = ("build-plain", "plain", ["-Dtest-hooks=true"])
ASAN = ("build-asan", "asan", ["-Dtest-hooks=true", "-Doptimization=1",
                               "-Db_sanitize=address,undefined"])
TSAN = ("build-tsan", "tsan", ["-Dtest-hooks=true", "-Doptimization=1",
                               "-Db_sanitize=thread"])
# libFuzzer comes with clang alone
FUZZ = ("build-fuzz", "fuzz", ["-Dfuzz=true", "-Doptimization=1",
                               "-Db_sanitize=address,undefined",
                               "-Db_lundef=false"])

SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1:suppressions="
                    + os.path.join(ROOT, "tests", "tsan.supp"),
    "LSAN_OPTIONS": "print_suppressions=0:suppressions="
                    + os.path.join(ROOT, "tests", "lsan.supp"),
}


class Case:
    def __init__(self, name, outcome, detail="", seconds=0.0):
        self.name = name
        self.outcome = outcome  # "ok", "not ok", "skip"
        self.detail = detail
        self.seconds = seconds


def say(text):
    print(text, flush=True)


class BuildFailed(Exception):
    pass


class Run:
    def __init__(self, scratch):
        self.scratch = scratch
        self.cases = []
        self.built = {}

    # ---- cases ----

    def add(self, case):
        self.cases.append(case)
        if case.outcome != "ok":
            say(f"{case.outcome:6} {case.name}" +
                (f" # {case.detail}" if case.outcome == "skip" else ""))

    def group(self, title, cases):
        """Cases that came together: one line for those that passed, and one
        if nothing in it can run."""
        if {(case.outcome, case.detail) for case in cases} == \
                {("skip", cases[0].detail)}:
            self.add(Case(title, "skip", cases[0].detail))
            return
        good = [case for case in cases if case.outcome == "ok"]
        seconds = sum(case.seconds for case in cases)
        say(f"ok     {title}: {len(good)} of {len(cases)} ({seconds:.1f} s)"
            if good else f"       {title}: none of {len(cases)}")
        for case in cases:
            self.add(case)

    # ---- builds ----

    def build(self, which):
        folder, label, options = which
        if folder in self.built:
            if self.built[folder] is not None:
                raise BuildFailed(self.built[folder])
            return os.path.join(ROOT, folder)
        if os.environ.get("PENNON_WERROR") == "1":
            options = options + ["-Dwerror=true"]
        environment = dict(os.environ)
        if label == "fuzz":
            environment["CC"] = "clang"
        begin = time.monotonic()
        done = subprocess.run(
            [os.path.join(HERE, "build"), folder, *options], cwd=ROOT,
            env=environment, stdin=subprocess.DEVNULL, text=True,
            errors="replace", capture_output=True, check=False)
        seconds = time.monotonic() - begin
        if done.returncode == 0:
            self.built[folder] = None
            say(f"ok     build {label} ({seconds:.1f} s)")
            self.cases.append(Case(f"build {label}", "ok", "", seconds))
            return os.path.join(ROOT, folder)
        self.built[folder] = f"build {label} failed"
        self.add(Case(f"build {label}", "not ok",
                      done.stdout + done.stderr, seconds))
        raise BuildFailed(self.built[folder])

    # ---- what meson knows: unit and lint ----

    def meson(self, which, suite):
        folder, label = self.build(which), which[1]
        command = ["meson", "test", "-C", folder, "--no-rebuild", "--suite",
                   suite]
        if label == "tsan":
            # its shadow memory and much randomised addresses do not go
            # together
            command = ["setarch", "-R"] + command
        times = (1 if label == "plain" else 3) * (40 if EXHAUSTIVE else 1)
        # some of them wait for time to pass
        command += ["--timeout-multiplier", str(times),
                    "--num-processes", str((os.cpu_count() or 2) + 1)]
        log = os.path.join(folder, "meson-logs", "testlog.json")
        if os.path.exists(log):
            os.unlink(log)
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **SANITIZERS},
            stdin=subprocess.DEVNULL, text=True, errors="replace",
            capture_output=True, check=False)
        if not os.path.exists(log):
            self.add(Case(f"{suite} {label}", "not ok",
                          done.stdout + done.stderr))
            return
        with open(log, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                test = json.loads(line)
                title = f"{suite} {label} {test['name'].split(' / ')[-1]}"
                self.group(title, meson_cases(title, test))

    # ---- Python modules against the program ----

    def modules(self, suite, folder, at_once):
        found = sorted(glob.glob(os.path.join(ROOT, folder, "test_*.py")))
        if not found:
            return
        build = self.build(PLAIN)
        binary = os.path.join(build, "src", "pennon")
        if not os.path.exists(binary):
            self.add(Case(suite, "skip", "this tree builds no src/pennon"))
            return
        environment = {
            **os.environ, **SANITIZERS, "PENNON_BINARY": binary,
            "PENNON_COMMANDS": os.path.join(self.scratch, "commands"),
            "PENNON_SCRATCH": self.scratch, "PENNON_BUILD": PLAIN[0]}

        def one(path):
            return path, subprocess.run(
                [sys.executable, "-B", os.path.join(HERE, "cases.py"), path],
                cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                text=True, errors="replace", capture_output=True, check=False)

        for path in found:
            reason = pending(path)
            if reason:
                self.add(Case(f"{suite} {os.path.basename(path)[5:-3]}",
                              "skip", reason))
        found = [path for path in found if not pending(path)]
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            for path, done in pool.map(one, found):
                self.group(*module_cases(suite, path, done))

    # ---- the suites ----

    def lint(self):
        self.meson(PLAIN, "lint")

    def unit(self):
        for which in (PLAIN, ASAN, TSAN):
            try:
                self.meson(which, "unit")
            except BuildFailed as error:
                say(str(error))

    def integration(self):
        self.modules("integration", "tests/integration", os.cpu_count() or 2)

    def faults(self):
        self.modules("faults", "tests/faults", os.cpu_count() or 2)

    def screens(self):
        self.modules("screens", "tests/e2e", 1)

    def fuzz(self):
        if not glob.glob(os.path.join(ROOT, "tests/fuzz/fuzz-*.c")):
            return
        build = self.build(FUZZ)
        for target in sorted(glob.glob(build + "/tests/fuzz/fuzz-*")):
            if os.access(target, os.X_OK) and os.path.isfile(target):
                self.add_fuzz(target)

    def add_fuzz(self, target):
        """Its seeds first, then new input for a while."""
        name = os.path.basename(target)
        seeds = os.path.join(ROOT, "tests", "fuzz", "corpus", name[5:])
        found = os.path.join(self.scratch, name)
        os.makedirs(found)
        seconds = 300 if EXHAUSTIVE else 5
        for title, arguments in (
                ("seeds", ["-runs=0", seeds]),
                ("search", [f"-max_total_time={seconds}", found, seeds])):
            begin = time.monotonic()
            if not os.path.isdir(seeds) or not os.listdir(seeds):
                self.add(Case(f"fuzz {name} {title}", "not ok",
                              f"no seeds in {seeds}"))
                continue
            done = subprocess.run(
                [target, "-timeout=10", "-rss_limit_mb=1024",
                 f"-artifact_prefix={found}/crash-", *arguments],
                env={**os.environ, **SANITIZERS}, stdin=subprocess.DEVNULL,
                text=True, errors="replace", capture_output=True, check=False)
            self.group(f"fuzz {name} {title}", [Case(
                f"fuzz {name} {title}",
                "ok" if done.returncode == 0 else "not ok",
                done.stderr[-6000:], time.monotonic() - begin)])

    def commands(self):
        """Looks at every command that the suites before sent."""
        log = os.path.join(self.scratch, "commands")
        if os.path.exists(log):
            self.modules("commands", "tests/commands", 1)


def pending(path):
    """tests/pending names modules whose commands this tree lacks, a line
    each: path, blank, reason."""
    try:
        with open(os.path.join(ROOT, "tests", "pending"),
                  encoding="utf-8") as lines:
            for line in lines:
                name, _, reason = line.strip().partition(" ")
                if os.path.join(ROOT, "tests", name) == path:
                    return reason
    except FileNotFoundError:
        pass
    return None


SUITES = ["lint", "unit", "integration", "faults", "screens", "fuzz"]

TAP = re.compile(r"^(ok|not ok) \d+ ?-? ?(\S*)(.*)$")


def meson_cases(title, test):
    """The cases of one test program, by its TAP lines where it has some."""
    cases, output = [], test.get("stdout", "")
    for line in output.splitlines():
        match = TAP.match(line)
        if match is None:
            continue
        outcome, name, rest = match.groups()
        skip = re.search(r"#\s*SKIP\s*(.*)", rest, re.IGNORECASE)
        cases.append(Case(f"{title} {name}", "skip" if skip else outcome,
                          skip.group(1) if skip else rest))
    result, everything = test["result"], output + test.get("stderr", "")
    for case in cases:
        if case.outcome == "not ok":
            case.detail += "\n" + everything
    if cases and result not in ("OK", "SKIP") and \
            not any(case.outcome == "not ok" for case in cases):
        cases.append(Case(f"{title} ({result})", "not ok", everything))
    if not cases:
        outcome = {"OK": "ok", "SKIP": "skip"}.get(result, "not ok")
        cases.append(Case(title, outcome, everything.strip()))
    cases[0].seconds = test["duration"]
    return cases


CASE = re.compile(r"^(ok|not ok|skip) (\S+) \(([0-9.]+) s\)(?: # (.*))?$")


def module_cases(suite, path, done):
    """What cases.py printed: a line a case, details indented by a tab."""
    name = os.path.basename(path)[5:-3]
    title, cases = f"{suite} {name}", []
    for line in done.stdout.splitlines():
        match = CASE.match(line)
        if match:
            outcome, case, seconds, reason = match.groups()
            cases.append(Case(f"{title} {case}", outcome, reason or "",
                              float(seconds)))
        elif line.startswith("\t") and cases:
            cases[-1].detail += line[1:] + "\n"
    if done.returncode != 0 and \
            not any(case.outcome == "not ok" for case in cases):
        cases.append(Case(title, "not ok", done.stdout + done.stderr))
    if not cases:
        cases.append(Case(title, "not ok", "no case in " + path))
    return title, cases


def finish(cases, seconds):
    failed = [case for case in cases if case.outcome == "not ok"]
    skipped = [case for case in cases if case.outcome == "skip"]
    passed = len(cases) - len(failed) - len(skipped)
    if failed:
        say("\n---- failures ----")
    for case in failed:
        say(f"\n{case.name}")
        lines = case.detail.strip().splitlines()
        if len(lines) > 120:
            lines = lines[:20] + [f"... {len(lines) - 120} lines ..."] + \
                lines[-100:]
        say("\n".join("    " + line for line in lines))
    say(f"\n{seconds:.0f} s")
    line = f"{passed} passed, {len(failed)} failed"
    if skipped:
        line += f", {len(skipped)} skipped"
    say(line)
    return 1 if failed or not passed else 0


def main(arguments):
    wanted = arguments or SUITES
    for suite in wanted:
        if suite not in SUITES:
            print(f"run: no suite {suite}; there are: {' '.join(SUITES)}",
                  file=sys.stderr)
            return 2
    begin = time.monotonic()
    scratch = tempfile.mkdtemp(prefix="pennon-tests-")
    os.chmod(scratch, 0o755)
    run = Run(scratch)
    try:
        for suite in [name for name in SUITES if name in wanted] + \
                ["commands"]:
            try:
                getattr(run, suite)()
            except BuildFailed as error:
                if not any(case.name == str(error).removesuffix(" failed")
                           for case in run.cases):
                    raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return finish(run.cases, time.monotonic() - begin)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
