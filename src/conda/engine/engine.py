"""Solves and installs conda environments with py-rattler: one JSON request on standard input, one
JSON answer on standard output, as protocol.ts says. What is told meanwhile goes to standard error.

Its one argument is the directory that holds py-rattler: https://conda.github.io/rattler/py-rattler/
"""

import asyncio
import contextlib
import difflib
import hashlib
import json
import os
import re
import shutil
import sys

sys.path.insert(0, sys.argv[1])

import rattler
from rattler.exceptions import (
    FetchRepoDataError,
    GatewayError,
    InstallerError,
    InvalidChannelError,
    SolverError,
)
from rattler.networking import (
    AuthenticationMiddleware,
    Client,
    MirrorMiddleware,
    RetryMiddleware,
)
from rattler.package import BuildString
from rattler.package_streaming import download_to_path
from rattler.repo_data import PackageRecord, RepoDataRecord

TOLD_SIZE = 50_000_000
TOLD_EVERY = 10
# A server that falls silent would be waited for without an end; no package takes as long as this.
LONGEST_REQUEST = 3600
ATTEMPTS = 3
# Where a package may be that the target's channel does not have.
OTHER_PLATFORMS = ["linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]


class Failure(Exception):
    """What the answer tells in place of a result."""

    def __init__(self, kind, message, **more):
        super().__init__(message)
        self.error = {"kind": kind, "message": without_credentials(message), **more}


async def solve(request):
    gateway = gateway_for(request)
    platforms = [request["platform"], "noarch"]
    specs = [parse_spec(text) for text in request["specs"]]
    constraints = [parse_spec(text) for text in request["constraints"]]
    preferences = set(request["preferences"])
    async with telling(lambda: "Still reading the channels"):
        known = await asyncio.gather(
            *(
                read_channel(gateway, channel, platforms, [*specs, *map(spec_for, preferences)])
                for channel in request["channels"]
            )
        )
    # A preference must be the whole record: the solver takes its dependencies from it.
    kept = [record for records in known for record in records if public(record.url) in preferences]

    async def solve_for(wanted):
        return await rattler.solve(
            request["channels"],
            wanted,
            gateway=gateway,
            platforms=platforms,
            locked_packages=kept,
            virtual_packages=[virtual_package(**one) for one in request["virtualPackages"]],
            channel_priority=getattr(rattler.ChannelPriority, request["priority"].capitalize()),
            constraints=constraints,
            # A channel may name others that it builds on; here channels are what the app names.
            channel_relations="disabled",
        )

    try:
        async with telling(lambda: "Still solving"):
            solution = await solve_for(specs)
    except SolverError as error:
        message = await fuller_message(str(error), specs, solve_for)
        unmet = unmatched(specs, [record for records in known for record in records])
        raise await explained(message, unmet, request, gateway) from error
    return {"packages": [found(record) for record in solution if not is_virtual(record)]}


async def fuller_message(message, specs, solve_for):
    """
    The solver sees only what fits the app's own specs, and takes a version that one of them rules
    out for one that is not there. With the names alone besides, it sees which specs contradict.
    """
    names = {spec.name.normalized for spec in specs if spec.name is not None}
    try:
        await solve_for([*specs, *(rattler.MatchSpec(name) for name in sorted(names))])
    except SolverError as error:
        return str(error)
    except Exception:
        # A name with a pattern, say; the first explanation stands.
        return message
    return message


async def read_channel(gateway, channel, platforms, specs):
    """Each for itself, so that what goes wrong is known to be of this channel."""
    try:
        [*records] = await gateway.query(
            [channel], platforms, specs, recursive=False, channel_relations="disabled"
        )
    except (GatewayError, FetchRepoDataError, InvalidChannelError) as error:
        more = {"subject": public(channel), **status_in(error)}
        raise Failure("channel", str(error), **more) from error
    return [record for of_source in records for record in of_source]


def parse_spec(text):
    try:
        # Also "numpy 1.26" and other forms that conda takes.
        return rattler.MatchSpec(text, strict=False)
    except Exception as error:
        raise Failure("match-spec", str(error).split("\nCaused by")[0], subject=text) from error


def spec_for(url):
    name, version, build = re.sub(r"(\.conda|\.tar\.bz2)$", "", url.rsplit("/", 1)[-1]).rsplit(
        "-", 2
    )
    return rattler.MatchSpec(f"{name}=={version}={build}", strict=False)


def virtual_package(name, version, build):
    return rattler.GenericVirtualPackage(
        rattler.PackageName(name), rattler.Version(version), BuildString(build)
    )


def is_virtual(record):
    return record.name.normalized.startswith("__")


def unmatched(specs, records):
    """The app's own specs that nothing in the channels fits: the solver tells the first of them."""
    by_name = {}
    for record in records:
        by_name.setdefault(record.name.normalized, []).append(record)
    return [
        spec
        for spec in specs
        if (name := name_of(spec)) and not any(map(spec.matches, by_name.get(name, [])))
    ]


def name_of(spec):
    """None where it is a pattern."""
    return getattr(spec.name, "normalized", None)


async def explained(message, unmet, request, gateway):
    """The solver's explanation, with what the channels have for the names that it finds nothing for."""
    found_none = r"No candidates were found for ([\w.-]+)|([\w.-]+)[^\n]*, for which no candidates"
    told = {one or other for one, other in re.findall(found_none, message)}
    missing = sorted(told | {name_of(spec) for spec in unmet})
    missing = [name for name in missing if not name.startswith("__")]
    pinned = {name_of(spec): spec for spec in unmet if spec.version and spec.build}
    places, similar, versions, builds = {}, {}, {}, {}
    # Help alone: without it the explanation stands all the same.
    with contextlib.suppress(Exception):
        channels, own = request["channels"], [request["platform"], "noarch"]
        names = await gateway.names(channels, own, channel_relations="disabled")
        names = [one.normalized for one in names] if missing else []
        unknown = [name for name in missing if name not in names]
        for name in unknown:
            similar[name] = difflib.get_close_matches(name, names, n=3, cutoff=0.75)
        for name in [name for name in missing if name in names]:
            of_channels = await gateway.query(
                channels, own, [name], recursive=False, channel_relations="disabled"
            )
            there = [record for records in of_channels for record in records]
            newest = sorted({record.version for record in there}, reverse=True)
            versions[name] = [str(one) for one in newest[:3]]
            if name in pinned:
                builds[name] = builds_of(there, pinned[name])
        for platform in OTHER_PLATFORMS if unknown else []:
            if platform == request["platform"]:
                continue
            records = await gateway.query(
                channels, [platform], unknown, recursive=False, channel_relations="disabled"
            )
            for name in {one.name.normalized for source in records for one in source}:
                places.setdefault(name, []).append(platform)
    more = {"platforms": places, "similar": similar, "versions": versions, "builds": builds}
    return Failure("unsolvable", message, **more)


def builds_of(records, spec):
    """Those of the version that is asked for with a build that is not there."""
    version = rattler.MatchSpec(f"{name_of(spec)} {spec.version}", strict=False)
    fitting = [record for record in records if version.matches(record)]
    fitting.sort(key=lambda record: (record.version, record.build_number), reverse=True)
    pairs = dict.fromkeys((str(record.version), str(record.build)) for record in fitting)
    return [{"version": version, "build": build} for version, build in list(pairs)[:3]]


async def install(request):
    cache = os.path.join(request["cache"], "packages")
    # In one order, whatever the request's: of files that two packages own the order decides.
    packages = sorted(request["packages"], key=lambda one: one["name"])
    directories = {
        one["name"]: os.path.join(cache, "{name}-{version}-{build}".format(**one))
        for one in packages
    }
    minimal = [record_of(one, minimal_record(one)) for one in packages]
    await link_without_directories(request, minimal, directories)
    # Scripts are told the number of the build, too.
    if request["linkScripts"] or needs_whole_records(directories):
        shutil.rmtree(request["prefix"])
        whole = [record_of(one, whole_record(one, directories[one["name"]])) for one in packages]
        await link(request, whole, scripts=request["linkScripts"])
    for one in packages:
        make_directories(request["prefix"], one, directories[one["name"]])
    return {"packages": directories}


async def link_without_directories(request, records, directories):
    """
    Packages may list directories, empty ones above all, which rattler takes for files:
    https://github.com/conda/ceps/blob/main/cep-0034.md#infopathsjson
    """
    while True:
        try:
            return await link(request, records, scripts=False)
        except Failure:
            if not any([put_directories_aside(one) for one in directories.values()]):
                raise
            shutil.rmtree(request["prefix"], ignore_errors=True)


def put_directories_aside(package):
    """Whether paths.json has named any until now; not so where the package was not unpacked."""
    info = os.path.join(package, "info")
    try:
        with open(os.path.join(info, "paths.json"), encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError):
        return False
    paths = [one["_path"] for one in content["paths"] if one.get("path_type") == "directory"]
    leads_out = any(os.path.isabs(path) or ".." in path.split("/") for path in paths)
    if not paths or leads_out:
        return False
    # Kept in the cache, since the same package may be linked again.
    write_json(os.path.join(info, ASIDE), paths)
    content["paths"] = [one for one in content["paths"] if one["_path"] not in paths]
    write_json(os.path.join(info, "paths.json"), content)
    return True


ASIDE = "directories.json"


def make_directories(prefix, one, package):
    try:
        with open(os.path.join(package, "info", ASIDE), encoding="utf-8") as file:
            paths = json.load(file)
    except OSError:
        return
    for path in paths:
        os.makedirs(os.path.join(prefix, path), exist_ok=True)
    record = os.path.join(prefix, "conda-meta", "{name}-{version}-{build}.json".format(**one))
    with open(record, encoding="utf-8") as file:
        content = json.load(file)
    content["paths_data"]["paths"] += [
        {"_path": path, "path_type": "directory"} for path in paths
    ]
    write_json(record, content)


def write_json(path, value):
    """In place of what is there, which may be a link to another's."""
    with open(path + ".draft", "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(path + ".draft", path)


def needs_whole_records(directories):
    """
    Of files that several packages have, the one is taken whose package depends on the others, and
    Python may name where its packages lie: https://github.com/conda/ceps/blob/main/cep-0017.md
    A lock tells neither, but what has been unpacked does.
    """
    owned = set()
    for directory in directories.values():
        with open(os.path.join(directory, "info", "index.json"), encoding="utf-8") as file:
            index = json.load(file)
        minor = ".".join(index["version"].split(".")[:2])
        usual = f"lib/python{minor}/site-packages"
        if index.get("python_site_packages_path", usual) != usual:
            return True
        paths = rattler.PathsJson.from_package_directory_with_deprecated_fallback(directory).paths
        names = {str(one.relative_path) for one in paths}
        if not owned.isdisjoint(names):
            return True
        owned |= names
    return False


def minimal_record(one):
    return PackageRecord(
        one["name"],
        one["version"],
        BuildString(one["build"]),
        0,
        one["subdir"],
        sha256=bytes.fromhex(one["sha256"]) if "sha256" in one else None,
        md5=bytes.fromhex(one["md5"]) if "md5" in one else None,
    )


def whole_record(one, directory):
    record = PackageRecord.from_index_json(os.path.join(directory, "info", "index.json"))
    minimal = minimal_record(one)
    record.sha256, record.md5 = minimal.sha256, minimal.md5
    return record


def record_of(one, record):
    url = "{channel}/{subdir}/{file}".format(**one)
    return RepoDataRecord(record, one["file"], url, one["channel"] + "/")


async def link(request, records, scripts):
    progress = Progress(len(records))
    try:
        async with telling(progress.describe):
            await rattler.install(
                records,
                request["prefix"],
                cache_dir=os.path.join(request["cache"], "packages"),
                installed_packages=[],
                platform=rattler.Subdir(request["platform"]),
                execute_link_scripts=scripts,
                client=client_for(request),
                reporter=progress,
            )
    except InstallerError as error:
        raise install_failure(str(error)) from error
    if progress.failed_scripts:
        names = ", ".join(progress.failed_scripts)
        raise Failure("link", "its post-link script failed", subject=names)


def install_failure(message):
    subject = re.search(r"failed to (?:fetch|link) (\S+)", message)
    more = {"subject": public(subject[1])} if subject else {}
    if "hash mismatch" in message:
        return Failure("digest", message, **more)
    kind = "package" if message.startswith("failed to fetch") else "link"
    return Failure(kind, message, **more, **status_in(message))


class Progress(rattler.InstallerReporter):
    """Tells of large downloads, and counts. Called from other threads, one at a time."""

    def __init__(self, total):
        self.total = total
        self.fetched = self.linked = 0
        self.names, self.told, self.failed_scripts = [], set(), []

    def on_populate_cache_start(self, operation, package_name):
        self.names.append(package_name)
        return len(self.names) - 1

    def on_download_start(self, cache_entry):
        return cache_entry

    def on_download_progress(self, download_idx, progress, total):
        if total is None or total < TOLD_SIZE or download_idx in self.told:
            return
        self.told.add(download_idx)
        tell(f"Downloading {self.names[download_idx]} ({total / 1e6:.0f} MB)")

    def on_populate_cache_complete(self, cache_entry):
        self.fetched += 1

    def on_link_complete(self, index):
        self.linked += 1

    def on_post_link_start(self, package_name, script_path):
        self.script = package_name
        return 0

    def on_post_link_complete(self, index, success):
        if not success:
            self.failed_scripts.append(self.script)

    def describe(self):
        return f"{self.fetched} of {self.total} packages are downloaded, {self.linked} installed"


async def digest(request):
    """For explicit files that name no digest: it is what the channel gives now."""
    client = client_for(request)
    os.makedirs(request["cache"], exist_ok=True)
    done = []
    limit = asyncio.Semaphore(4)

    async def digest_one(number, url):
        async with limit:
            path = os.path.join(request["cache"], f"digest-{number}")
            await download(client, url, path)
            with open(path, "rb") as file:
                value = hashlib.file_digest(file, "sha256").hexdigest()
            os.unlink(path)
            done.append(url)
            return {"url": public(url), "sha256": value}

    urls = request["urls"]
    async with telling(lambda: f"{len(done)} of {len(urls)} packages are downloaded"):
        return {"packages": await asyncio.gather(*map(digest_one, range(len(urls)), urls))}


async def download(client, url, path):
    """Requests are repeated by the client, but not those whose answer breaks off."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await download_to_path(client, url, path)
        except Exception as error:
            more = status_in(error)
            if attempt == ATTEMPTS or more:
                raise Failure("package", str(error), subject=public(url), **more) from error
            await asyncio.sleep(attempt)


async def read_lock(request):
    try:
        lock = rattler.LockFile.from_path(request["file"])
    except Exception as error:
        raise Failure("lock-file", str(error)) from error
    with open(request["file"], encoding="utf-8") as file:
        editable = editable_in(file)
    environments = []
    # py-rattler gives them in another order each time.
    for name, environment in sorted(lock.environments(), key=lambda one: one[0]):
        platforms = {str(one.subdir): one for one in environment.platforms()}
        target = platforms.get(request["platform"])
        packages = sorted(
            (environment.packages(target) or []) if target else [], key=lambda one: one.name
        )
        pypi = [one for one in packages if isinstance(one, rattler.PypiLockedPackage)]
        conda = [one for one in packages if not isinstance(one, rattler.PypiLockedPackage)]
        environments.append(
            {
                "name": name,
                "platforms": sorted(platforms),
                "packages": [locked(one) for one in conda],
                "pypi": [
                    defined(
                        name=one.name,
                        # Of a directory pixi does not lock the version.
                        version=None if one.version == "<dynamic>" else one.version,
                        location=one.location,
                        sha256=digests_of(one).get("sha256"),
                        editable=one.location in editable,
                    )
                    for one in pypi
                ],
            }
        )
    return {"environments": environments}


def locked(package):
    if not isinstance(package, rattler.CondaLockedBinaryPackage):
        message = f"{package.name} is built from source ({package.location})"
        raise Failure("lock-file", message, subject=package.name)
    return {"url": public(package.location), **digests_of(package)}


def digests_of(package):
    try:
        hashes = package.hashes
        return defined(sha256=hex_of(hashes.sha256), md5=hex_of(hashes.md5))
    except AttributeError:
        # What py-rattler 0.28 does where there are none.
        return {}


def editable_in(lines):
    """Locations of the packages that pixi installs as editable, of which py-rattler knows nothing."""
    location, found_ones = None, set()
    for line in lines:
        if start := re.match(r"- pypi: (\S+)", line):
            location = start[1]
        elif re.match(r"- ", line):
            location = None
        elif line.rstrip() == "  editable: true":
            found_ones.add(location)
    return found_ones


def found(record):
    digests = defined(sha256=hex_of(record.sha256), md5=hex_of(record.md5))
    return {"url": public(record.url), **digests}


def hex_of(value):
    return value.hex() if value else None


def defined(**values):
    return {key: value for key, value in values.items() if value is not None}


def gateway_for(request):
    # The default of the cache is in the home directory.
    cache = os.path.join(request["cache"], "repodata")
    return rattler.Gateway(cache_dir=cache, client=client_for(request))


def client_for(request):
    mirrors = {
        channel + "/": [one + "/" for one in places]
        for channel, places in request["mirrors"].items()
    }
    if "credentials" in request:
        os.environ["RATTLER_AUTH_FILE"] = request["credentials"]
    client = Client(
        [
            # The outermost first: a repeated request may go to another mirror, with its credentials.
            RetryMiddleware(ATTEMPTS),
            *([MirrorMiddleware(mirrors)] if mirrors else []),
            AuthenticationMiddleware(),
        ],
        timeout=LONGEST_REQUEST,
    )
    # It has been read, and a package's script need not know of it.
    os.environ.pop("RATTLER_AUTH_FILE", None)
    return client


def public(url):
    """https://conda.anaconda.org/t/TOKEN/channel and https://user:password@host are for us alone."""
    return re.sub(r"^(\w+://)(?:[^/@]*@)?([^/]*)(?:/t/[^/]+(?=/))?", r"\1\2", url)


def without_credentials(text):
    return re.sub(r"\w+://[^\s'\"()]+", lambda match: public(match[0]), text)


def status_in(error):
    match = re.search(r"HTTP status \w+ error \((\d+)", str(error))
    return {"status": int(match[1])} if match else {}


@contextlib.asynccontextmanager
async def telling(describe):
    """Shows that a long step goes on."""

    async def tell_again():
        while True:
            await asyncio.sleep(TOLD_EVERY)
            tell(describe())

    task = asyncio.create_task(tell_again())
    try:
        yield
    finally:
        task.cancel()


def tell(line):
    print(line, file=sys.stderr, flush=True)


async def order(request):
    records = [
        PackageRecord(
            one["name"],
            one["version"],
            BuildString(one["build"]),
            0,
            one["subdir"],
            depends=one["depends"],
        )
        for one in request["packages"]
    ]
    names = [one.name.normalized for one in PackageRecord.sort_topologically(records)]
    return {"names": names}


COMMANDS = {
    "solve": solve,
    "install": install,
    "order": order,
    "digest": digest,
    "read-lock": read_lock,
}


async def answer(request):
    try:
        return await COMMANDS[request["command"]](request)
    except Failure as failure:
        return {"error": failure.error}
    except Exception as error:
        return {"error": Failure("other", f"{type(error).__name__}: {error}").error}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(answer(json.load(sys.stdin)))), flush=True)
    # Threads of py-rattler that still run bring the interpreter down when it tidies up.
    os._exit(0)
