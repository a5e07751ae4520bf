#!/bin/sh
# Makes one Cluster of the servers that are named, half of them replicas, and keeps it together: a container that
# comes back may have another address, and the others must be told (CLUSTER MEET). Never touches what holds data:
# `--cluster create` refuses servers that are not empty.
#   sh cluster.sh node-1:6379 node-2:6379 …       for ever; with CLUSTER_ONCE=1 until it is well
set -u

on() { # <host:port> <command...>
  server=$1
  shift
  valkey-cli -h "${server%:*}" -p "${server##*:}" "$@"
}

addresses() {
  for node; do
    ip=$(getent hosts "${node%:*}" | { read -r ip _ && echo "$ip"; })
    echo "${ip:-${node%:*}}:${node##*:}"
  done
}

is_made() {
  for node; do
    on "$node" cluster info | grep -q cluster_slots_assigned:16384 && return
  done
  return 1
}

is_well() {
  for node; do
    on "$node" cluster info | grep -q cluster_state:ok || return
    ! on "$node" cluster nodes | grep -qE 'fail|noaddr|handshake|disconnected' || return
  done
}

for node; do
  until [ "$(on "$node" ping 2>/dev/null)" = PONG ]; do sleep 1; done
done
while :; do
  if ! is_made "$@"; then
    # shellcheck disable=SC2046 # a list of addresses
    valkey-cli --cluster create $(addresses "$@") --cluster-replicas 1 --cluster-yes
  elif ! is_well "$@"; then
    for node; do
      for other in $(addresses "$@"); do
        on "$node" cluster meet "${other%:*}" "${other##*:}" >/dev/null
      done
    done
  fi
  if [ -n "${CLUSTER_ONCE:-}" ] && is_made "$@" && is_well "$@"; then exit; fi
  sleep "${CLUSTER_EVERY_S:-10}"
done
