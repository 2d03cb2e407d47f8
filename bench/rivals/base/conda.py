"""Makes the environment that an environment.yml asks for: `python3 conda environment.yml /opt/conda`."""

import asyncio
import os
import subprocess
import sys

import rattler
import yaml


async def create(path, prefix):
    with open(path, encoding="utf-8") as file:
        environment = yaml.safe_load(file)
    dependencies = environment["dependencies"]
    specs = [line for line in dependencies if isinstance(line, str)]
    requirements = [line for part in dependencies if isinstance(part, dict) for line in part["pip"]]

    # As conda itself knows it: https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/settings.html#channel-alias-set-a-channel-alias
    alias = os.environ.get("CONDA_CHANNEL_ALIAS", "https://conda.anaconda.org/")
    config = rattler.ChannelConfig(alias, os.getcwd())
    records = await rattler.solve(
        [rattler.Channel(name, config) for name in environment["channels"]],
        [rattler.MatchSpec(spec, strict=False) for spec in specs],
        platforms=[rattler.Subdir.current(), "noarch"],
        virtual_packages=rattler.VirtualPackage.detect(),
    )
    await rattler.install(records, prefix, show_progress=False)
    python = os.path.join(prefix, "bin/python")
    # conda-forge's packages bring their bytecode; those of a channel that was made from PyPI's do not.
    library = os.path.join(prefix, "lib")
    subprocess.run([python, "-m", "compileall", "-q", "-j", "0", library], check=False)
    if requirements:
        subprocess.run(["uv", "pip", "install", "--python", python, *requirements], check=True)


asyncio.run(create(*sys.argv[1:]))
