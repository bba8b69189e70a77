"""Writes positions.txt, what transformers 5.18 (torch 2.13) says about positions on random draws.

    pip install torch transformers
    python positions.py > ../resources/gradus/layers/position/positions.txt

A line is a kind, then fields between bars, each a list of numbers.
"""

import random

import torch
from transformers import LlamaConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb
from transformers.models.pegasus.modeling_pegasus import PegasusSinusoidalPositionalEmbedding
from transformers.models.t5.modeling_t5 import T5Attention

DRAWS = 6
draw = random.Random(2026)


def line(kind, *fields):
    print(kind, *(" ".join(repr(float(v)) for v in field) for field in fields), sep="|")


def frequencies(kind):
    dim = draw.choice([16, 32, 64, 128])
    base = draw.choice([1e4, 5e5, 1e6])
    scale = draw.choice([1.5, 2.0, 4.0, 8.0, 32.0])
    trained = draw.choice([256, 2048, 4096, 8192])
    length = draw.choice([trained // 2, trained, trained + 1, 3 * trained])
    short = [round(draw.uniform(1, 1.5), 3) for _ in range(dim // 2)]
    long = [round(draw.uniform(1, 40), 3) for _ in range(dim // 2)]
    parameters = {
        "rope_type": kind,
        "rope_theta": base,
        "factor": scale,
        "original_max_position_embeddings": trained,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "short_factor": short,
        "long_factor": long,
    }
    asked = {
        "linear": {"factor"},
        "dynamic": {"factor"},
        "yarn": {"factor", "original_max_position_embeddings"},
        "llama3": {"factor", "original_max_position_embeddings", "low_freq_factor", "high_freq_factor"},
        "longrope": {"factor", "original_max_position_embeddings", "short_factor", "long_factor"},
    }[kind] | {"rope_type", "rope_theta"}
    config = LlamaConfig(
        hidden_size=4 * dim,
        num_attention_heads=4,
        max_position_embeddings=trained if kind == "dynamic" else int(trained * scale),
        rope_parameters={k: v for k, v in parameters.items() if k in asked},
    )
    angles, factor = ROPE_INIT_FUNCTIONS[kind](config, torch.device("cpu"), seq_len=length)
    divisors = (short, long) if kind == "longrope" else ([], [])
    line(kind, [dim, base, scale, trained, length], *divisors, [factor], angles.tolist())


def rotation():
    dim, heads, time = draw.choice([2, 6, 8]), draw.choice([1, 3]), draw.choice([1, 4])
    base = draw.choice([1e4, 5e5])
    positions = [draw.randrange(5000) for _ in range(time)]
    x = torch.randn(1, heads, time, dim, dtype=torch.float64)
    theta = 1 / base ** (torch.arange(0, dim, 2, dtype=torch.float64) / dim)
    angle = torch.tensor(positions, dtype=torch.float64)[:, None] * theta
    angle = torch.cat([angle, angle], dim=-1)[None]
    y, _ = apply_rotary_pos_emb(x, x, angle.cos(), angle.sin())
    flat = lambda t: t.transpose(1, 2).reshape(-1).tolist()
    line("rotation", [dim, heads, base], positions, flat(x), flat(y))


def buckets(bidirectional):
    count, distance = draw.choice([(32, 128), (16, 64), (8, 20), (64, 1000)])
    relative = [draw.randrange(-2 * distance, 2 * distance) for _ in range(60)]
    got = T5Attention._relative_position_bucket(torch.tensor(relative), bidirectional, count, distance)
    line("t5", [count, distance, bidirectional], relative, got.tolist())


def alibi(heads):
    bias = build_alibi_tensor(torch.ones(1, 5), heads, torch.float32)
    line("alibi", bias[:, 0].flatten().tolist())


def sinusoid():
    dim, rows = draw.choice([2, 6, 10, 16]), draw.choice([1, 7, 40])
    table = PegasusSinusoidalPositionalEmbedding(rows, dim)
    if hasattr(table, "create_weight"):
        table.weight = torch.nn.Parameter(table.create_weight())
    line("sinusoid", [dim], table.weight.flatten().tolist())


torch.manual_seed(2026)
for _ in range(DRAWS):
    for kind in ["linear", "dynamic", "yarn", "llama3", "longrope"]:
        frequencies(kind)
    rotation()
    buckets(True)
    buckets(False)
    sinusoid()
for heads in [1, 2, 3, 6, 8, 12, 20, 40]:
    alibi(heads)
