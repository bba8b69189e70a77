"""Prints the numbers that RngTest pins, from the published definition of SplitMix64 and nothing of Gradus.

Run: python numbers.py
"""
import math

MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def seed(s):
    return mix((s + GAMMA) & MASK)


def at_name(key, name):
    for byte in name.encode("utf-8"):
        key = mix((key ^ (byte * GAMMA)) & MASK)
    return mix((key + GAMMA) & MASK)


def at_number(key, n):
    return mix((mix(key ^ GAMMA) + (n + 1) * GAMMA) & MASK)


def bits(key, i):
    return mix((key + (i + 1) * GAMMA) & MASK)


def uniform(key, i):
    return (bits(key, i) >> 11) * 2.0**-53


def gaussian(key, i):
    u = 1 - uniform(key, 2 * i)
    return math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * uniform(key, 2 * i + 1))


key = at_number(at_name(seed(1), "dropout"), 7)
print("key", key - (1 << 64) if key >> 63 else key)
accent = at_name(seed(-3), "h.0.é")
print("accent", accent - (1 << 64) if accent >> 63 else accent)
negative = at_number(seed(2), -5)
print("negative", negative - (1 << 64) if negative >> 63 else negative)
print("uniform", [repr(uniform(key, i)) for i in (0, 1, 2, 1_000_000, 1 << 40)])
print("index", [bits(key, i) * 1000 >> 64 for i in range(8)])
print("gaussian", [repr(gaussian(key, i)) for i in (0, 1, 2, 12345)])
