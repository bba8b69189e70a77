"""Reads with llama.cpp's own gguf package the adapter that LoraGgufTest wrote, and compares its changes with those of
the safetensors file beside it:

    python lora_gguf_check.py ADAPTER.gguf DELTAS.safetensors

DELTAS holds by the base's tensor name the change in llama.cpp's order of rows.
"""

import sys

import numpy as np
from gguf import GGUFReader
from safetensors.numpy import load_file

reader = GGUFReader(sys.argv[1])
text = lambda key: bytes(reader.fields[key].parts[-1]).decode()
assert text("general.type") == "adapter" and text("adapter.type") == "lora"
assert text("general.architecture") == "llama"
alpha = float(reader.fields["adapter.lora.alpha"].parts[-1][0])
tensors = {t.name: np.array(t.data) for t in reader.tensors}
deltas = load_file(sys.argv[2])
assert len(tensors) == 2 * len(deltas), (sorted(tensors), sorted(deltas))
for name, delta in deltas.items():
    a, b = tensors[name + ".lora_a"], tensors[name + ".lora_b"]
    if name == "token_embd.weight":
        found = alpha / b.shape[1] * (a @ b.T)
    else:
        found = alpha / b.shape[1] * (b @ a)
    assert found.shape == delta.shape, (name, found.shape, delta.shape)
    assert np.abs(found - delta).max() < 1e-5, name
print(len(deltas), "changes equal")
