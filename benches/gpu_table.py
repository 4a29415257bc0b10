"""The table of benches/gpu.sh: gpu_table.py TUIYAN full|small DEVICE."""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Cells along each side: of the large floods, and of their halves; of the small flood; of one that is
# all overhead; of the flood that a peer is given.
SIDES = {"full": (4096, 2048, 100, 32, 2048), "small": (128, 64, 100, 32, 64)}

# From this share of the measured bandwidth on a kernel is said to be bound by the memory.
BOUND_BY_MEMORY = 0.6

# Rates or times that differ by less are the same.
SAME = 0.25

# Percent of the cells that are wet in the third measurement.
WET = 5


def bench(tuiyan, device, side, *more):
    """What `tuiyan bench` measures on one device."""
    command = [tuiyan, "bench", "--device", device, "--side", str(side), "--json", "--quiet", *more]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["devices"]
    cards = [one for one in found if not one["is_software"]] or found
    one = cards[0]
    one["rates"] = {row["scheme"]: row for row in one["schemes"] if row["supported"]}
    return one


def line(what, value, target, is_met, bound):
    print(f"{what:<38} {value:<34} {target:<18} {'met' if is_met else 'not met':<8} {bound}")


def bound_of_large(share, rate, half):
    if share >= BOUND_BY_MEMORY:
        return f"memory: {100 * share:.0f} % of its measured bandwidth"
    if abs(half / rate - 1) <= SAME:
        return f"the kernel's own work: {100 * share:.0f} % of the bandwidth, and as fast on a quarter of the cells"
    if half < rate:
        return f"too few cells: {100 * share:.0f} % of the bandwidth, {half / rate:.2f} of the rate on a quarter of them"
    return f"what lies outside the caches: {half / rate:.2f} times as fast on a quarter of the cells"


def floods(large, half):
    for scheme, target in (("hllc-1", 40e9), ("hllc-2", 25e9)):
        row, small = large["rates"][scheme], half["rates"][scheme]
        share = row["bytes_per_second"] / large["memory_bytes_per_second"]
        rate = row["cell_steps_per_second"]
        side = math.isqrt(row["cells"])
        value = f"{rate / 1e9:.3f} G cell-steps/s, {100 * share:.1f} % bw"
        bound = bound_of_large(share, rate, small["cell_steps_per_second"])
        line(f"{scheme}, {side} x {side}, all wet", value, f">= {target / 1e9:.0f} G", rate >= target, bound)


def small_flood(small, least):
    for scheme in ("hllc-1", "hllc-2"):
        row, floor = small["rates"][scheme], least["rates"][scheme]
        rate, most = row["steps_per_second"], floor["steps_per_second"]
        side = math.isqrt(row["cells"])
        if rate >= (1 - SAME) * most:
            bound = f"the launch of kernels: {1e6 / most:.1f} us a step also on 32 x 32 cells"
        else:
            bound = f"the work of the cells: {1e6 / rate:.1f} us a step, {1e6 / most:.1f} on 32 x 32"
        line(f"{scheme}, {side} x {side}", f"{rate:.0f} steps/s", ">= 50,000", rate >= 50_000, bound)


def part_wet(large, part, least):
    for scheme in ("hllc-1", "hllc-2"):
        whole, some = large["rates"][scheme], part["rates"][scheme]
        cost = whole["steps_per_second"] / some["steps_per_second"]
        floor = whole["steps_per_second"] / least["rates"][scheme]["steps_per_second"]
        wet = 100 * some["wet_share"]
        bound = f"wet cells alone would cost {wet:.1f} %, the launch of kernels {100 * floor:.1f} %"
        line(f"{scheme}, {wet:.1f} % wet", f"{100 * cost:.1f} % of the wet cost", "<= 10 %", cost <= 0.10, bound)


