"""Makes gae_golden.json: generalised advantage estimation and the whitening of advantages, in float64.

    python gae_golden.py > ../resources/gradus/train/gae_golden.json

TRL 1.13 has PPO no more, so this restates, in torch, what its last PPOTrainer did with a batch of answers that are filled
up to T places. What its lines mean is said beside each.
"""

import json

import torch

torch.set_default_dtype(torch.float64)


def masked_mean(values, mask):
    return (values * mask).sum() / mask.sum()


def masked_whiten(values, mask):
    """Minus the mean, times the reciprocal root of the variance, unbiased, and 1e-8; what the mask leaves out takes no
    part in either."""
    mean = masked_mean(values, mask)
    count = mask.sum()
    variance = masked_mean((values - mean) ** 2, mask) * count / (count - 1)
    return (values - mean) * torch.rsqrt(variance + 1e-8)


def estimate(rewards, values, mask, gamma, lam):
    """From the last place to the first: δ of a place is its reward, and γ times the next value, less its own; the
    advantage is δ and γλ times the next advantage. Values and rewards of padding are 0."""
    last, reversed_advantages = 0.0, []
    length = values.shape[1]
    for t in reversed(range(length)):
        following = values[:, t + 1] if t < length - 1 else 0.0
        delta = rewards[:, t] + gamma * following - values[:, t]
        last = delta + gamma * lam * last
        reversed_advantages.append(last)
    advantages = torch.stack(reversed_advantages[::-1], dim=1)
    returns = advantages + values
    # whitened after the returns are made; padding becomes 0
    return returns, torch.masked_fill(masked_whiten(advantages, mask), mask == 0, 0)


def example(number):
    generator = torch.Generator().manual_seed(number)
    rows, length = 2 + number % 3, 3 + number
    lengths = torch.randint(1, length + 1, (rows,), generator=generator)
    mask = (torch.arange(length)[None, :] < lengths[:, None]).double()
    rewards, values = (torch.randn(rows, length, generator=generator) * mask for _ in range(2))
    gamma, lam = [(1.0, 0.95), (0.9, 0.8), (1.0, 1.0), (0.99, 0.0), (0.5, 0.5)][number]
    returns, whitened = estimate(rewards, values, mask, gamma, lam)

    def ragged(tensor):
        return [row[:n].tolist() for row, n in zip(tensor, lengths)]

    return {
        "gamma": gamma,
        "lam": lam,
        "rewards": ragged(rewards),
        "values": ragged(values),
        "returns": ragged(returns),
        "whitened": ragged(whitened),
    }


if __name__ == "__main__":
    print(json.dumps([example(number) for number in range(5)]))
