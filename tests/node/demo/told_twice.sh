#!/usr/bin/env bash
# A second story on the same stores failed at records and questions of the first one. PROGRAM SOURCE
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for keep in "" --keep; do
  "$1" demo --once --persons 3000 --folder "$folder" --source "$2" $keep >"$folder/told.log" 2>&1 ||
    { tail -n 20 "$folder/told.log"; exit 1; }
done
grep -q '/questions/prevalence\.2$' "$folder/told.log" || { echo "the second story is not told as the second"; exit 1; }
