"""Splits what is installed in a directory into trees of conda packages, and describes these as JSON."""

import importlib.metadata
import json
import pathlib
import re
import shutil
import sys


def normalize(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(distribution):
    """Names alone: the versions fit, as they were installed together."""
    for line in distribution.requires or []:
        requirement, _, marker = line.partition(";")
        if "extra" not in marker:
            yield normalize(re.match(r"[\w.-]+", requirement)[0])


installed, out = map(pathlib.Path, sys.argv[1:])
distributions = list(importlib.metadata.distributions(path=[str(installed)]))
names = {normalize(distribution.metadata["Name"]) for distribution in distributions}
minor = "{}.{}".format(*sys.version_info)
packages = []
for distribution in distributions:
    name = normalize(distribution.metadata["Name"])
    tree = out / "trees" / name / "lib" / f"python{minor}" / "site-packages"
    for file in distribution.files:
        if file.parts[0] != "bin" and "__pycache__" not in file.parts and file.locate().is_file():
            (tree / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file.locate(), tree / file)
    packages.append(
        {
            "name": name,
            "version": distribution.version,
            "depends": sorted(names & set(requirements(distribution))),
            "commands": {
                entry.name: [entry.module, entry.attr]
                for entry in distribution.entry_points.select(group="console_scripts")
            },
        }
    )
(out / "packages.json").write_text(json.dumps({"python": minor, "packages": packages}))
