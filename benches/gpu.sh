#!/usr/bin/env bash
# Cell-steps per second of every scheme on the processor and on each graphics device, with the
# bandwidth of their memories; first that the devices compute the same floods.
#
#   benches/gpu.sh            builds, validates, prints the tables
#   benches/gpu.sh --quick    without the validation
#
# Needs a Vulkan, Metal or Direct3D driver. In a container on a data-centre card the driver may be
# there and not found: VK_ICD_FILENAMES must name a file that points to libEGL_nvidia.so.0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/tmp}"
cargo build --release --quiet
tuiyan=$(cargo metadata --format-version 1 --no-deps |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/tuiyan

"$tuiyan" --version
"$tuiyan" list devices
if [ "${1:-}" != "--quick" ]; then
    "$tuiyan" validate devices
fi
echo
"$tuiyan" bench --grid 10000x10000 --cell-size "5 m" --simulated 6h
echo
echo "The same from 1 to 64 million cells:"
for side in 1000 2000 4000 8000; do
    "$tuiyan" bench --quiet --side "$side"
done
