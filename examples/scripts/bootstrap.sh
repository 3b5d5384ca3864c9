#!/usr/bin/env bash
# bootstrap.sh STEP...: brings a cluster without any app to where Flux takes over.
# The steps, in their order: nodes, namespaces, secrets, crds, apps.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
retry=$root/scripts/retry.sh
# The project's own, whatever the shell has.
export SOPS_AGE_KEY_FILE=$root/age.key KUBECONFIG=$root/kubeconfig
cd "$root"

for program in helm helmfile kubectl sops yq; do
  command -v "$program" >/dev/null || { echo "$program is not installed" >&2 && exit 1; }
done
[[ -f $KUBECONFIG ]] || { echo "there is no kubeconfig; install Talos first" >&2 && exit 1; }

apply() { kubectl apply --server-side --force-conflicts --filename "$@"; }

# Without a pod network no node gets ready, so it is enough that all have registered.
nodes() { "$root/scripts/talos.sh" names | xargs "$retry" 10 5 kubectl get nodes; }

namespaces() {
  local file
  for file in kubernetes/apps/*/namespace.yaml; do
    apply "$file"
  done
}

# What Flux needs to read the repository and to decrypt what is in it.
secrets() {
  local file
  for file in bootstrap/*.sops.yaml; do
    sops decrypt "$file" | apply -
  done
}

crds() {
  if [[ -f bootstrap/helmfile.d/00-crds.yaml ]]; then
    helmfile --quiet --file bootstrap/helmfile.d/00-crds.yaml template --include-crds --no-hooks \
      | yq 'select(.kind == "CustomResourceDefinition")' | apply -
  fi
}

apps() { helmfile --file bootstrap/helmfile.d/01-apps.yaml sync --hide-notes; }

for step in "$@"; do
  case $step in
    nodes | namespaces | secrets | crds | apps)
      echo "== $step"
      "$step"
      ;;
    *)
      echo "usage: bootstrap.sh nodes|namespaces|secrets|crds|apps..." >&2
      exit 2
      ;;
  esac
done
