#!/bin/sh
# Everything that the native app consists of, then its packages. `sh scripts/build-native.sh STEP...` makes only
# those steps; the names are in scripts/build-native.ts.
set -eu
exec node "$(dirname "$0")/bootstrap.mjs" native "$@"
