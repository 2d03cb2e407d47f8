# Makes the tree of a conda package of the image's Python, as an archive, and tells its version. The functions of
# debian-python.sh come before this.
set -eu
version=$(python3 -c 'import sys; print("{}.{}".format(*sys.version_info))')
installed_python /tmp/python "$version"
tar -C /tmp -cf /out/python.tar python
echo "$version"
