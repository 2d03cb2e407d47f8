#!/bin/sh
# Says at each start why a GPU can't be used, where the host's NVIDIA driver is the reason: what
# frameworks say of it themselves is a number, or nothing at all. No program is started here.
set -f

layer=${0%/*}/..

# What the build said holds until something that is understood is said at the start.
read -r mode <"$layer/mode"
case ${DRIVER_CHECK:-} in
  "") ;;
  [Ww][Aa][Rr][Nn]) mode=warn ;;
  [Oo][Ff][Ff]) mode=off ;;
  [Ff][Aa][Ii][Ll]) mode=fail ;;
  *) echo "driver-check: DRIVER_CHECK=$DRIVER_CHECK is not understood: it can be warn, fail or off. It counts as $mode, as the image was built." >&2 ;;
esac
if [ "$mode" = off ]; then exit 0; fi

# Prints the one paragraph: what was found, what is needed, and what becomes of the app.
tell() {
  if [ "$mode" = fail ]; then
    echo "driver-check: $1 The app is not started (DRIVER_CHECK=fail)." >&2
    exit 1
  fi
  echo "driver-check: $1 The app goes on without a GPU. DRIVER_CHECK=off hides this message." >&2
  exit 0
}

# Whether a version such as 470.82.01 is older than another such as 525, number by number.
is_older() {
  left=$1.
  right=$2.
  while [ -n "$right" ]; do
    a=${left%%.*}
    b=${right%%.*}
    if [ "${a:-0}" -lt "$b" ]; then return 0; fi
    if [ "${a:-0}" -gt "$b" ]; then return 1; fi
    left=${left#*.}
    right=${right#*.}
  done
  return 1
}

# The first word that is a version: NVIDIA's own and the open kernel module put others before it.
find_driver() {
  while read -r name line; do
    [ "$name" = NVRM ] || continue
    for word in $line; do
      case $word in
        *[!0-9.]* | .* | *..* | *.) ;;
        *.*)
          found=$word
          return
          ;;
      esac
    done
  done
}

found=
if [ -r /proc/driver/nvidia/version ]; then find_driver </proc/driver/nvidia/version; fi

# The host's /proc shows through in every container, its devices only in those that are given a GPU:
# nvidia* on servers, dxg under WSL2, nvmap and nvgpu on Jetsons.
given=
for device in nvidiactl nvidia0 dxg nvmap nvgpu; do
  if [ -e "/dev/$device" ]; then given=yes; fi
done

# The image's CUDA and the oldest driver for it, with a third word where that is the driver for the
# GPUs; then older ones of CUDA, newest first.
needs=$layer/cuda-drivers
read -r cuda driver reason <"$needs"
what="CUDA $cuda"
if [ -n "$reason" ]; then what="CUDA $cuda on the GPUs that it is made for"; fi

if [ -z "$given" ]; then
  reason="there is no NVIDIA driver in it"
  if [ -n "$found" ]; then reason="the host has the NVIDIA driver $found, but gives it no GPU"; fi
  tell "this image is made for NVIDIA GPUs (CUDA $cuda), and the container has none: $reason. Start it with 'docker run --gpus all', or 'nvidia.com/gpu: 1' under resources.limits in Kubernetes, on a host with an NVIDIA driver ($driver or newer) and NVIDIA's container toolkit."
fi

# WSL2 and some sandboxes have no text. A Jetson's may have the number of its Linux in it, such as
# 35.3.1: https://github.com/nix-community/nixGL/issues/139
if [ -z "$found" ] || is_older "$found" 100; then exit 0; fi

if is_older "$found" "$driver"; then
  advice="Install a newer driver on the host"
  while read -r older floor; do
    if [ "$older" != "$cuda" ] && ! is_older "$found" "$floor"; then
      advice="$advice, or build the image with 'cuda==$older' in hardware.txt, the newest that this driver runs"
      break
    fi
  done <"$needs"
  tell "the host's NVIDIA driver is too old for this image: found $found, and $what needs $driver or newer. $advice."
fi
