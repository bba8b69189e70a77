"""Makes golden.gguf with llama.cpp's package gguf (0.19), and golden.safetensors of the numbers in it, dequantised:

    python gguf_golden.py ../resources/gradus/train/checkpoint
"""

import sys

import gguf
import numpy as np
from safetensors.numpy import save_file

rng = np.random.default_rng(1)
writer = gguf.GGUFWriter(sys.argv[1] + "/golden.gguf", "llama")
writer.add_uint8("a.u8", 200)
writer.add_int8("a.i8", -100)
writer.add_uint16("a.u16", 60000)
writer.add_int16("a.i16", -30000)
writer.add_uint32("a.u32", 4000000000)
writer.add_int32("a.i32", -2000000000)
writer.add_uint64("a.u64", 1 << 40)
writer.add_int64("a.i64", -(1 << 40))
writer.add_float32("a.f32", 0.5)
writer.add_float64("a.f64", 0.1)
writer.add_bool("a.bool", True)
writer.add_string("a.string", "Größe")
writer.add_array("a.strings", ["a", "", "ö"])
writer.add_array("a.numbers", [1, -2, 3])
expected = {}
for kind in (gguf.GGMLQuantizationType.F32, gguf.GGMLQuantizationType.F16, gguf.GGMLQuantizationType.Q8_0,
             gguf.GGMLQuantizationType.Q4_0):
    values = rng.standard_normal((3, 64)).astype(np.float32)
    values[1] *= 100
    values[2, :32] = 0
    values[2, 33] = values[2, 32] = -2.5  # two of the largest magnitude
    data = gguf.quants.quantize(values, kind)
    writer.add_tensor(kind.name, data, raw_dtype=kind)
    expected[kind.name] = values
    expected[kind.name + ".back"] = gguf.quants.dequantize(data, kind)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
save_file(expected, sys.argv[1] + "/golden_gguf.safetensors", metadata={"format": "pt"})
