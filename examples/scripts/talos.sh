#!/usr/bin/env bash
# talos.sh STEP [ARGUMENT...]: one step of work on the nodes, of those at the end of this file.
#
# talhelper or topf makes the machine configurations, whichever kiln made the files for;
# talosctl does the rest.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
self=$root/scripts/talos.sh
retry=$root/scripts/retry.sh
configs=$root/talos/clusterconfig
# The project's own, whatever the shell has: the wrong cluster would be reset as readily.
export SOPS_AGE_KEY_FILE=$root/age.key TALOSCONFIG=$configs/talosconfig

need() {
  local program missing=()
  for program in "$@"; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  if ((${#missing[@]} > 0)); then
    echo "not installed: ${missing[*]}" >&2
    exit 1
  fi
}

cd "$root/talos" || exit 1
need talosctl yq
if [[ ! -f topf.yaml && ! -f talconfig.yaml ]]; then
  echo "nothing is rendered yet; run kiln configure" >&2
  exit 1
fi

if [[ -f topf.yaml ]]; then
  tool=topf file=topf.yaml prefix=''
  name_of=.host at=.ip is_controller='.role == "control-plane"'
else
  tool=talhelper file=talconfig.yaml prefix=$(yq '.clusterName' talconfig.yaml)-
  name_of=.hostname at=.ipAddress is_controller=.controlPlane
fi

names() { yq ".nodes[] | $name_of" "$file"; }
config_of() { echo "$configs/$prefix$1.yaml"; }

address_of() {
  local found
  found=$(node=$1 yq ".nodes[] | select($name_of == strenv(node)) | $at" "$file")
  if [[ -z $found ]]; then
    echo "talos/$file has no node $1; it has: $(names | paste -sd ' ' -)" >&2
    return 1
  fi
  echo "$found"
}

first_controller() { yq "[.nodes[] | select($is_controller) | $at] | .[0]" "$file"; }

# talk ADDRESS COMMAND...: without a detour over another node.
talk() {
  local node=$1
  shift
  talosctl --nodes "$node" --endpoints "$node" "$@"
}

# Whether a node answers to the certificates of the cluster, so that it has left maintenance mode.
is_up() { talk "$1" version --short >/dev/null 2>&1; }

# The secrets of the cluster are made once; without them no node can ever be reached again.
secrets() {
  if [[ -s talsecret.sops.yaml ]]; then
    return
  fi
  local secrets
  if [[ $tool == topf ]]; then
    topf --confirm=false secrets >/dev/null
  else
    secrets=$(talhelper gensecret)
    secrets=$(sops encrypt --filename-override "$PWD/talsecret.sops.yaml" /dev/stdin <<<"$secrets")
    printf '%s\n' "$secrets" >talsecret.sops.yaml
  fi
  # topf goes on in plain text where it finds no sops.
  if ! grep -q '^sops:' talsecret.sops.yaml; then
    rm -f talsecret.sops.yaml
    echo "talos/talsecret.sops.yaml was not encrypted, so it was removed; is sops installed?" >&2
    return 1
  fi
  echo "made talos/talsecret.sops.yaml: commit it"
}

generate() {
  need "$tool" sops
  secrets
  mkdir -p "$configs"
  echo '*' >"$configs/.gitignore"
  if [[ $tool == topf ]]; then
    topf render --output "$configs"
    (umask 077 && topf --redact=false talosconfig >"$configs/talosconfig")
  else
    talhelper genconfig --no-gitignore --out-dir "$configs"
  fi
}

# Says what can be said of every node; only a cluster without any node to reach is a failure.
preflight() {
  local node address reached=0
  for node in $(names); do
    address=$(address_of "$node")
    echo "== $node ($address)"
    if is_up "$address"; then
      reached=$((reached + 1))
      echo "$node has its configuration already"
    elif "$retry" 3 2 "$self" insecurely "$address" get machinestatus; then
      reached=$((reached + 1))
      insecurely "$address" get disks || true
    else
      echo "$node does not answer; is it booted into maintenance mode?" >&2
    fi
  done
  ((reached > 0))
}

# insecurely ADDRESS COMMAND...: to a node in maintenance mode, which has no certificates yet.
insecurely() {
  local node=$1
  shift
  talosctl --nodes "$node" "$@" --insecure
}

apply_first() {
  local address
  address=$(address_of "$1")
  echo "== $1"
  if is_up "$address"; then
    echo "$1 has its configuration already"
    return
  fi
  "$retry" 5 3 "$self" insecurely "$address" apply-config --file "$(config_of "$1")"
}

apply_sequential() {
  local node
  for node in $(names); do
    apply_first "$node"
  done
}

apply_parallel() { names | xargs -n 1 -P 2 "$self" apply-first; }

verify() {
  local node address end
  for node in $(names); do
    address=$(address_of "$node") end=$((SECONDS + 300))
    until is_up "$address"; do
      if ((SECONDS >= end)); then
        echo "$node still does not answer after five minutes" >&2
        return 1
      fi
      sleep 5
    done
    echo "$node is up"
  done
}

etcd() {
  local node
  node=$(first_controller)
  if talk "$node" etcd members >/dev/null 2>&1; then
    echo "etcd runs already"
  else
    "$retry" 10 5 talosctl --nodes "$node" --endpoints "$node" bootstrap
  fi
}

# Who has the file can do everything in the cluster, so git must never get it.
kubeconfig() {
  local node
  grep -qx /kubeconfig "$root/.gitignore" 2>/dev/null || printf '\n/kubeconfig\n' >>"$root/.gitignore"
  node=$(first_controller)
  "$retry" 10 5 talosctl --nodes "$node" --endpoints "$node" kubeconfig --force "$root/kubeconfig"
}

apply() {
  local address
  address=$(address_of "$1")
  talk "$address" apply-config --file "$(config_of "$1")" --mode "${2:-auto}"
}

upgrade() {
  local address image
  address=$(address_of "$1")
  image=$(yq 'select(has("machine")) | .machine.install.image' "$(config_of "$1")")
  talk "$address" upgrade --image "$image" --timeout 10m
}

upgrade_kubernetes() {
  local node version
  node=$(first_controller)
  version=$(yq '.kubernetesVersion' "$file")
  talk "$node" upgrade-k8s --to "${version#v}"
}

# reset [full]: of each node the state and the data, or the whole disk.
reset() {
  local node address
  local labels=(--system-labels-to-wipe STATE --system-labels-to-wipe EPHEMERAL)
  if [[ ${1:-} == full ]]; then
    labels=()
  fi
  for node in $(names); do
    address=$(address_of "$node")
    talk "$address" reset --graceful=false --reboot --wait=false ${labels[@]+"${labels[@]}"}
  done
}

step=${1:-}
case $step in
  names | secrets | generate | preflight | apply-first | apply-sequential | apply-parallel | verify | etcd \
    | kubeconfig | apply | upgrade | upgrade-kubernetes | reset | insecurely)
    shift
    "${step//-/_}" "$@"
    ;;
  *)
    echo "usage: talos.sh secrets|generate|preflight|apply-sequential|apply-parallel|verify|etcd|kubeconfig" >&2
    echo "       talos.sh apply NODE [MODE] | upgrade NODE | upgrade-kubernetes | reset [full]" >&2
    exit 2
    ;;
esac