def puffs(large, half):
    row, small = large["puffs"], half["puffs"]
    rate, other = row["pairs_per_second"], small["pairs_per_second"]
    side = math.isqrt(row["receptors"])
    # Once a submission of many steps each receptor reads and writes four words.
    if other < (1 - SAME) * rate:
        bound = f"too few receptors: {other / rate:.2f} of the rate on a quarter of them"
    else:
        bound = f"arithmetic: sums stay in registers, {other / rate:.2f} of the rate on a quarter of the receptors"
    value = f"{rate / 1e9:.3f} G pairs/s"
    line(f"puffs, {side} x {side}, {row['puffs']} puffs", value, ">= 100 G", rate >= 1e11, bound)


def grid(path, side, cell, value):
    head = f"ncols {side}\nnrows {side}\nxllcorner 0\nyllcorner 0\ncellsize {cell}\nNODATA_value -9999\n"
    # The first line is the northernmost.
    rows = (" ".join(f"{value(row, column):.4f}" for column in range(side)) for row in reversed(range(side)))
    path.write_text(head + "\n".join(rows) + "\n")


def peer(tuiyan, device, side):
    """A dam break over waves of the ground, by the command of the environment and by us."""
    command = os.environ.get("PEER_COMMAND")
    if not command:
        print("\nno peer: PEER_COMMAND is not set (see the head of benches/gpu.sh)")
        return
    cell, seconds, manning = 2.0, 60.0, 0.03
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bed = lambda row, column: 0.3 * math.sin(0.05 * row) * math.sin(0.05 * column)
        grid(folder / "dem.asc", side, cell, bed)
        level = lambda column: 1.0 if column >= side // 2 else 3.0
        grid(folder / "depth.asc", side, cell, lambda row, column: level(column) - bed(row, column))
        case = {"cell_m": cell, "manning_n": manning, "seconds": seconds, "rows": side, "columns": side}
        (folder / "case.json").write_text(json.dumps(case))
        (folder / "case.toml").write_text(
            'schema = 1\nhazard = "flood"\ntitle = "peer"\n[site]\ncrs = "EPSG:32650"\n'
            f'[terrain]\ndem = "dem.asc"\nmanning_n = {manning}\n[initial]\ndepth = "depth.asc"\n'
            f'[edges]\nall = "wall"\n[run]\nduration = "{seconds} s"\n'
        )
        print(f"\na dam break on {side} x {side} cells, {seconds:.0f} s:")
        for scheme in ("hllc-1", "hllc-2"):
            ours = [tuiyan, "run", "case.toml", "--device", device, "--set", f"run.scheme={scheme}", "--quiet"]
            subprocess.run([*ours, "--out", scheme], check=True, cwd=folder)
            record = json.loads((folder / scheme / "run.json").read_text())
            print(f"  {scheme} on {record['device']}: {record['wall_seconds']:.2f} s, {record['steps']} steps")
        begun = time.monotonic()
        ended = subprocess.run(["bash", "-c", command], cwd=folder)
        taken = time.monotonic() - begun
        print(f"  the peer: {taken:.2f} s, start and files among them" if ended.returncode == 0 else
              f"  the peer failed with {ended.returncode} after {taken:.2f} s")


def main(tuiyan, size, device):
    side, half, small, least, of_peer = SIDES[size]
    at = {n: bench(tuiyan, device, n) for n in (side, half, small, least)}
    part = bench(tuiyan, device, side, "--wet", str(WET))
    one = at[side]
    software = " (a driver that computes on the processor)" if one["is_software"] else ""
    print(f"{one['device']}{software}: memory {one['memory_bytes_per_second'] / 1e9:.1f} GB/s measured")
    print("The targets are those for an H200.\n")
    print(f"{'what':<38} {'measured':<34} {'target':<18} {'':<8} bound by")
    floods(one, at[half])
    small_flood(at[small], at[least])
    part_wet(one, part, at[least])
    puffs(one, at[half])
    peer(tuiyan, device, of_peer)


main(str(Path(sys.argv[1]).resolve()), *sys.argv[2:])
