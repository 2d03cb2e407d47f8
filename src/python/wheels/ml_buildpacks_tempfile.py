"""Gives temporary files and directories names that are the same at every build.

Build backends compile in temporary directories, and their paths end up in what they make.
Each build has a temporary directory of its own, so nobody else can meet these names.
"""

import itertools
import tempfile

tempfile._name_sequence = ("%08d" % number for number in itertools.count())
