#!/bin/sh
# Numerical libraries start a thread for each CPU of the machine, whatever share of it the
# container has, and then wait for one another. No program is started here: it runs at each start.
set -u

# The number of CPUs in a list such as "0-3,8".
count() {
  total=0
  saved_ifs=$IFS
  IFS=,
  for range in $1; do
    total=$((total + ${range#*-} - ${range%-*} + 1))
  done
  IFS=$saved_ifs
}

# Lowers `cpus` to a quota, rounded up: half a CPU that is not used is lost, half a thread is not.
apply() {
  case $1$2 in
    *[!0-9]* | "") return ;;
  esac
  [ "$2" -gt 0 ] || return 0
  quota=$((($1 + $2 - 1) / $2))
  if [ "$quota" -lt "$cpus" ]; then cpus=$quota; fi
}

cpus=1
while read -r key value; do
  if [ "$key" = "Cpus_allowed_list:" ]; then
    count "$value"
    cpus=$total
  fi
done </proc/self/status

all=$cpus
if [ -r /sys/devices/system/cpu/online ]; then
  read -r online </sys/devices/system/cpu/online
  count "$online"
  all=$total
fi

# cgroup v2: the container's own group and, where the container sees them, those above it.
lower_to_groups() {
  while IFS=: read -r number _ group; do
    [ "$number" = 0 ] || continue
    while :; do
      group=${group%/}
      if [ -r "/sys/fs/cgroup$group/cpu.max" ]; then
        read -r limit period <"/sys/fs/cgroup$group/cpu.max"
        apply "$limit" "$period"
      fi
      [ -n "$group" ] || break
      group=${group%/*}
    done
  done
}
if [ -r /proc/self/cgroup ]; then lower_to_groups </proc/self/cgroup; fi

# cgroup v1
if [ -r /sys/fs/cgroup/cpu/cpu.cfs_quota_us ]; then
  read -r limit </sys/fs/cgroup/cpu/cpu.cfs_quota_us
  read -r period </sys/fs/cgroup/cpu/cpu.cfs_period_us
  apply "$limit" "$period"
fi

set_default() {
  eval "current=\${$1:-}"
  if [ -z "$current" ]; then echo "$1 = \"$2\"" >&3; fi
}

# One worker: each has a copy of the model, and how large that is nobody knows here.
workers=${WEB_CONCURRENCY:-1}
case $workers in
  # A leading zero would make the shell read an octal number.
  *[!0-9]* | "" | 0*) workers=1 ;;
esac
set_default WEB_CONCURRENCY 1

# Without a limit the libraries' own choice is better: they know real cores from hardware threads.
if [ "$cpus" -ge "$all" ] && [ "$workers" -eq 1 ]; then exit 0; fi

threads=$((cpus / workers))
if [ "$threads" -lt 1 ]; then threads=1; fi
for name in OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS NUMEXPR_NUM_THREADS \
  NUMBA_NUM_THREADS RAYON_NUM_THREADS POLARS_MAX_THREADS; do
  set_default "$name" "$threads"
done
# What os.cpu_count() says, and with it concurrent.futures, PyTorch's DataLoader, scikit-learn.
# https://docs.python.org/3/using/cmdline.html#envvar-PYTHON_CPU_COUNT
set_default PYTHON_CPU_COUNT "$cpus"
set_default LOKY_MAX_CPU_COUNT "$cpus"
