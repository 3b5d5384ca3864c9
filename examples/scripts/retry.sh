#!/usr/bin/env bash
# retry.sh TRIES PAUSE COMMAND...: runs a command until it succeeds, at most TRIES times.
# The pause of PAUSE seconds doubles after every try, up to a minute.
set -euo pipefail

tries=$1 pause=$2
shift 2

for ((try = 1; try <= tries; try++)); do
  if "$@"; then
    exit 0
  fi
  if ((try < tries)); then
    echo "try $try of $tries failed; the next one follows in $pause seconds" >&2
    sleep "$pause"
    pause=$((pause * 2 < 60 ? pause * 2 : 60))
  fi
done
echo "gave up after $tries tries: $*" >&2
exit 1
