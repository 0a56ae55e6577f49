"""Runs one module of unittest cases and prints a line a case.

    ok NAME (0.12 s)
    not ok NAME (0.12 s)
    <tab>why, in as many lines as it takes
    skip NAME (0.00 s) # reason
"""

import faulthandler
import importlib.util
import os
import sys
import time
import traceback
import unittest

# a module that hangs says where
MODULE_SECONDS = 600


def indent(text):
    return "".join("\t" + line + "\n" for line in text.splitlines())


class Lines(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        self.begin = time.monotonic()

    def line(self, outcome, test, tail=""):
        name = test.id().split(".", 1)[-1] if hasattr(test, "_testMethodName") \
            else str(test).split(" ")[0]
        seconds = time.monotonic() - getattr(self, "begin", time.monotonic())
        print(f"{outcome} {name} ({seconds:.2f} s){tail}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.line("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("skip", test, " # " + reason)

    def failed(self, test, error):
        self.line("not ok", test)
        print(indent("".join(traceback.format_exception(*error))), end="",
              flush=True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.failed(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.failed(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.failed(test, err)


def main(path, names):
    faulthandler.dump_traceback_later(MODULE_SECONDS, exit=True)
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    module_name = os.path.basename(path)[:-3]
    spec = importlib.util.spec_from_file_location(module_name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    loader = unittest.TestLoader()
    tests = loader.loadTestsFromNames(names, module) if names else \
        loader.loadTestsFromModule(module)
    result = Lines()
    tests.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
