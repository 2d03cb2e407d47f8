"""Installs an explicit list into a prefix as py-rattler does by itself, and lists what is there.

Also reads records of another prefix: what conda and others can't read, this can't read either.
"""

import asyncio
import json
import os
import sys
import tempfile

import rattler
from rattler.explicit_environment import ExplicitEnvironmentSpec


async def main():
    asked = json.load(sys.stdin)
    with open("/tmp/explicit.txt", "w") as file:
        file.write(asked["explicit"])
    spec = ExplicitEnvironmentSpec.from_path("/tmp/explicit.txt")
    urls = {one.url.split("#")[0] for one in spec.packages}
    channels = sorted({url.rsplit("/", 2)[0] for url in urls})
    names = sorted({url.rsplit("/", 1)[1].rsplit("-", 2)[0] for url in urls})
    found = await rattler.Gateway().query(
        [rattler.Channel(url) for url in channels],
        [str(spec.platform), "noarch"],
        [rattler.MatchSpec(name) for name in names],
        recursive=False,
    )
    records = [one for channel in found for one in channel if one.url in urls]
    await rattler.install(records, asked["prefix"], cache_dir="/tmp/cache")
    answer = {"tree": list_tree(asked["prefix"]), "read": read_records(asked["records"])}
    json.dump(answer, sys.stdout)


def read_records(records):
    names = []
    with tempfile.TemporaryDirectory() as directory:
        for name, text in sorted(records.items()):
            path = os.path.join(directory, name)
            with open(path, "w") as file:
                file.write(text)
            record = rattler.PrefixRecord.from_path(path)
            paths = {str(one.relative_path) for one in record.paths_data.paths}
            assert paths == {str(one) for one in record.files}, name
            names.append(f"{record.name.normalized} {record.version} {record.build}")
    return names


asyncio.run(main())
