"""Makes golden_quants.gguf with llama.cpp's package gguf (0.19): a tensor of every quantised type that is read,
and golden_quants.safetensors with the same numbers as the package widens them. For Q8_0 and Q4_0 there are the
numbers before quantisation too: ties of the rounding, scales below float16's normal range, zeros of both signs.

    python gguf_quants_golden.py ../resources/gradus/train/checkpoint
"""

import sys

import gguf
import numpy as np
from safetensors.numpy import save_file

TYPE = gguf.GGMLQuantizationType
rng = np.random.default_rng(2)
# scales as float16 bits: ordinary, negative, zeros, the smallest, subnormal, the largest, infinities, NaN
SCALES = [0x2E66, 0xAE66, 0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x7BFF, 0x3C00, 0x1234, 0x7C00, 0xFC00, 0x7E00]
# where the float16 scales of a block stand, by type
PLACES = {TYPE.Q4_0: [0], TYPE.Q4_1: [0, 2], TYPE.Q5_0: [0], TYPE.Q5_1: [0, 2], TYPE.Q8_0: [0],
          TYPE.Q4_K: [0, 2], TYPE.Q5_K: [0, 2], TYPE.Q6_K: [208]}


def blocks(kind):
    """Blocks of random bits, the scales from the list; some of all zero bits and all ones beside them, so that each
    six-bit scale is once the least and once the largest: 40 of 32 elements, or of 256."""
    size, width = gguf.GGML_QUANT_SIZES[kind]
    raw = rng.integers(0, 256, (40, width), dtype=np.uint8)
    raw[36:38] = 0
    raw[38:] = 255
    for b in range(40):
        for n, place in enumerate(PLACES[kind]):
            bits = SCALES[(b + 3 * n + b // len(SCALES)) % len(SCALES)]
            raw[b, place:place + 2] = np.array([bits], dtype="<u2").view(np.uint8)
    return raw.reshape(2, 20 * width)


def hard():
    """Blocks of 32 that a quantiser can get wrong."""
    halves = np.arange(-16, 16, dtype=np.float32) + np.float32(0.5)
    below = np.nextafter(halves, np.float32(0))
    above = np.nextafter(halves, np.float32(100) * np.sign(halves))
    rows = []
    for ties in (halves, below, above):
        eight = ties.copy()
        eight[0] = 127  # d = 1
        rows.append(eight)
        four = np.clip(ties / 2, -7.5, 7.5).astype(np.float32)
        four[0] = -8  # d = 1
        rows.append(four)
    quarter = np.full(32, np.float32(0.49999997))
    quarter[5] = -127
    rows.append(quarter)
    nibbles = np.full(32, np.float32(0.49999997))
    nibbles[5] = -8
    rows.append(nibbles)
    both = rng.standard_normal(32).astype(np.float32)
    both[3], both[9] = 5, -5  # the first of equal magnitude decides the sign of Q4_0's scale
    rows.append(both)
    rows.append(-both)
    rows.append(np.zeros(32, dtype=np.float32))
    rows.append(np.full(32, np.float32(-0.0)))
    for scale in (1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-12, 1e-30, 1e4):
        rows.append((rng.standard_normal(32) * scale).astype(np.float32))
    return np.stack(rows)


writer = gguf.GGUFWriter(sys.argv[1] + "/golden_quants.gguf", "llama")
expected = {}
for kind in PLACES:
    data = blocks(kind)
    writer.add_tensor(kind.name, data, raw_dtype=kind)
    expected[kind.name] = gguf.quants.dequantize(data, kind)
values = hard()
expected["hard"] = values
for kind in (TYPE.F16, TYPE.BF16, TYPE.Q8_0, TYPE.Q4_0):
    data = gguf.quants.quantize(values, kind)
    writer.add_tensor("hard." + kind.name, data, raw_dtype=kind)
    expected["hard." + kind.name] = gguf.quants.dequantize(data, kind).astype(np.float32)
wide = rng.standard_normal((2, 3))
writer.add_tensor("F64", wide)
expected["F64"] = wide.astype(np.float32)
for kind in ("int8", "int16", "int32", "int64"):
    writer.add_tensor(kind, np.array([[1, -2, 3]], dtype=kind))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
save_file({name: np.ascontiguousarray(value) for name, value in expected.items()},
          sys.argv[1] + "/golden_quants.safetensors", metadata={"format": "pt"})
