"""What TRL makes of the losses of alignment: files like those of golden.py, beside it.

    python trl_golden.py               # all components
    python trl_golden.py trl_dpo       # some

Made with trl 1.13.0, torch 2.13 and transformers 5.18.

TRL's losses are inside methods of its trainers. Here those methods run as they are, on a trainer whose constructor did
not run: it has only the settings that the method reads, an accelerator that gathers nothing, and in the place of a
model a function that returns the numbers drawn. So it is TRL's code that computes the loss, and torch's autograd that
computes its gradient.

This version of TRL has PPO no more. trl_ppo restates the lines of its last PPOTrainer that compute the two losses; what
they mean is said beside each.
"""

import collections
import os
import sys
import types

import torch

import golden
from golden import component, packed

from trl.trainer.dpo_trainer import DPOTrainer
from trl.trainer.grpo_trainer import GRPOTrainer
from trl.trainer.kto_trainer import KTOTrainer
from trl.trainer.reward_trainer import RewardTrainer
from trl.trainer.rloo_trainer import RLOOTrainer

PROMPT = 2  # tokens of the prompt


class Accelerator:
    device = torch.device("cpu")
    num_processes = 1

    def gather(self, tensor):
        return tensor

    gather_for_metrics = gather

    def reduce(self, tensor, reduction):
        return tensor


def bare(trainer, **settings):
    """An instance whose constructor did not run."""
    made = object.__new__(trainer)
    made.accelerator = Accelerator()
    made._metrics = collections.defaultdict(lambda: collections.defaultdict(list))
    made._total_train_tokens = 0
    made._tp_size = 1
    made.aux_loss_enabled = False
    made.model = types.SimpleNamespace(training=True)
    for name, value in settings.items():
        setattr(made, name, value)
    return made


class Model:
    """Returns logits, whatever it is asked."""

    training = True

    def __init__(self, logits):
        self.logits = logits

    def __call__(self, **inputs):
        return types.SimpleNamespace(logits=self.logits)


def constant(draw, name, tensor):
    """Notes a tensor that no gradient goes to."""
    draw.inputs[name] = packed(tensor)
    return tensor


