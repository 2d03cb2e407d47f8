"""Calls one hook of a project's build backend (PEP 517), in the project's directory."""

import importlib
import json
import os
import sys

with open(sys.argv[1], encoding="utf-8") as request_file:
    request = json.load(request_file)

# The directory of this file holds nothing that a project may import.
del sys.path[0]
sys.path[:0] = [os.path.join(os.getcwd(), path) for path in request["backend_path"]]

module_name, _, attributes = request["backend"].partition(":")
backend = importlib.import_module(module_name)
for attribute in filter(None, attributes.split(".")):
    backend = getattr(backend, attribute)

settings = request["settings"]
if request["hook"] == "build_wheel":
    result = backend.build_wheel(request["wheels"], settings)
else:
    hook = getattr(backend, "get_requires_for_build_wheel", None)
    result = [] if hook is None else list(hook(settings))

with open(request["result"], "w", encoding="utf-8") as result_file:
    json.dump(result, result_file)
