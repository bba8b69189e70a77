"""What PyTorch and transformers make of Gradus' components: the files that the Java class Golden reads.

    python golden.py               # all components
    python golden.py rms_norm glu  # some

writes ../resources/gradus/layers/golden/NAME.json.gz. Made with torch 2.13 and transformers 5.18.

To add a component, write a function of its name that takes a Draw, and mark it with @component. A Draw gives random
sizes and tensors, notes them, and stands for one random example in one precision:

    @component
    def rms_norm(draw):
        dim, eps = draw.set("dim", draw.size(1, 9)), draw.set("eps", 1e-6)
        x = draw.input("x", draw.size(1, 4), dim)          # noted, and its gradient will be
        norm = draw.module(torch.nn.RMSNorm(dim, eps))     # random parameters, noted by their names
        return norm(x)                                     # or {"y": ..., "other": ...}

Names of parameters are those that the Java layer has; module(..., rename=function) translates.
"""

import gzip
import json
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

DRAWS = 5
COMPONENTS = {}
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/gradus/layers/golden")


def component(function):
    COMPONENTS[function.__name__] = function
    return function


class Draw:
    def __init__(self, name, number, dtype):
        self.number = number
        self.dtype = dtype
        self.random = np.random.default_rng([number, *name.encode()])
        self.config, self.inputs, self.indices_, self.parameters, self.leaves = {}, {}, {}, {}, {}
        self.after = {}

    def size(self, least, most):
        return int(self.random.integers(least, most + 1))

    def set(self, name, value):
        """Notes a setting and returns it."""
        self.config[name] = value
        return value

    def values(self, *shape):
        """Standard normal numbers that float32 can hold."""
        return torch.tensor(self.random.standard_normal(shape).astype(np.float32)).to(self.dtype)

    def leaf(self, name, tensor):
        self.leaves[name] = tensor.requires_grad_(True)
        return tensor

    def input(self, name, *shape):
        tensor = self.leaf(name, self.values(*shape))
        self.inputs[name] = packed(tensor)
        return tensor

    def indices(self, name, bound, *shape, values=None):
        chosen = self.random.integers(0, bound, shape) if values is None else np.array(values)
        self.indices_[name] = {"shape": list(chosen.shape), "data": chosen.flatten().tolist()}
        return torch.tensor(chosen, dtype=torch.long)

    def module(self, module, rename=lambda name: name):
        """Gives every parameter random values and notes them, and the buffers as they are."""
        module.to(self.dtype)
        for name, parameter in module.named_parameters():
            with torch.no_grad():
                parameter.copy_(self.values(*parameter.shape))
            self.parameters[rename(name)] = packed(parameter)
            self.leaves[rename(name)] = parameter
        for name, buffer in module.named_buffers():
            self.parameters[rename(name)] = packed(buffer)
        return module

    def wide(self, function):
        """Hugging Face computes some steps in float32 whatever the model's type; here they stay in float64 with it."""
        if self.dtype == torch.float32:
            return function()
        to, to_float, to_type, zeros = torch.Tensor.to, torch.Tensor.float, torch.Tensor.type, torch.zeros
        softmax = F.softmax
        torch.Tensor.to = lambda x, *a, **k: x if a == (torch.float32,) else to(x, *a, **k)
        torch.Tensor.float = lambda x: x
        torch.Tensor.type = lambda x, *a: x if a == (torch.float32,) else to_type(x, *a)
        F.softmax = lambda x, dim, dtype=None: softmax(x, dim)
        torch.zeros = lambda *a, **k: zeros(*a, **{**k, "dtype": torch.float64})
        try:
            return function()
        finally:
            torch.Tensor.to, torch.Tensor.float, torch.Tensor.type, torch.zeros = to, to_float, to_type, zeros
            F.softmax = softmax

    def remember(self, tensors):
        """Notes what a module's buffers hold after the pass."""
        self.after = {name: packed(tensor) for name, tensor in tensors.items()}

    def finish(self, outputs):
        if isinstance(outputs, torch.Tensor):
            outputs = {"y": outputs}
        upstream, total = {}, 0
        for name, output in outputs.items():
            if output.requires_grad:
                dy = self.values(*output.shape)
                upstream[name] = packed(dy)
                total = total + (output * dy).sum()
        if upstream:
            total.backward()
        gradients = {
            name: packed(torch.zeros_like(leaf) if leaf.grad is None else leaf.grad)
            for name, leaf in self.leaves.items()
        }
        return {
            "dtype": "FLOAT64" if self.dtype == torch.float64 else "FLOAT32",
            "config": self.config,
            "inputs": self.inputs,
            "indices": self.indices_,
            "parameters": self.parameters,
            "outputs": {name: packed(output) for name, output in outputs.items()},
            "upstream": upstream,
            "gradients": gradients,
            "after": self.after,
        }