def wide(draw, function):
    """TRL makes some tensors of torch's default type."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(draw.dtype)
    try:
        return function()
    finally:
        torch.set_default_dtype(before)


def completion_mask(draw, rows, length, prompt):
    """Answers of 1 to length - prompt tokens behind the prompt, then padding."""
    mask = []
    for _ in range(rows):
        end = prompt + draw.random.integers(1, length - prompt + 1)
        mask.append([1 if prompt <= t < end else 0 for t in range(length)])
    return mask


@component
def trl_reward(draw):
    n = draw.size(1, 5)
    centring = draw.set("centring", [0.0, 0.01, 0.3][draw.number % 3])
    chosen, rejected = draw.input("chosen", n), draw.input("rejected", n)
    margin = constant(draw, "margin", draw.values(n).abs())
    logits = torch.cat([chosen, rejected]).unsqueeze(-1)

    def loss(**more):
        args = types.SimpleNamespace(center_rewards_coefficient=centring or None)
        inputs = {"input_ids": None, "attention_mask": torch.ones(2 * n, 3), **more}
        return bare(RewardTrainer, args=args).compute_loss(Model(logits), inputs)

    return {"plain": loss(), "margin": loss(margin=margin)}


DPO = {"sigmoid": 0, "robust": 0.125, "ipo": 0, "hinge": 0, "sigmoid_norm": 0, "exo_pair": 0.125, "nca_pair": 0,
       "sppo_hard": 0, "apo_zero": 0, "apo_down": 0, "bco_pair": 0, "aot": 0.125, "aot_unpaired": 0.125, "discopop": 0,
       "sft": 0}


@component
def trl_dpo(draw):
    n, t, v = draw.size(1, 4), draw.size(4, 7), draw.size(2, 6)
    beta = draw.set("beta", [0.1, 0.5, 2.0][draw.number % 3])
    draw.set("label_smoothing", 0.125)
    logits = draw.input("logits", 2 * n, t, v)
    ids = draw.indices("ids", v, 2 * n, t)
    mask = draw.indices("mask", 2, 2 * n, t, values=completion_mask(draw, 2 * n, t, PROMPT))
    ref = constant(draw, "ref", draw.values(2 * n) - 3)
    inputs = {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "completion_mask": mask,
        "ref_chosen_logps": ref[:n],
        "ref_rejected_logps": ref[n:],
    }

    def loss(name, smoothing):
        trainer = bare(
            DPOTrainer,
            loss_types=[name],
            loss_weights=[1.0],
            beta=beta,
            label_smoothing=smoothing,
            ld_alpha=None,
            f_divergence_type="reverse_kl",
            use_weighting=False,
            precompute_ref_logps=True,
            args=types.SimpleNamespace(discopop_tau=0.05),
        )
        return trainer._compute_loss(Model(logits), inputs, False)

    return wide(draw, lambda: {name: loss(name, smoothing) for name, smoothing in DPO.items()})


@component
def trl_kto(draw):
    n, m, t, v = draw.size(2, 5), draw.size(2, 4), draw.size(4, 7), draw.size(2, 6)
    beta = draw.set("beta", [0.1, 0.5, 2.0][draw.number % 3])
    desirable, undesirable = draw.set("desirable", 1.25), draw.set("undesirable", 0.75)
    logits = draw.input("logits", n, t, v)
    ids = draw.indices("ids", v, n, t)
    mask = draw.indices("mask", 2, n, t, values=completion_mask(draw, n, t, PROMPT))
    label = draw.indices("label", 2, n)
    ref = constant(draw, "ref", draw.values(n) - 3)
    mismatched = constant(draw, "mismatched", draw.values(m) + [0.5, -3.0][draw.number % 2])
    mismatched_ref = constant(draw, "mismatched_ref", draw.values(m))
    batch = {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "completion_mask": mask,
        "label": label.bool(),
        "ref_logps": ref,
        "ref_KL_logps": mismatched_ref,
    }

    def loss(name):
        trainer = bare(
            KTOTrainer,
            loss_type=name,
            beta=beta,
            desirable_weight=desirable,
            undesirable_weight=undesirable,
            calculate_KL=name == "kto",
            precompute_ref_logps=True,
            _compute_kl_logps=lambda model, batch: mismatched,
        )
        return trainer._compute_loss(Model(logits), batch, False)

    return wide(draw, lambda: {name: loss(name) for name in ["kto", "apo_zero_unpaired"]})


@component
def trl_grpo(draw):
    n, t = draw.size(1, 5), draw.size(2, 6)
    beta = draw.set("beta", [0.0, 0.04, 0.5][draw.number % 3])
    low, high = draw.set("epsilon_low", 0.2), draw.set("epsilon_high", 0.28)
    longest, tokens = draw.set("max_completion_length", 9), draw.set("num_items_in_batch", 37)
    weight, delta = draw.set("epsilon_max", 1.1), draw.set("delta", 1.5)
    logprobs = draw.input("logprobs", n, t)
    old = constant(draw, "old", logprobs.detach() + 0.6 * draw.values(n, t))
    ref = constant(draw, "ref", logprobs.detach() + 0.4 * draw.values(n, t))
    advantages = constant(draw, "advantages", draw.values(n))
    answers = completion_mask(draw, n, t, 0)
    if draw.number % 2:
        answers[0] = [0] * t  # what mask_truncated_completions makes of an answer without an end
    mask = draw.indices("mask", 2, n, t, values=answers)
    ids = torch.zeros(n, t, dtype=torch.long)
    inputs = {
        "prompt_ids": ids,
        "prompt_mask": torch.ones_like(ids),
        "completion_ids": ids,
        "completion_mask": mask,
        "advantages": advantages,
        "old_per_token_logps": old,
        "ref_per_token_logps": ref,
        "num_items_in_batch": torch.tensor(float(tokens), dtype=draw.dtype),
    }

    def loss(loss_type, level, delta=None):
        args = types.SimpleNamespace(
            delta=delta,
            use_bias_correction_kl=False,
            steps_per_generation=1,
            sapo_temperature_pos=1.0,
            sapo_temperature_neg=1.05,
            vespo_k_pos=2.0,
            vespo_lambda_pos=3.0,
            vespo_k_neg=3.0,
            vespo_lambda_neg=2.0,
        )
        trainer = bare(
            GRPOTrainer,
            loss_type=loss_type,
            importance_sampling_level=level,
            beta=beta,
            epsilon_low=low,
            epsilon_high=weight if loss_type == "cispo" else high,
            max_completion_length=longest,
            top_entropy_quantile=1.0,
            off_policy_mask_threshold=None,
            use_vllm=False,
            current_gradient_accumulation_steps=1,
            _entropy_bonus_enabled=False,
            use_adaptive_entropy=False,
            entropy_coef=0.0,
            args=args,
            _get_per_token_logps_and_entropies=lambda *a, **k: (logprobs, torch.zeros_like(logprobs), None),
        )
        return trainer._compute_loss(None, inputs)

    def all_losses():
        losses = {"vespo": loss("vespo", "token")}
        for level in ["token", "sequence"]:
            for loss_type in ["grpo", "bnpo", "dr_grpo", "dapo", "luspo"]:
                losses[f"{loss_type}_{level}"] = loss(loss_type, level)
                losses[f"{loss_type}_{level}_delta"] = loss(loss_type, level, delta)
            for loss_type in ["cispo", "sapo"]:
                losses[f"{loss_type}_{level}"] = loss(loss_type, level)
        return losses

    return wide(draw, all_losses)


@component
def trl_rloo(draw):
    n, t = draw.size(1, 5), draw.size(2, 6)
    low, high = draw.set("epsilon_low", 0.2), draw.set("epsilon_high", 0.28)
    logprobs = draw.input("logprobs", n, t)
    mask = draw.indices("mask", 2, n, t, values=completion_mask(draw, n, t, 0))
    old = constant(draw, "old", (logprobs.detach() * mask).sum(1) + 0.4 * draw.values(n))
    advantages = constant(draw, "advantages", draw.values(n))
    ids = torch.zeros(n, t, dtype=torch.long)
    trainer = bare(
        RLOOTrainer,
        epsilon_low=low,
        epsilon_high=high,
        _get_per_token_logps_and_entropies=lambda *a, **k: (logprobs, torch.zeros_like(logprobs), None),
    )
    inputs = {
        "prompt_ids": ids,
        "prompt_mask": torch.ones_like(ids),
        "completion_ids": ids,
        "completion_mask": mask,
        "advantages": advantages,
        "old_logps": old,
    }
    return trainer._compute_loss(None, inputs)


def masked_mean(values, mask):
    return (values * mask).sum() / mask.sum()


@component
def trl_ppo(draw):
    """Restated, not called: see the top."""
    n, t = draw.size(1, 5), draw.size(2, 6)
    cliprange, cliprange_value = draw.set("cliprange", 0.2), draw.set("cliprange_value", 0.3)
    logprobs, values = draw.input("logprobs", n, t), draw.input("values", n, t)
    old = constant(draw, "old", logprobs.detach() + 0.4 * draw.values(n, t))
    old_values = constant(draw, "old_values", values.detach() + 0.4 * draw.values(n, t))
    advantages, returns = (constant(draw, name, draw.values(n, t)) for name in ("advantages", "returns"))
    mask = draw.indices("mask", 2, n, t, values=completion_mask(draw, n, t, 0))
    ratio = torch.exp(logprobs - old)
    # of -A·ρ and -A·clip(ρ, 1 - cliprange, 1 + cliprange) the larger one, a mean over what is no padding
    policy = torch.max(-advantages * ratio, -advantages * torch.clamp(ratio, 1.0 - cliprange, 1.0 + cliprange))
    # of the squares for V and for V clipped around V_old the larger one, half of a mean over what is no padding
    clipped = torch.clamp(values, old_values - cliprange_value, old_values + cliprange_value)
    critic = torch.max(torch.square(values - returns), torch.square(clipped - returns))
    return {"policy": masked_mean(policy, mask), "value": 0.5 * masked_mean(critic, mask)}


if __name__ == "__main__":
    mine = [name for name in golden.COMPONENTS if name.startswith("trl_")]
    golden.main(sys.argv[1:] or mine)
