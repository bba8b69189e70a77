"""Makes one Markdown page of what bench/gpu/run wrote: python3 table.py FOLDER

The parts print lines `result<TAB>part<TAB>row<TAB>column<TAB>value`.
"""

import glob
import math
import os
import subprocess
import sys

values = {}  # part → row → column → value
for log in sorted(glob.glob(os.path.join(sys.argv[1], "*.log")), key=os.path.getmtime):
    sanitizer = os.path.basename(log).startswith("sanitize")
    for line in open(log, encoding="utf-8", errors="replace"):
        if line.startswith("result\t"):
            _, part, row, column, value = line.rstrip("\n").split("\t", 4)
            if sanitizer and part != "parts":
                part = os.path.basename(log)[:-4]
            values.setdefault(part, {}).setdefault(row, {})[column] = value
        elif "ERROR SUMMARY" in line or "RACECHECK SUMMARY" in line:
            values.setdefault("sanitizer", {})[os.path.basename(log)[:-4]] = {"": line.strip("= \n")}


def number(part, row, column):
    try:
        return float(values[part][row][column])
    except (KeyError, ValueError):
        return math.nan


def shown(x, digits=3):
    if math.isnan(x):
        return "–"
    return f"{x:,.0f}" if x >= 1000 else f"{x:.{digits}g}"


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def mean(ratios):
    """Geometric."""
    known = [math.log(r) for r in ratios if not math.isnan(r)]
    return math.exp(sum(known) / len(known)) if known else math.nan


def asked(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


card = asked("nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader")
torch = values.get("machine", {}).get("torch", {}).get("", "–")
print(f"Card, driver, memory: {card or 'none'}. PyTorch {torch}. {os.cpu_count()} processor cores.\n")

if "check" in values:
    print("### Kernels on the card against the vector kernels, within 1e-5 of the largest magnitude\n")
    table(["", ""], [[row, columns["gradus"]] for row, columns in values["check"].items()])

if "sanitizer" in values:
    print("### compute-sanitizer\n")
    table(["tool", "says"], [[row, columns[""]] for row, columns in values["sanitizer"].items()])

if "gemm" in values:
    print("### Products, GFLOP/s, 16,384 rows; aim: 0.7 of cuBLAS\n")
    rows = []
    ratios = {"fp32": [], "tf32": []}
    for row in values["gemm"]:
        cells = [row]
        for precision in ratios:
            ours, theirs = number("gemm", row, precision), number("gemm", row, "torch " + precision)
            ratios[precision].append(ours / theirs)
            cells += [shown(ours), shown(theirs), shown(ours / theirs, 2)]
        rows.append(cells)
    total = ["geometric mean"]
    for precision in ratios:
        total += ["", "", shown(mean(ratios[precision]), 2)]
    table(["in→out", "Gradus fp32", "cuBLAS fp32", "ratio", "Gradus TF32", "cuBLAS TF32", "ratio"], rows + [total])

if "attention" in values:
    print("### Attention, float32, milliseconds\n")
    rows = []
    for row in values["attention"]:
        ours, theirs = number("attention", row, "fp32"), number("attention", row, "torch fp32")
        rows.append([row, shown(ours), shown(theirs), shown(theirs / ours, 2)])
    table(["", "Gradus", "PyTorch", "PyTorch's time over ours"], rows)

if "step" in values:
    print("### Training steps, milliseconds\n")
    print("In brackets PyTorch's time over ours; the aims are 0.75 in float32, 0.6 in TF32, both 0.9 with cuBLAS, and 3 for"
          " the small model, whose launches cost more than their work; and 5 times the host's speed.\n")

    def beside(row, column, theirs):
        ours = number("step", row, column)
        return "–" if math.isnan(ours) else f"{shown(ours)} ({shown(theirs / ours, 2)})"

    rows = []
    losses = []
    for row, columns in values["step"].items():
        if row.endswith(": ms"):
            cells = [row[:-4]]
            for precision in ("fp32", "tf32"):
                theirs = number("step", row, "torch " + precision)
                cells += [beside(row, precision, theirs), beside(row, "cublas " + precision, theirs), shown(theirs)]
            host = number("step", row, "host")
            rows.append(cells + [shown(host), shown(host / number("step", row, "fp32"))])
        elif "loss" in row or "bits" in row:
            losses.append([row] + [columns.get(name, "–") for name in ("fp32", "tf32", "host")])
    table(["model", "Gradus float32", "with cuBLAS", "PyTorch", "Gradus TF32", "with cuBLAS", "PyTorch",
           "this machine's cores", "card over cores"], rows)
    table(["", "float32", "TF32", "cores"], losses)
    memory = [[row] + [shown(number("step", row, name)) for name in ("fp32", "torch fp32")]
              for row in values["step"] if "MiB" in row]
    table(["", "Gradus", "PyTorch, the most"], memory)

if "character" in values:
    print("### The character recipe; `char-small` reaches 1.7530 on a CPU with the same seed\n")
    table(["", "precision", ""], [[row, column, shown(float(value), 5)]
                                  for row, columns in values["character"].items() for column, value in columns.items()])

print("### How the parts ended\n")
table(["part", ""], [[row, columns["ended"]] for row, columns in values.get("parts", {}).items()])