def packed(tensor):
    data = tensor.detach().flatten()
    if data.dtype == torch.float32:
        data = [float(np.format_float_positional(v, unique=True)) for v in data.numpy()]
    else:
        data = [float(v) for v in data]
    return {"shape": list(tensor.shape), "data": data}


# --- basics


@component
def linear(draw):
    n, m = draw.set("in", draw.size(1, 9)), draw.set("out", draw.size(1, 9))
    bias = draw.set("bias", draw.number % 2 == 0)
    x = draw.input("x", *[draw.size(1, 4) for _ in range(1 + draw.number % 3)], n)
    return draw.module(torch.nn.Linear(n, m, bias=bias))(x)


@component
def embedding(draw):
    v, c = draw.set("count", draw.size(1, 9)), draw.set("dim", draw.size(1, 9))
    ids = draw.indices("ids", v, draw.size(1, 3), draw.size(1, 6))
    return draw.module(torch.nn.Embedding(v, c))(ids)


# --- norms


@component
def batch_norm(draw):
    """Two training passes, of which the second is noted, then one in evaluation. Three values of a channel at least:
    of two, x̂ is ±1 whatever they are, and the gradient nothing but rounding."""
    c = draw.set("dim", draw.size(1, 9))
    eps, cumulative = draw.set("eps", 1e-5), draw.set("cumulative", draw.number % 2 == 1)
    norm = draw.module(torch.nn.BatchNorm1d(c, eps=eps, momentum=None if cumulative else 0.1))
    shape = (draw.size(3, 6), c) if draw.number < 3 else (draw.size(2, 3), draw.size(2, 4), c)
    turn = (lambda t: t) if len(shape) == 2 else (lambda t: t.transpose(1, 2))  # torch wants (B, C, T)
    first, x, probe = (draw.input(name, *shape) for name in ("first", "x", "probe"))
    norm(turn(first))
    trained = turn(norm(turn(x)))
    draw.remember(dict(norm.named_buffers()))
    norm.eval()
    return {"trained": trained, "evaluated": turn(norm(turn(probe)))}


@component
def layer_norm(draw):
    c = draw.set("dim", draw.size(3, 33))  # of two channels, x̂ is ±1 and the gradient rounding
    eps = draw.set("eps", [1e-5, 1e-12][draw.number % 2])
    return draw.module(torch.nn.LayerNorm(c, eps=eps))(draw.input("x", draw.size(1, 3), draw.size(1, 3), c))


@component
def rms_norm(draw):
    c, eps = draw.set("dim", draw.size(1, 33)), draw.set("eps", 1e-6)
    return draw.module(torch.nn.RMSNorm(c, eps=eps))(draw.input("x", draw.size(1, 3), draw.size(1, 3), c))


