# Tells in which files below the arguments any of the texts is, which stand as JSON on standard input;
# archives and compressed files are looked into, however deep.
import bz2
import gzip
import io
import json
import lzma
import os
import sys
import tarfile
import zipfile

spellings = {name: value.encode() for name, value in json.load(sys.stdin).items()}
looked_into = 0


def look(name, content):
    global looked_into
    looked_into += 1
    for spelling, value in spellings.items():
        if value in content:
            print(f"{spelling}: {name}")
    for inner, member in members(content):
        look(f"{name}!{inner}", member)


def members(content):
    try:
        if content[:2] == b"\x1f\x8b":
            yield "gzip", gzip.decompress(content)
        elif content[:3] == b"BZh":
            yield "bzip2", bz2.decompress(content)
        elif content[:6] == b"\xfd7zXZ\x00":
            yield "xz", lzma.decompress(content)
        elif content[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for entry in archive.infolist():
                    yield entry.filename, archive.read(entry)
        elif content[257:262] == b"ustar":
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                for entry in archive:
                    yield f"name of {entry.name}", (entry.name + "\n" + entry.linkname).encode()
                    if entry.isfile():
                        yield entry.name, archive.extractfile(entry).read()
    except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, ValueError):
        # It only begins like an archive.
        return


for root in sys.argv[1:]:
    for directory, _, files in os.walk(root):
        for file in files:
            path = os.path.join(directory, file)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as opened:
                    look(path, opened.read())
print(f"looked into {looked_into} files", file=sys.stderr)
