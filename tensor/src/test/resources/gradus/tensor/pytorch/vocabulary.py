"""Writes vocabulary.txt: what PyTorch makes of edge cases, for PyTorchVocabularyTest.

    python vocabulary.py > vocabulary.txt     (PyTorch 2.13)

One case a line, parts separated by tabs: name, inputs, result, gradient by each input under the upstream gradient
1, -2, 3, -4, ... A tensor is its sizes and its elements, "2,3:1.0,2.0,...". No gradient is "-".
"""

import torch

nan, inf = float("nan"), float("inf")
torch.set_default_dtype(torch.float64)


def text(t):
    if t is None:
        return "-"
    return ",".join(map(str, t.shape)) + ":" + ",".join(repr(float(v)) for v in t.detach().reshape(-1))


def case(name, f, *inputs):
    xs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs]
    y = f(*xs)
    grads = [None] * len(xs)
    if y.requires_grad:
        u = torch.arange(1, y.numel() + 1, dtype=torch.float64)
        u = (u * torch.where(u % 2 == 0, -1.0, 1.0)).reshape(y.shape)
        grads = torch.autograd.grad(y, xs, u, allow_unused=True)
    print(name, "|".join(map(text, xs)), text(y), "|".join(map(text, grads)), sep="\t")


M = [[3.0, 1.0, 2.0], [2.0, 2.0, -1.0]]
TIES = [[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]
ODD = [0.0, -0.0, 1.0, -2.5, inf, -inf, nan]

for name in ["sin", "cos", "expm1", "log1p", "rsqrt", "sign"]:
    case(name, getattr(torch, name), [0.5, 1.0, 2.0, 1e-10, 0.0])
    case(name + " odd", lambda x: getattr(torch, name)(x), ODD[2:])
case("pow 2", lambda x: x.pow(2), ODD)
case("pow 0", lambda x: x.pow(0), ODD)
case("pow 0.5", lambda x: x.pow(0.5), [0.0, 4.0, -1.0])
case("pow -1", lambda x: x.pow(-1), [0.5, -2.0, 0.0])
case("pow tensor", lambda x, p: x.pow(p), [0.0, 0.0, 2.0, -2.0, 1.0], [0.0, 2.0, -1.5, 3.0, 5.0])
case("clamp", lambda x: x.clamp(-1, 1), ODD + [1.0, -1.0])
case("clamp crossed", lambda x: x.clamp(1, -1), [0.0, 2.0, -3.0])
case("maximum", torch.maximum, [1.0, 2.0, nan, 1.0, inf], [1.0, 1.0, 1.0, nan, inf])
case("minimum", torch.minimum, [1.0, 2.0, nan, 1.0, -inf], [1.0, 1.0, 1.0, nan, -inf])
case("where", lambda a, b: torch.where(torch.tensor([True, False, True]), a, b), [1.0, nan, inf], [nan, 2.0, -inf])
case("maskedFill", lambda x: x.masked_fill(x > 2, 7), M)
case("tril", lambda x: x.tril(1), [[1.0, 2.0, nan], [3.0, 4.0, 5.0]])
case("triu", lambda x: x.triu(-1), [[1.0, 2.0], [3.0, 4.0], [inf, 6.0]])
for op in ["eq", "ne", "lt", "le", "gt", "ge"]:
    case(op, lambda a, b: getattr(torch, op)(a, b).double(), [1.0, 2.0, nan, inf, 0.0], [1.0, 3.0, nan, inf, -0.0])
case("amax ties", lambda x: x.amax(1), TIES)
case("amax of both", lambda x: x.amax((0, 1)), TIES)
case("amin ties", lambda x: x.amin(0), TIES)
case("max ties", lambda x: x.max(1).values, TIES)
case("max places", lambda x: x.max(1).indices.double(), TIES)
case("min ties", lambda x: x.min(1, keepdim=True).values, TIES)
case("max of all", lambda x: x.max(), TIES)
case("min of all", lambda x: x.min(), TIES)
case("max nan", lambda x: x.max(0).values, [[1.0, nan], [nan, 2.0], [3.0, 0.0]])
case("argmax", lambda x: x.argmax(1).double(), [[1.0, nan, nan], [2.0, 5.0, 5.0]])
case("argmin", lambda x: x.argmin(0).double(), [[1.0, nan, 2.0], [nan, 5.0, 2.0]])
case("argmax of all", lambda x: x.argmax().double(), TIES)
case("sort", lambda x: x.sort(stable=True).values, [2.0, nan, -1.0, inf, 0.0, -inf])
case("sort places", lambda x: x.sort(stable=True).indices.double(), [2.0, nan, 2.0, inf, 0.0, -0.0])
case("sort falling", lambda x: x.sort(dim=0, descending=True, stable=True).values, M)
case("sort falling places", lambda x: x.sort(descending=True, stable=True).indices.double(), [2.0, nan, 2.0, inf, 0.0, -0.0])
case("topk", lambda x: x.topk(2).values, [1.0, nan, 5.0, 3.0])
case("topk smallest", lambda x: x.topk(2, 0, largest=False).values, [[1.0, 4.0], [0.0, 9.0], [-3.0, 5.0]])
case("var", lambda x: x.var(1), M)
case("var biased", lambda x: x.var((0, 1), correction=0), M)
case("std", lambda x: x.std(), M)
case("std equal", lambda x: x.std(1), [[2.0, 2.0], [1.0, 3.0]])
case("prod zero", lambda x: x.prod(1), [[2.0, 0.0, 3.0], [0.0, 0.0, 4.0]])
case("prod", lambda x: x.prod(), M)
case("norm", lambda x: x.norm(), M)
case("norm zero", lambda x: x.norm(dim=1), [[0.0, 0.0], [3.0, -4.0]])
case("norm 1", lambda x: torch.linalg.vector_norm(x, 1, dim=0), [[1.0, 0.0], [-2.0, 0.0]])
case("norm 3", lambda x: torch.linalg.vector_norm(x, 3), [1.0, -2.0, 0.0])
case("norm inf", lambda x: torch.linalg.vector_norm(x, inf), [1.0, -2.0, 2.0])
case("cumsum", lambda x: x.cumsum(1), [[1.0, inf, -inf], [1.0, 2.0, 3.0]])
case("logSumExp", lambda x: x.logsumexp((0, 1), keepdim=True), M)
case("logSumExp inf", lambda x: x.logsumexp(0), [[-inf, 1.0], [2.0, 800.0]])
case("softmax", lambda x: x.softmax(0), M)
case("logSoftmax", lambda x: x.log_softmax(0), M)
case("mean", lambda x: x.mean((0, 1)), M)
case("sum", lambda x: x.sum((0, 1), keepdim=True), M)
case("flip", lambda x: x.flip(0, 1), M)
case("roll", lambda x: x.roll(-4, 1), M)
case("pad", lambda x: torch.nn.functional.pad(x, (1, 0, 0, 2), value=-1), M)
case("repeat", lambda x: x.repeat(2, 1, 2), M)
case("expand", lambda x: x.expand(2, -1, 3), [[1.0], [2.0]])
case("split", lambda x: x.split(2, 1)[1], M)
case("chunk", lambda x: x.chunk(4)[2], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
case("unbind", lambda x: x.unbind(1)[2], M)
case("stack", lambda a, b: torch.stack([a, b], -1), M, M)
case("squeeze", lambda x: x.squeeze(), [[[1.0], [2.0]]])
case("squeeze an axis", lambda x: x.squeeze(1), [[[1.0], [2.0]]])
case("unsqueeze", lambda x: x.unsqueeze(-1), M)
case("takeAlongDim", lambda x: x.take_along_dim(torch.tensor([[2, 0, 2]]), 1), M)
case("gather", lambda x: x.gather(0, torch.tensor([[1, 0, 1]])), M)
case("scatterAdd", lambda x, s: x.scatter_add(1, torch.tensor([[0, 0], [2, 1]]), s), M, [[1.0, 2.0], [3.0, 4.0]])
case("indexAdd", lambda x, s: x.index_add(1, torch.tensor([1, 1]), s), M, [[1.0, 2.0], [3.0, 4.0]])
case("einsum", lambda a, b: torch.einsum("ij,kj->ik", a, b), M, TIES)
case("einsum trace", lambda a: torch.einsum("ii", a), [[1.0, 2.0], [3.0, 4.0]])
case("einsum implied", lambda a, b: torch.einsum("cb,ba", a, b), [[1.0, 2.0]], [[3.0], [4.0]])
case("einsum dots", lambda a, b: torch.einsum("...i,...i->...", a, b), M, [1.0, 2.0, 3.0])
case("arange", lambda x: torch.arange(1, 2.5, 0.5), 0.0)
case("arange down", lambda x: torch.arange(5, -1, -2.0), 0.0)
case("linspace", lambda x: torch.linspace(-1, 2, 7, dtype=torch.float32).double(), 0.0)
case("linspace of one", lambda x: torch.linspace(3, 9, 1), 0.0)
case("eye", lambda x: torch.eye(2, 3), 0.0)
case("oneHot", lambda x: torch.nn.functional.one_hot(torch.tensor([[2, 0]]), 3).double(), 0.0)
