#!/usr/bin/env bash
# reset.sh: deletes the files that kiln wrote, which kiln.lock lists, and the folders that are
# empty then. Whatever else lies beside them stays.
set -euo pipefail

cd "$(dirname "$0")/.."
if [[ ! -f kiln.lock ]]; then
  echo "there is no kiln.lock, so nothing here was written by kiln" >&2
  exit 1
fi
command -v yq >/dev/null || { echo "yq is not installed" >&2 && exit 1; }

yq --input-format toml --output-format yaml '.outputs | keys | .[]' kiln.lock | while IFS= read -r path; do
  rm -f -- "$path"
  folder=$(dirname "$path")
  while [[ $folder != . ]] && rmdir -- "$folder" 2>/dev/null; do
    folder=$(dirname "$folder")
  done
done
rm kiln.lock
