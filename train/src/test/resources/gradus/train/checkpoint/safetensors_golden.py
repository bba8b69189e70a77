"""Makes golden.safetensors with Hugging Face's package: python safetensors_golden.py golden.safetensors"""

import sys

import torch
from safetensors.torch import save_file

save_file(
    {
        "single": torch.arange(6, dtype=torch.float32).reshape(2, 3),
        "double": torch.tensor([0.1, -2.5], dtype=torch.float64),
        "half": torch.tensor([0.5, -65504.0, float("inf")], dtype=torch.float16),
        "brain": torch.tensor([1.5, -0.0078125, 3.3895313892515355e38], dtype=torch.bfloat16),
        "whole": torch.tensor([1, 2, 3]),
        "scalar": torch.tensor(7.0),
    },
    sys.argv[1],
    metadata={"format": "pt"},
)
