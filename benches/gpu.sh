#!/usr/bin/env bash
# One table of what a graphics device does beside what it should: floods of first and second order on
# 4096 x 4096 wet cells with their share of the measured bandwidth, steps per second on 100 x 100 cells, the cost of
# a step where a twentieth of the cells is wet, pairs of puffs and receptors; and what bounds each, from these numbers.
# Before it the devices are held against the engine.
#
#   benches/gpu.sh                       builds, validates, prints the table of the best device
#   benches/gpu.sh --quick               without the validation
#   benches/gpu.sh --small               small grids, for a driver that computes on the processor
#   benches/gpu.sh --device gpu:1        another device of `tuiyan list devices`
#   TUIYAN=path/to/tuiyan benches/gpu.sh a program that is built already
#
# A peer: PEER_COMMAND, if it is set, is run by bash in a folder with dem.asc and depth.asc (ESRI grids, m) and
# case.json (cell size, Manning's n, simulated seconds; walls on all sides, no rain). Its wall time, and ours with both
# schemes on the same files (the steps alone: wall_seconds of run.json), are printed for the same simulated time. A
# wrapper of a few lines that writes the peer's own input from these files and starts it is enough; its time
# counts reading and writing, so that it should print its own time too.
#
# Needs a Vulkan, Metal or Direct3D driver. In a container on a data-centre card the driver may be
# there and not found: VK_ICD_FILENAMES must name a file that points to libEGL_nvidia.so.0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/tmp}"
size=full validates=yes device=gpu
while [ $# -gt 0 ]; do
    case "$1" in
        --small) size=small ;;
        --quick) validates=no ;;
        --device) device="${2:?--device needs gpu or gpu:N}"; shift ;;
        *) echo "unknown: $1 (see the head of $0)" >&2; exit 2 ;;
    esac
    shift
done
if [ -z "${TUIYAN:-}" ]; then
    cargo build --release --quiet
    TUIYAN=$(cargo metadata --format-version 1 --no-deps |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/tuiyan
fi

"$TUIYAN" --version
"$TUIYAN" list devices
if [ "$validates" = yes ]; then
    "$TUIYAN" validate devices
fi
echo
python3 benches/gpu_table.py "$TUIYAN" "$size" "$device"
