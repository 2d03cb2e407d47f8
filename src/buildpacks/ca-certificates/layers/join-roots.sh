#!/bin/sh
# Joins the base image's roots with this layer's certificates in one file, since most programs read
# a single file in place of their own roots, and tells the app about it. A variable that is set
# already stays as it is.
set -eu

own=${0%/*}/../certificates.pem
roots=/etc/ssl/certs/ca-certificates.crt
[ -r "$roots" ] || roots=/dev/null

# Prints the path of the joined file. Its name holds a checksum, so that every process of the
# container that is started by the launcher (a health check, say) uses one file.
join_in() {
  folder=$1/ca-certificates-$(id -u)
  mkdir -p -m 0755 "$folder" && [ -O "$folder" ] && [ ! -L "$folder" ] || return 1
  sum=$(cat "$roots" "$own" | cksum) || return 1
  joined=$folder/${sum%% *}.pem
  if [ ! -s "$joined" ]; then
    cat "$roots" "$own" >"$joined.$$" && mv -f "$joined.$$" "$joined" || return 1
  fi
  echo "$joined"
}

tell() {
  eval "value=\${$1:-}"
  [ -n "$value" ] || printf "%s = '%s'\n" "$1" "$2" >&3
}

for place in "${TMPDIR:-/tmp}" /tmp /dev/shm "${HOME:-/tmp}"; do
  if joined=$(join_in "$place" 2>/dev/null); then
    for name in SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS GIT_SSL_CAINFO PIP_CERT GRPC_DEFAULT_SSL_ROOTS_FILE_PATH; do
      tell "$name" "$joined"
    done
    exit 0
  fi
done

# OpenSSL reads a file and a directory; Node.js adds a file to its own roots.
echo "ca-certificates: no writable directory (tried \$TMPDIR, /tmp, /dev/shm and \$HOME): programs that use OpenSSL's or Node.js's settings trust the certificates of the binding, others (requests, pip, gRPC) do not" >&2
own=$(cd "${0%/*}/.." && pwd)/certificates.pem
if [ -z "${SSL_CERT_FILE:-}" ]; then
  tell SSL_CERT_FILE "$own"
  tell SSL_CERT_DIR /etc/ssl/certs
fi
tell NODE_EXTRA_CA_CERTS "$own"
