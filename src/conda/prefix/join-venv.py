"""Lets the environment's own Python see what pip has installed, which lies in a venv on it.

conda's programs name this Python in their first line, as Jupyter's kernels do, and servers embed it:
none of them knows of the venv. The order is the venv's: pip's packages come before conda's.
https://docs.python.org/3/library/site.html
"""

import os
import site
import sys


def join(venv):
    packages = os.path.join(venv, "lib", "python%d.%d" % sys.version_info[:2], "site-packages")
    # A venv on this Python, that one or another, reads this, too.
    if not os.path.isdir(packages) or sys.prefix != sys.base_prefix:
        return
    directory = os.path.dirname(__file__)
    own = sys.path.index(directory) if directory in sys.path else len(sys.path)
    behind = sys.path[own:]
    del sys.path[own:]
    # With its .pth files, which name further directories.
    site.addsitedir(packages)
    sys.path.extend(behind)
    # cuda-pathfinder and others look for libraries where site.getsitepackages() says.
    site.PREFIXES.insert(0, venv)
