#!/usr/bin/env python3
"""rules of the house that a machine can see; prints what breaks them"""

import os
import re
import subprocess
import sys

FILE_LINES = 600
FUNCTION_LINES = 80
TOP = {"src", "include", "po", "tests", "doc", "meson.build",
       "meson_options.txt", "README", "NEWS", "COPYING"}
# what writes behind the end of a buffer, or starts a shell
UNSAFE = re.compile(r"\b(strcpy|strcat|v?sprintf|gets|strtok|system|popen)"
                    r"\s*\(")
# who speaks to people; all others leave it to them (words.h)
SPEAKERS = ("src/ui/", "src/cli/", "src/words/", "src/main.c")
TRANSLATES = re.compile(r"(?<!\w)(_|gettext|ngettext|C_)\(|<libintl\.h>|"
                        r"<glib/gi18n")
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

bad = []


def files(*folders):
    for folder in folders:
        for top, below, names in os.walk(folder):
            below[:] = [name for name in below if name != "corpus" and
                        not name.startswith((".", "__"))]
            for name in names:
                yield os.path.join(top, name)


def without_strings(line):
    return re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'', '""', line)


def check_source(path, lines):
    if len(lines) > FILE_LINES:
        bad.append(f"{path}: {len(lines)} lines, at most {FILE_LINES}")
    begin, comment = None, False
    for number, line in enumerate(lines, 1):
        bare = without_strings(line)
        if not comment and "//" in re.sub(r"/\*.*?(\*/|$)", "", bare):
            bad.append(f"{path}:{number}: a // comment")
        comment = "/*" in bare[bare.rfind("*/") + 1:] if "/*" in bare \
            else comment and "*/" not in bare
        if line == "{":
            begin = number
        elif line == "}" and begin is not None:
            if number - begin > FUNCTION_LINES:
                bad.append(f"{path}:{begin}: a function of "
                           f"{number - begin} lines, at most "
                           f"{FUNCTION_LINES}")
            begin = None
    if path.endswith(".c") and path.startswith("src/") and \
            not lines[0].startswith("/* " + os.path.basename(path) + " - "):
        bad.append(f"{path}:1: no line that says what it is for")


def check_words(path, text):
    """What no comment and no string says."""
    bare = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"),
                  text, flags=re.S)
    for number, line in enumerate(bare.split("\n"), 1):
        line = line if line.startswith("#include") else without_strings(line)
        found = UNSAFE.search(line)
        if found:
            bad.append(f"{path}:{number}: {found[1]}() is not used here")
        if TRANSLATES.search(line) and not path.startswith(SPEAKERS):
            bad.append(f"{path}:{number}: translates; N_() marks, and "
                       "words.h translates")


def check_top():
    for name in os.listdir("."):
        if name in TOP or name.startswith((".", "build")):
            continue
        bad.append(f"{name}: does not belong at the top level")


def main():
    for path in files("src", "include", "tests", "po", "doc"):
        try:
            with open(path, encoding="utf-8") as file:
                lines = file.read().split("\n")
        except UnicodeDecodeError:
            bad.append(f"{path}: no UTF-8")
            continue
        if path.endswith((".c", ".h")):
            check_source(path, lines[:-1] if lines[-1] == "" else lines)
            if path.startswith(("src/", "include/")):
                check_words(path, "\n".join(lines))
            if path.startswith("include/") and \
                    not any(line.startswith("/**") for line in lines):
                bad.append(f"{path}: no comment says what it offers")
        for number, line in enumerate(lines, 1):
            if MARKS.search(line) and path != "tests/lint/rules.py":
                bad.append(f"{path}:{number}: an unfinished mark")
        if lines[0].startswith("#!/bin/sh"):
            done = subprocess.run(["sh", "-n", path], capture_output=True,
                                  text=True, check=False)
            if done.returncode != 0:
                bad.append(done.stderr.strip())
        if path.endswith(".py"):
            try:
                compile("\n".join(lines), path, "exec")
            except SyntaxError as error:
                bad.append(f"{path}: {error}")
    check_top()
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
