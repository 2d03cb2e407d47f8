# Looks at every process of the machine, again and again, until standard input ends. Its first line
# are texts as JSON. Prints the processes that had one of them in their arguments or environment, and
# in the end the names of all.
import json
import os
import sys
import threading

spellings = {name: value.encode() for name, value in json.loads(sys.stdin.readline()).items()}
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()

seen = set()
found = set()
names = set()


def read(pid, file):
    try:
        with open(f"/proc/{pid}/{file}", "rb") as opened:
            return opened.read()
    except OSError:
        return b""


while not over.is_set():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        arguments = read(pid, "cmdline")
        if (pid, arguments) in seen:
            continue
        environment = read(pid, "environ")
        name = read(pid, "comm").decode().strip()
        # Between fork and exec, a process has its parent's.
        if arguments != b"" and environment != b"":
            seen.add((pid, arguments))
        names.add(name)
        for spelling, value in spellings.items():
            if value in arguments:
                found.add(("arguments", name, spelling))
            if value in environment:
                found.add(("environment", name, spelling))
json.dump({"found": sorted(found), "names": sorted(names)}, sys.stdout)
