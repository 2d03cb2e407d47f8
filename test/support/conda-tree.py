import hashlib
import json
import os
import stat
import sys


def list_tree(prefix):
    """By path: whether others may run a file, its digest, where a link leads to, and a record's text.

    Of directories, which end with a slash, only those that are empty.
    """
    tree = {}
    for directory, directories, files in os.walk(prefix):
        if not directories and not files:
            tree[os.path.relpath(directory, prefix) + "/"] = {}
        for name in files + [one for one in directories if os.path.islink(f"{directory}/{one}")]:
            full = os.path.join(directory, name)
            tree[os.path.relpath(full, prefix)] = describe(full)
    return tree


def describe(path):
    target = os.readlink(path) if os.path.islink(path) else None
    # A link that leaves the prefix stands for a file.
    if target is not None and not target.startswith("/"):
        return {"target": target}
    with open(path, "rb") as file:
        content = file.read()
    described = {
        "runs": stat.S_IMODE(os.stat(path).st_mode) & 1 == 1,
        "digest": hashlib.sha256(content).hexdigest(),
    }
    if target is not None:
        described["target"] = target
    if "/conda-meta/" in path:
        described["text"] = content.decode()
    return described
