"""Lists all below ROOT as JSON: kind, mode, digest, and where links lead to.

PLACES are taken out of texts, longest first: a text that names files in another place is the same
text, and so is one that says /bin where another says /usr/bin.
"""

import hashlib
import json
import os
import re
import stat
import sys

MERGED = re.compile(rb"(?<![\w./-])/(s?bin|lib|lib32|lib64)/")
# What the kernel has there, and what the test puts there.
SKIPPED = {"proc", "sys", "dev", "run", "tmp", "layers", "out"}


def main(root, store, *places):
    known = [place.encode() for place in places]
    entries = {}
    for directory, directories, files in os.walk(root):
        if directory == "/":
            directories[:] = [name for name in directories if name not in SKIPPED]
        for name in directories + files:
            full = os.path.join(directory, name)
            # A link into the store stands for the file there.
            if store and os.path.islink(full) and os.readlink(full).startswith(store):
                if not os.readlink(full).startswith(f"{root}/"):
                    full = os.readlink(full)
            path = os.path.relpath(os.path.join(directory, name), root)
            entries[path] = describe(full, known)
    json.dump(entries, sys.stdout)


def describe(path, places):
    info = os.lstat(path)
    if stat.S_ISLNK(info.st_mode):
        real = os.path.realpath(path)
        return {"kind": "link", "real": real, "digest": digest(real, places)}
    mode = stat.S_IMODE(info.st_mode)
    if stat.S_ISDIR(info.st_mode):
        return {"kind": "directory", "mode": mode}
    if not stat.S_ISREG(info.st_mode):
        return {"kind": "special", "mode": mode}
    return {"kind": "file", "mode": mode, "digest": digest(path, places)}


def digest(path, places):
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        content = file.read()
    if b"\0" not in content:
        for place in places:
            content = content.replace(place, b"")
        content = MERGED.sub(rb"/usr/\1/", content)
    return hashlib.sha256(content).hexdigest()


main(*sys.argv[1:])
