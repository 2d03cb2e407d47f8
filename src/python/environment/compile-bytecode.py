"""Compiles all modules below the directories that standard input names, one a line.

The bytecode is never checked against its source: the files of an image do not change, and their
times, which are checked otherwise, are lost when a layer is exported.
https://peps.python.org/pep-0552/
"""

import gc
import os
import py_compile
import shutil
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def compile_all(paths):
    # A module with a doubtful escape sequence is compiled all the same.
    warnings.simplefilter("ignore")
    for path in paths:
        try:
            py_compile.compile(
                path,
                doraise=True,
                quiet=2,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
        except Exception:
            # Templates and code for other Pythons: pip leaves them out without a word, too.
            pass


def find_modules(root):
    for directory, subdirectories, files in os.walk(root):
        if "__pycache__" in subdirectories:
            shutil.rmtree(os.path.join(directory, "__pycache__"))
            subdirectories.remove("__pycache__")
        # Half of what pandas and numpy consist of, and no app imports it: they run as well without.
        if "tests" in subdirectories:
            subdirectories.remove("tests")
        for name in files:
            if name.endswith(".py"):
                yield os.path.join(directory, name)


if __name__ == "__main__":
    os.umask(0o022)
    # Syntax trees hold no cycles: to look for some took a fifth of the time of a small environment.
    gc.disable()
    modules = sorted(path for root in sys.stdin.read().splitlines() for path in find_modules(root))
    portions = [modules[start : start + 100] for start in range(0, len(modules), 100)]
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), get_context("fork")) as pool:
        for _ in pool.map(compile_all, portions):
            pass
