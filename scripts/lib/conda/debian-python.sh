# Functions for other scripts to begin with. $PLACEHOLDER stands where conda-build has it.

# Debian's Python, with the paths of Python's own release.
as_released() { # TREE VERSION
  library=$1/lib/python$2
  ln -s "python$2" "$1/bin/python"
  ln -s "python$2" "$1/bin/python3"
  rm -rf "$library"/config-* "$library/test" "$library/pydoc_data" "$library/EXTERNALLY-MANAGED"
  rm -f "$library/sitecustomize.py" "$library/_distutils_system_mod.py"
  find "$library" -name __pycache__ -prune -exec rm -r {} +
  # Python has its site module in the program, too, and prefers that.
  sed -i 's/dist-packages/site-packages/g' "$1/bin/python$2" "$library/site.py"
  for each in "$library/sysconfig.py" "$library/sysconfig/__init__.py"; do
    test ! -f "$each" || sed -i -e "/^    '\(deb_system\|posix_local\)': {/,/^        },/d" \
      -e "s/, 'posix_local', 'deb_system'//" \
      -e "/# default to .usr for package builds/,/prefix_scheme = 'posix_local'/c\\        prefix_scheme = 'posix_prefix'" \
      "$each"
  done
  find "$library" -name '_sysconfigdata_*.py' -type f -exec sed -i "s#/usr\b#$PLACEHOLDER#g" {} +
}

# The image's own.
installed_python() { # TREE VERSION
  mkdir -p "$1/bin" "$1/lib"
  cp "/usr/bin/python$2" "$1/bin/"
  cp -r "/usr/lib/python$2" "$1/lib/"
  as_released "$1" "$2"
}
