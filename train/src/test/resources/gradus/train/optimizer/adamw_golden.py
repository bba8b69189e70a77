"""Makes adamw_golden.json with torch.optim.AdamW in float64: python adamw_golden.py > adamw_golden.json"""

import json

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
matrix = torch.nn.Parameter(torch.randn(3, 4))
vector = torch.nn.Parameter(torch.randn(4))
optimizer = torch.optim.AdamW(
    [{"params": [matrix], "weight_decay": 0.1}, {"params": [vector], "weight_decay": 0.0}],
    betas=(0.9, 0.95),
    eps=1e-8,
)
golden = {"matrix": matrix.flatten().tolist(), "vector": vector.tolist(), "steps": []}
for step in range(5):
    lr = 0.01 * (step + 1)
    for group in optimizer.param_groups:
        group["lr"] = lr
    matrix.grad = torch.randn(3, 4)
    vector.grad = torch.randn(4)
    record = {"lr": lr, "gradMatrix": matrix.grad.flatten().tolist(), "gradVector": vector.grad.tolist()}
    norm = torch.nn.utils.clip_grad_norm_([matrix, vector], 1.0)
    record["norm"] = norm.item()
    record["clippedMatrix"] = matrix.grad.flatten().tolist()
    record["clippedVector"] = vector.grad.tolist()
    optimizer.step()
    record["matrix"] = matrix.flatten().tolist()
    record["vector"] = vector.tolist()
    golden["steps"].append(record)
print(json.dumps(golden, indent=1))