@component
def qk_norm(draw):
    """Qwen3's: RMSNorm over each head by itself."""
    from transformers.models.qwen3.modeling_qwen3 import Qwen3RMSNorm

    d, h = draw.set("headDim", draw.size(1, 9)), draw.size(1, 3)
    norm = draw.module(Qwen3RMSNorm(d, eps=draw.set("eps", 1e-6)))
    x = draw.input("x", draw.size(1, 2), draw.size(1, 3), h * d)
    return draw.wide(lambda: norm(x.unflatten(-1, (h, d)))).flatten(-2)


# --- activations


def activation(draw, function):
    return function(draw.input("x", draw.size(1, 4), draw.size(1, 17)) * 1.0)


@component
def gelu(draw):
    return activation(draw, F.gelu)


@component
def gelu_tanh(draw):
    return activation(draw, lambda x: F.gelu(x, approximate="tanh"))


@component
def silu(draw):
    return activation(draw, F.silu)


# --- recurrent layers and soft prompts


@component
def lstm(draw):
    i, h = draw.set("in", draw.size(1, 5)), draw.set("hidden", draw.size(1, 4))
    layers, both = draw.set("layers", 1 + draw.number % 3), draw.set("bidirectional", draw.number % 2 == 1)
    net = torch.nn.LSTM(i, h, num_layers=layers, bidirectional=both, batch_first=True)
    x = draw.input("x", draw.size(1, 3), draw.size(1, 6), i)
    return draw.module(net)(x)[0]


