#!/usr/bin/env bash
# Somebody who is not root and whose sudo wants a password is told so at once: no prompt, no half-done installation.
set -euo pipefail
gateway=$(readlink -f "$(dirname "$0")/../../gateway")
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
fake() { printf '#!/bin/sh\n%s\n' "$2" >"$tools/$1" && chmod +x "$tools/$1"; }
fake id 'echo 1000'
fake dpkg-query 'exit 1'
fake sudo '[ "$1" = -n ] || { echo "sudo asked for a password"; sleep 5; }; exit 1'
fake apt-get 'echo "apt-get ran without root"'
if said=$(PATH="$tools:$PATH" "$gateway" build 2>&1 </dev/null); then echo "it went on: $said"; exit 1; fi
case $said in
  *"asked for a password"* | *"ran without root"*) echo "$said"; exit 1 ;;
  *"run it as root or with password-less sudo"*) ;;
  *) echo "the error does not say what is needed: $said"; exit 1 ;;
esac
