# Makes an archive in the layout of python-build-standalone from Debian 12's Python 3.11, since
# the tests may not depend on a release that a machine without access to GitHub can't have.
set -eu
cat > /etc/apt/sources.list.d/bookworm.sources <<SOURCE
Types: deb
URIs: http://deb.debian.org/debian
Suites: bookworm
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCE
apt-get update -qq
mkdir -p /tmp/work/python/bin /tmp/work/python/lib
cd /tmp/work
apt-get download -qq python3.11-minimal/bookworm libpython3.11-minimal/bookworm libpython3.11-stdlib/bookworm
for package in *.deb; do dpkg -x "$package" root; done
cp root/usr/bin/python3.11 python/bin/
ln -s python3.11 python/bin/python3
ln -s python3.11 python/bin/python
cp -r root/usr/lib/python3.11 python/lib/
# uv refuses links that lead out of the archive.
find python -type l -lname '/*' -delete
tar --sort=name --owner=0 --group=0 --mtime=@315532800 -czf /out/release.tar.gz python
python/bin/python3.11 -c 'import platform; print(platform.python_version())' > /out/version