@component
def prompt_encoder(draw):
    """P-tuning's of peft 0.21, with both kinds of encoder."""
    from peft import PromptEncoder, PromptEncoderConfig

    n, c, h = draw.set("count", draw.size(1, 5)), draw.set("dim", draw.size(1, 6)), draw.set("hidden", draw.size(1, 4))
    kind = draw.set("kind", ["MLP", "LSTM"][draw.number % 2])
    layers = draw.set("layers", 2 if kind == "MLP" else 1 + draw.number // 2)
    encoder = draw.module(PromptEncoder(PromptEncoderConfig(
        num_virtual_tokens=n, token_dim=c, num_transformer_submodules=1, encoder_hidden_size=h,
        encoder_reparameterization_type=kind, encoder_num_layers=layers)))
    return encoder(torch.arange(n)[None])[0]


@component
def prefix_encoder(draw):
    """Prefix tuning's of peft 0.21, with the projection."""
    from peft import PrefixEncoder, PrefixTuningConfig

    n, c, h = draw.set("count", draw.size(1, 5)), draw.set("dim", draw.size(1, 6)), draw.set("hidden", draw.size(1, 4))
    layers = draw.set("layers", draw.size(1, 3))
    encoder = draw.module(PrefixEncoder(PrefixTuningConfig(
        num_virtual_tokens=n, token_dim=c, num_layers=layers, encoder_hidden_size=h, prefix_projection=True)))
    return encoder(torch.arange(n)[None])[0]


# --- feed-forward networks


class Gated(torch.nn.Module):
    def __init__(self, dim, hidden, function):
        super().__init__()
        self.gate_proj = torch.nn.Linear(dim, hidden, bias=False)
        self.up_proj = torch.nn.Linear(dim, hidden, bias=False)
        self.down_proj = torch.nn.Linear(hidden, dim, bias=False)
        self.function = function

    def forward(self, x):
        return self.down_proj(self.function(self.gate_proj(x)) * self.up_proj(x))


def gated(draw, function):
    c, f = draw.set("dim", draw.size(1, 6)), draw.set("hidden", draw.size(1, 9))
    return draw.module(Gated(c, f, function))(draw.input("x", draw.size(1, 3), draw.size(1, 3), c))


@component
def glu(draw):
    return gated(draw, torch.sigmoid)


@component
def geglu(draw):
    return gated(draw, F.gelu)


@component
def reglu(draw):
    return gated(draw, F.relu)


@component
def swiglu(draw):
    """Llama's own module."""
    from transformers.models.llama.configuration_llama import LlamaConfig
    from transformers.models.llama.modeling_llama import LlamaMLP

    c, f = draw.set("dim", draw.size(1, 6)), draw.set("hidden", draw.size(1, 9))
    mlp = LlamaMLP(LlamaConfig(hidden_size=c, intermediate_size=f, num_attention_heads=1, head_dim=2))
    return draw.module(mlp)(draw.input("x", draw.size(1, 3), draw.size(1, 3), c))


@component
def mixtral(draw):
    """Mixtral's block, its router's scores, and its balancing loss."""
    from transformers.models.mixtral import modeling_mixtral as hf
    from transformers.models.mixtral.configuration_mixtral import MixtralConfig

    c, f = draw.set("dim", draw.size(2, 5)), draw.set("hidden", draw.size(1, 5))
    e = draw.set("experts", draw.size(2, 5))
    k = draw.set("topK", draw.size(1, min(3, e)))
    block = hf.MixtralSparseMoeBlock(
        MixtralConfig(hidden_size=c, intermediate_size=f, num_local_experts=e, num_experts_per_tok=k)
    ).to(draw.dtype)
    gate = draw.leaf("gate.weight", draw.values(e, c))
    draw.parameters["gate.weight"] = packed(gate)
    w1, w2, w3 = [], [], []
    for i in range(e):
        for matrices, name, shape in ((w1, "w1", (f, c)), (w2, "w2", (c, f)), (w3, "w3", (f, c))):
            matrix = draw.leaf(f"experts.{i}.{name}.weight", draw.values(*shape))
            draw.parameters[f"experts.{i}.{name}.weight"] = packed(matrix)
            matrices.append(matrix)
    replaced = {
        "gate.weight": gate,
        "experts.gate_up_proj": torch.cat([torch.stack(w1), torch.stack(w3)], 1),
        "experts.down_proj": torch.stack(w2),
    }
    x = draw.input("x", 2, draw.size(1, 4), c)
    y = draw.wide(lambda: torch.func.functional_call(block, replaced, (x,)))
    logits = F.linear(x.reshape(-1, c), gate)
    balance = draw.wide(lambda: hf.load_balancing_loss_func((logits,), e, k))
    return {"y": y, "logits": logits, "balance": balance}


def experts(draw, e, c, f, name="experts.{}"):
    """The matrices of e experts under Mixtral's names, as leaves."""
    all = []
    for i in range(e):
        shapes = {"w1": (f, c), "w2": (c, f), "w3": (f, c)}
        all.append({m: draw.leaf(f"{name.format(i)}.{m}.weight", draw.values(*s)) for m, s in shapes.items()})
        for m, matrix in all[-1].items():
            draw.parameters[f"{name.format(i)}.{m}.weight"] = packed(matrix)
    return all


def gate(draw, e, c):
    weight = draw.leaf("gate.weight", draw.values(e, c))
    draw.parameters["gate.weight"] = packed(weight)
    return weight


@component
def switch(draw):
    """Switch's router with its capacity; what it drops gets nothing here, for the residual sum is the block's."""
    from transformers.models.switch_transformers import modeling_switch_transformers as hf
    from transformers.models.switch_transformers.configuration_switch_transformers import SwitchTransformersConfig

    c, f = draw.set("dim", draw.size(2, 5)), draw.set("hidden", draw.size(1, 5))
    e, n = draw.set("experts", draw.size(2, 3)), draw.size(8, 14)
    factor = draw.set("capacity", 1.0)
    config = SwitchTransformersConfig(
        d_model=c,
        num_experts=e,
        expert_capacity=max(min(n, int(n * factor / e)), 4),
    )
    router = hf.SwitchTransformersTop1Router(config).to(draw.dtype).eval()
    router.dtype = draw.dtype
    weight, matrices = gate(draw, e, c), experts(draw, e, c, f)
    x = draw.input("x", 1, n, c)
    mask, probability, logits = torch.func.functional_call(router, {"classifier.weight": weight}, (x,))
    y = 0
    for i, m in enumerate(matrices):
        out = F.linear(F.silu(F.linear(x, m["w1"])) * F.linear(x, m["w3"]), m["w2"])
        y = y + mask[..., i : i + 1] * probability * out
    balance = hf.load_balancing_loss_func(logits.softmax(-1), mask.argmax(-1)) if mask.sum() == n else None
    outputs = {"y": y, "logits": logits.reshape(n, e), "z": hf.router_z_loss_func(logits)}
    draw.set("balanced", balance is not None)
    return outputs if balance is None else {**outputs, "balance": balance}


@component
def deepseek(draw):
    """DeepSeek-V3's block, with a bias on the choice and a shared expert."""
    from transformers.models.deepseek_v3 import modeling_deepseek_v3 as hf
    from transformers.models.deepseek_v3.configuration_deepseek_v3 import DeepseekV3Config

    c, f = draw.set("dim", draw.size(2, 5)), draw.set("hidden", draw.size(1, 5))
    e = draw.set("experts", draw.size(2, 5))
    k, scale = draw.set("topK", draw.size(1, e)), draw.set("scale", 2.5)
    block = hf.DeepseekV3MoE(
        DeepseekV3Config(
            hidden_size=c,
            moe_intermediate_size=f,
            n_routed_experts=e,
            n_shared_experts=1,
            num_experts_per_tok=k,
            n_group=1,
            topk_group=1,
            norm_topk_prob=True,
            routed_scaling_factor=scale,
        )
    ).to(draw.dtype)
    weight, matrices = gate(draw, e, c), experts(draw, e, c, f)
    bias = draw.values(e) * 0.3
    draw.parameters["gate.e_score_correction_bias"] = packed(bias)
    (shared,) = experts(draw, 1, c, f, "shared_experts.{}")
    replaced = {
        "gate.weight": weight,
        "gate.e_score_correction_bias": bias,
        "experts.gate_up_proj": torch.stack([torch.cat([m["w1"], m["w3"]]) for m in matrices]),
        "experts.down_proj": torch.stack([m["w2"] for m in matrices]),
        "shared_experts.gate_proj.weight": shared["w1"],
        "shared_experts.up_proj.weight": shared["w3"],
        "shared_experts.down_proj.weight": shared["w2"],
    }
    x = draw.input("x", 2, draw.size(1, 4), c)
    return draw.wide(lambda: torch.func.functional_call(block, replaced, (x,)))


# --- attention


@component
def multi_head_attention(draw):
    heads = draw.set("heads", draw.size(1, 3))
    c, time = draw.set("dim", heads * draw.size(1, 4)), draw.size(1, 6)
    names = {
        "in_proj_weight": "c_attn.weight",
        "in_proj_bias": "c_attn.bias",
        "out_proj.weight": "c_proj.weight",
        "out_proj.bias": "c_proj.bias",
    }
    attention = draw.module(torch.nn.MultiheadAttention(c, heads, batch_first=True), names.get)
    hidden = torch.ones(time, time).triu(1).bool() if draw.set("causal", draw.number % 2 == 0) else None
    x = draw.input("x", 2, time, c)
    return attention(x, x, x, attn_mask=hidden, need_weights=False)[0]


@component
def grouped_query_attention(draw):
    """Llama's attention, Qwen2's with biases, and Qwen3's with norms, each with and without a sliding window."""
    import importlib

    kind = draw.set("kind", ["llama", "qwen2", "qwen3"][draw.number % 3])
    hf = importlib.import_module(f"transformers.models.{kind}.modeling_{kind}")
    configuration = importlib.import_module(f"transformers.models.{kind}.configuration_{kind}")
    name = kind.capitalize()
    kv = draw.set("kvHeads", draw.size(1, 2))
    heads, d = draw.set("heads", kv * draw.size(1, 2)), draw.set("headDim", 2 * draw.size(1, 3))
    c, time = draw.set("dim", heads * d), draw.size(2, 7)
    window = draw.set("window", draw.size(1, time))
    config = getattr(configuration, name + "Config")(
        hidden_size=c,
        num_attention_heads=heads,
        num_key_value_heads=kv,
        head_dim=d,
        attention_bias=False,
        attn_implementation="sdpa",
    )
    attention = draw.module(getattr(hf, name + "Attention")(config, layer_idx=0))
    theta = draw.set("theta", 100.0)
    angles = torch.outer(torch.arange(time).double(), theta ** (-torch.arange(0, d, 2).double() / d))
    cos, sin = (torch.cat([f(angles)] * 2, -1)[None].to(draw.dtype) for f in (torch.cos, torch.sin))
    i = torch.arange(time)
    seen = (i[:, None] >= i) & (i[:, None] - i < window)
    mask = torch.zeros(time, time, dtype=draw.dtype).masked_fill(~seen, float("-inf"))[None, None]
    x = draw.input("x", 2, time, c)
    return draw.wide(lambda: attention(x, position_embeddings=(cos, sin), attention_mask=mask)[0])


@component
def longformer(draw):
    from transformers.models.longformer import modeling_longformer as hf
    from transformers.models.longformer.configuration_longformer import LongformerConfig

    heads = draw.set("heads", draw.size(1, 2))
    c, window = draw.set("dim", heads * draw.size(1, 3)), draw.set("window", draw.size(2, 3))
    time = 2 * window * draw.size(2, 3)
    config = LongformerConfig(
        hidden_size=c, num_attention_heads=heads, attention_window=[2 * window], attention_probs_dropout_prob=0.0
    )
    parts = torch.nn.ModuleDict({"self": hf.LongformerSelfAttention(config, 0), "dense": torch.nn.Linear(c, c)})
    draw.module(parts, lambda name: name.removeprefix("self."))
    chosen = sorted(draw.random.choice(time, draw.size(1, 2), replace=False).tolist())
    draw.indices("global", time, values=chosen)
    mask = torch.zeros(2, time, dtype=draw.dtype)
    mask[:, chosen] = 10000.0
    x = draw.input("x", 2, time, c)
    out = draw.wide(
        lambda: parts["self"](
            x,
            attention_mask=mask,
            is_index_masked=mask < 0,
            is_index_global_attn=mask > 0,
            is_global_attn=True,
        )[0]
    )
    return parts["dense"](out)


# --- losses


@component
def cross_entropy(draw):
    v, n = draw.size(1, 9), draw.size(1, 6)
    logits = draw.input("logits", n, v)
    smoothing = draw.set("smoothing", [0.0, 0.1, 0.9][draw.number % 3])
    targets = draw.random.integers(0, v, n)
    if n > 1 and draw.number > 0:
        targets[draw.size(0, n - 1)] = -100
    draw.indices("targets", v, values=targets)
    return F.cross_entropy(logits, torch.tensor(targets), ignore_index=-100, label_smoothing=smoothing)


@component
def mean_squared_error(draw):
    shape = [draw.size(1, 5) for _ in range(1 + draw.number % 3)]
    return F.mse_loss(draw.input("prediction", *shape), draw.input("target", *shape))


@component
def kl_divergence(draw):
    shape = draw.size(1, 5), draw.size(1, 9)
    logits, target = draw.input("logits", *shape), draw.input("target", *shape)
    return F.kl_div(logits.log_softmax(-1), target.log_softmax(-1), log_target=True, reduction="batchmean")


def main(names):
    os.makedirs(FOLDER, exist_ok=True)
    for name in names or COMPONENTS:
        draws = [
            (draw := Draw(name, number, dtype)).finish(COMPONENTS[name](draw))
            for dtype in (torch.float64, torch.float32)
            for number in range(DRAWS)
        ]
        with open(os.path.join(FOLDER, name + ".json.gz"), "wb") as file:
            file.write(gzip.compress(json.dumps(draws, separators=(",", ":")).encode(), 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])
