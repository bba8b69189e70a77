"""PyTorch's side of bench/gpu: the same products, attention and training steps, timed alike.

python3 pytorch.py gemm|attention|step fp32|tf32 [--device cuda|cpu] [--tiny] [--compile]
"""

import argparse
import math
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("part", choices=["gemm", "attention", "step"])
parser.add_argument("precision", choices=["fp32", "tf32"])
parser.add_argument("--device", default="cuda")
parser.add_argument("--tiny", action="store_true", help="sizes for a trial")
parser.add_argument("--compile", action="store_true", help="steps by torch.compile")
arguments = parser.parse_args()

device = torch.device(arguments.device)
torch.manual_seed(1)
torch.backends.cuda.matmul.allow_tf32 = arguments.precision == "tf32"
torch.backends.cudnn.allow_tf32 = arguments.precision == "tf32"
column = "torch " + ("compiled " if arguments.compile else "") + arguments.precision
SAMPLES = 3 if arguments.tiny else 25


def wait():
    if device.type == "cuda":
        torch.cuda.synchronize()


def sample(work, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        work()
    wait()
    return (time.perf_counter() - start) * 1e3 / repeats


def millis(work, least=5, warm=300):
    """The median milliseconds of one call; a sample repeats the work for `least` milliseconds and then waits."""
    begin = time.perf_counter()
    while True:
        one = sample(work, 1)
        if (time.perf_counter() - begin) * 1e3 >= (0 if arguments.tiny else warm):
            break
    repeats = min(1000, max(1, math.ceil(least / one)))
    sample(work, repeats)
    return statistics.median(sample(work, repeats) for _ in range(SAMPLES))


def result(part, row, value):
    print(f"result\t{part}\t{row}\t{column}\t{value:.6g}", flush=True)


# --- products


def gemm():
    rows, side = (64, 128) if arguments.tiny else (16384, 4096)

    def measure(name, m, n, k, transpose_a, transpose_b):
        a = torch.rand((k, m) if transpose_a else (m, k), device=device)
        b = torch.rand((n, k) if transpose_b else (k, n), device=device)
        left = a.t() if transpose_a else a
        right = b.t() if transpose_b else b
        c = torch.empty(m, n, device=device)
        took = millis(lambda: torch.mm(left, right, out=c), warm=200)
        result("gemm", name, 2 * m * n * k / took / 1e6)

    for n_in, n_out in [(384, 1152), (384, 384), (384, 1536), (1536, 384), (384, 65)]:
        name = f"{n_in}→{n_out}"
        measure(name + " Y = X·Wᵀ", rows, n_out, n_in, False, True)
        measure(name + " dX = dY·W", rows, n_in, n_out, False, False)
        measure(name + " dW = dYᵀ·X", n_out, n_in, rows, True, False)
    measure(f"{side}³", side, side, side, False, False)


# --- attention


def attention():
    b, h, t, d = (2, 2, 32, 16) if arguments.tiny else (64, 6, 256, 64)
    for name in ["causal", "full"]:
        q, k, v = (torch.randn(b, h, t, d, device=device, requires_grad=True) for _ in range(3))
        upstream = torch.randn(b, h, t, d, device=device)
        causal = name == "causal"

        def forward():
            with torch.no_grad():
                F.scaled_dot_product_attention(q, k, v, is_causal=causal)

        def both():
            out = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
            torch.autograd.grad(out, (q, k, v), upstream)

        row = f"{name}, B={b} H={h} T={t} D={d}"
        result("attention", row + ", forward", millis(forward))
        result("attention", row + ", forward and backward", millis(both))


# --- training steps of GPT-2's shape, as gradus.layers.model.Gpt has it


class Block(nn.Module):
    def __init__(self, heads, dim):
        super().__init__()
        self.heads = heads
        self.ln_1 = nn.LayerNorm(dim)
        self.c_attn = nn.Linear(dim, 3 * dim)
        self.c_proj = nn.Linear(dim, dim)
        self.ln_2 = nn.LayerNorm(dim)
        self.c_fc = nn.Linear(dim, 4 * dim)
        self.mlp_proj = nn.Linear(4 * dim, dim)

    def forward(self, x):
        b, t, c = x.shape
        qkv = self.c_attn(self.ln_1(x)).split(c, dim=2)
        q, k, v = (y.view(b, t, self.heads, c // self.heads).transpose(1, 2) for y in qkv)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.c_proj(y.transpose(1, 2).reshape(b, t, c))
        return x + self.mlp_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, vocabulary, context, layers, heads, dim):
        super().__init__()
        self.wte = nn.Embedding(vocabulary, dim)
        self.wpe = nn.Embedding(context, dim)
        self.h = nn.ModuleList(Block(heads, dim) for _ in range(layers))
        self.ln_f = nn.LayerNorm(dim)
        for name, parameter in self.named_parameters():
            if parameter.dim() >= 2:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, ids, targets):
        x = self.wte(ids) + self.wpe.weight[: ids.shape[1]]
        for block in self.h:
            x = block(x)
        logits = F.linear(self.ln_f(x), self.wte.weight)
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.view(-1))


def steps(name, batch, shape):
    vocabulary, context = shape[:2]
    model = Gpt(*shape).to(device)
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.99), fused=True)
    run = torch.compile(model) if arguments.compile else model
    tokens = torch.randint(vocabulary, (100_000,))
    places = torch.arange(context + 1)

    def step():
        starts = torch.randint(len(tokens) - context, (batch, 1))
        crops = tokens[starts + places]
        if device.type == "cuda":
            crops = crops.pin_memory().to(device, non_blocking=True)
        loss = run(crops[:, :-1].contiguous(), crops[:, 1:].contiguous())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    row = f"{name}, B={batch}"
    result("step", row + ": ms", millis(step, least=20, warm=2000))
    if device.type == "cuda":
        result("step", row + ": MiB of tensors", torch.cuda.max_memory_allocated() / 2**20)
        torch.cuda.reset_peak_memory_stats()


def step():
    if arguments.tiny:
        steps("micro", 2, (65, 16, 2, 2, 32))
        return
    steps("small", 12, (65, 64, 4, 4, 128))
    steps("medium", 16, (65, 256, 6, 6, 384))
    steps("medium", 64, (65, 256, 6, 6, 384))


print(f"result\tmachine\ttorch\t\t{torch.__version__}", flush=True)
{"gemm": gemm, "attention": attention, "step": step}[arguments.part]()
