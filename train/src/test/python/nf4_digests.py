"""Writes dequantized.sha256 beside the golden matrices: a digest of each dequantised matrix's float32 bytes.

bitsandbytes 0.50 (its plain PyTorch path on a CPU) made the golden files in gradus/train/pretrained/nf4 from seeded
random numbers: inputs.safetensors, their NF4 form with blocks of 64 (nf4.safetensors), and with double quantisation
(nf4-nested.safetensors), laid out as transformers saves a 4-bit model. It dequantised them too; the results take more
room than all the rest, so only their digests are kept. Run: python nf4_digests.py DEQUANTIZED.safetensors OUT
"""

import hashlib
import sys

from safetensors.numpy import load_file

with open(sys.argv[2], "w") as out:
    for name, values in sorted(load_file(sys.argv[1]).items()):
        out.write(f"{name} {hashlib.sha256(values.tobytes()).hexdigest()}\n")
