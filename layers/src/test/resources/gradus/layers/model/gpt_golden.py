"""Makes gpt_golden.txt: a GPT-2 in plain torch, float64, its logits, loss and gradients.

python gpt_golden.py > gpt_golden.txt

Weights are sin(i·phase) so that the Java test can make the same ones: element i of parameter number p is
0.3·sin(1.7·i + p), for gains 1 more.
"""

import torch
import torch.nn.functional as F

V, T, L, H, C = 11, 6, 2, 3, 12
names = ["wte.weight", "wpe.weight"]
shapes = [(V, C), (T, C)]
for i in range(L):
    for name, shape in [
        ("ln_1.weight", (C,)), ("ln_1.bias", (C,)),
        ("attn.c_attn.weight", (3 * C, C)), ("attn.c_attn.bias", (3 * C,)),
        ("attn.c_proj.weight", (C, C)), ("attn.c_proj.bias", (C,)),
        ("ln_2.weight", (C,)), ("ln_2.bias", (C,)),
        ("mlp.c_fc.weight", (4 * C, C)), ("mlp.c_fc.bias", (4 * C,)),
        ("mlp.c_proj.weight", (C, 4 * C)), ("mlp.c_proj.bias", (C,)),
    ]:
        names.append(f"h.{i}.{name}")
        shapes.append(shape)
names += ["ln_f.weight", "ln_f.bias"]
shapes += [(C,), (C,)]

w = {}
for p, (name, shape) in enumerate(zip(names, shapes)):
    n = torch.Size(shape).numel()
    value = 0.3 * torch.sin(1.7 * torch.arange(n, dtype=torch.float64) + p)
    if "ln_" in name and name.endswith("weight"):
        value = value + 1
    w[name] = value.reshape(shape).requires_grad_()

ids = torch.tensor([[1, 4, 9, 0, 3], [7, 7, 2, 10, 5]])
targets = torch.tensor([[4, 9, 0, 3, 8], [7, 2, -100, 5, 6]])
B, S = ids.shape
x = w["wte.weight"][ids] + w["wpe.weight"][:S]
for i in range(L):
    g = lambda name: w[f"h.{i}.{name}"]
    a = F.layer_norm(x, (C,), g("ln_1.weight"), g("ln_1.bias"), 1e-5)
    q, k, v = F.linear(a, g("attn.c_attn.weight"), g("attn.c_attn.bias")).split(C, dim=2)
    q, k, v = (y.view(B, S, H, C // H).transpose(1, 2) for y in (q, k, v))
    y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, S, C)
    x = x + F.linear(y, g("attn.c_proj.weight"), g("attn.c_proj.bias"))
    m = F.layer_norm(x, (C,), g("ln_2.weight"), g("ln_2.bias"), 1e-5)
    m = F.gelu(F.linear(m, g("mlp.c_fc.weight"), g("mlp.c_fc.bias")), approximate="tanh")
    x = x + F.linear(m, g("mlp.c_proj.weight"), g("mlp.c_proj.bias"))
x = F.layer_norm(x, (C,), w["ln_f.weight"], w["ln_f.bias"], 1e-5)
logits = F.linear(x, w["wte.weight"])
loss = F.cross_entropy(logits.view(-1, V), targets.view(-1))
loss.backward()


def line(name, values):
    print(name, *(repr(number) for number in values))


line("loss", [loss.item()])
line("logits", logits.flatten()[::7].tolist())
# of each gradient its sum, its sum of squares and its sum weighted by place
for name in names:
    grad = w[name].grad.flatten()
    place = torch.sin(torch.arange(grad.numel(), dtype=torch.float64))
    line(name, [grad.sum().item(), (grad * grad).sum().item(), (grad * place).sum().item()])
