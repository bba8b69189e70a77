"""Makes optimizers_golden.json with torch.optim in float64, five random trainings of four steps for each optimiser:

    python optimizers_golden.py > ../resources/gradus/train/optimizers_golden.json

Lion is not in torch.optim; here it is Algorithm 2 of arXiv:2302.06675 in tensors. torch.optim.Muon orthogonalises in
bfloat16; here that conversion is a copy, so that all of it is float64.
"""

import json

import torch

torch.set_default_dtype(torch.float64)
torch.Tensor.bfloat16 = lambda self: self.clone()
STEPS = 4
DECAY = 0.1
RATES = [0.01, 0.02, 0.005, 0.03]


class Lion(torch.optim.Optimizer):
    def __init__(self, params, betas):
        super().__init__(params, {"lr": 0.0, "betas": betas})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                c = beta1 * m + (1 - beta1) * p.grad
                p -= group["lr"] * (torch.sign(c) + group["weight_decay"] * p)
                m.copy_(beta2 * m + (1 - beta2) * p.grad)


OPTIMIZERS = {
    "Adam": lambda groups, matrix: torch.optim.Adam(groups, betas=(0.9, 0.95), eps=1e-8),
    "AdamW": lambda groups, matrix: torch.optim.AdamW(groups, betas=(0.9, 0.95), eps=1e-8),
    "Sgd": lambda groups, matrix: torch.optim.SGD(groups),
    "SgdMomentum": lambda groups, matrix: torch.optim.SGD(groups, momentum=0.9),
    "SgdNesterov": lambda groups, matrix: torch.optim.SGD(groups, momentum=0.9, nesterov=True),
    "Lion": lambda groups, matrix: Lion(groups, betas=(0.9, 0.99)),
    "RmsProp": lambda groups, matrix: torch.optim.RMSprop(groups, alpha=0.99, eps=1e-8),
    "Adagrad": lambda groups, matrix: torch.optim.Adagrad(groups, eps=1e-10),
    "Muon": lambda groups, matrix: torch.optim.Muon([matrix], weight_decay=DECAY, momentum=0.9),
    "MuonAsAdamW": lambda groups, matrix: torch.optim.Muon(
        [matrix], weight_decay=DECAY, momentum=0.9, adjust_lr_fn="match_rms_adamw"
    ),
}


def training(draw):
    generator = torch.Generator().manual_seed(draw)
    rows, columns = [(3, 4), (4, 3), (1, 5), (5, 1), (4, 4)][draw]
    start = torch.randn(rows, columns, generator=generator), torch.randn(3, generator=generator)
    gradients = [
        (torch.randn(rows, columns, generator=generator), torch.randn(3, generator=generator)) for _ in range(STEPS)
    ]
    after = {}
    for name, make in OPTIMIZERS.items():
        matrix, vector = (torch.nn.Parameter(t.clone()) for t in start)
        groups = [{"params": [matrix], "weight_decay": DECAY}, {"params": [vector], "weight_decay": 0.0}]
        optimizer = make(groups, matrix)
        after[name] = []
        for rate, (matrix_gradient, vector_gradient) in zip(RATES, gradients):
            for group in optimizer.param_groups:
                group["lr"] = rate
            matrix.grad, vector.grad = matrix_gradient.clone(), vector_gradient.clone()
            optimizer.step()
            after[name].append({"matrix": matrix.flatten().tolist(), "vector": vector.tolist()})
    return {
        "rows": rows,
        "columns": columns,
        "matrix": start[0].flatten().tolist(),
        "vector": start[1].tolist(),
        "gradients": [{"matrix": m.flatten().tolist(), "vector": v.tolist()} for m, v in gradients],
        "after": after,
    }


print(json.dumps({"rates": RATES, "trainings": [training(draw) for draw in range(5)]}))
