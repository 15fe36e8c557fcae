#!/bin/sh
# Installs the rollout that this file belongs to into a virtual environment of its own, for a CI job or an image.
#
#   sh install.sh VENV [PYTHON]
#
# Packages are those of constraints.txt, as wheels with the hashes given there, so nothing of theirs runs on the way in.
set -eu

venv=${1:?the folder of the virtual environment is missing: sh install.sh VENV}
python=${2:-python3}
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)

# -I: the folder we stand in may hold a branch's files, and a pip.py there is not pip.
"$python" -I -m venv "$venv"
# Up to the line of dashes stands what rollout itself needs.
sed '/^# ----/,$d' "$here/constraints.txt" >"$venv/constraints.txt"
"$venv/bin/python" -I -m pip --disable-pip-version-check install --quiet \
    --require-hashes --only-binary :all: -r "$venv/constraints.txt"
"$venv/bin/python" -I -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation "$here"
