package gradus.tensor.random;

import static gradus.error.ShapeException.given;

import java.nio.charset.StandardCharsets;

/// A random generator without hidden state: number i is computed from a key and i alone. So number i is
/// always the same, on every device, with any number of threads and in any order of calls. Such generators
/// are called counter-based. Different uses need different keys, which are made from a seed, names and step
/// numbers: `Rng.of(seed).at("dropout").at(step)`.
///
/// Number i is output i of SplitMix64, computed directly: `mix(key + (i + 1)·γ)`. Steele, Lea & Flood 2014,
/// "Fast splittable pseudorandom number generators".
public record Rng(long key) {
    /// γ of SplitMix64: 2⁶⁴ divided by the golden ratio, rounded to an odd number.
    public static final long GAMMA = 0x9E3779B97F4A7C15L;

    /// The generator for a seed.
    public static Rng of(long seed) {
        return new Rng(mix(seed + GAMMA));
    }

    /// A generator made from this one and a name. Its numbers are independent of this generator's.
    public Rng at(String name) {
        given(name, "rng", "a name");
        long hash = key;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = mix(hash ^ (b & 0xFF) * GAMMA);
        }
        return new Rng(mix(hash + GAMMA));
    }

    /// A generator made from this one and a number, such as a training step or a row. Its numbers are
    /// independent of this generator's.
    public Rng at(long number) {
        return new Rng(mix(mix(key ^ GAMMA) + (number + 1) * GAMMA));
    }

    /// Mixes the bits of a 64-bit word so thoroughly that neighbouring words become unrelated, and different
    /// ones stay different: the last step of SplitMix64 (Stafford's variant 13).
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// Number i, as 64 random bits.
    public long bits(long i) {
        return mix(key + (i + 1) * GAMMA);
    }

    /// Number i, uniform in [0, 1): a multiple of 2⁻⁵³.
    public double uniform(long i) {
        return (bits(i) >>> 11) * 0x1p-53;
    }

    /// Number i, as a whole number from 0 to bound - 1. All are equally likely, up to a relative error of
    /// bound/2⁶⁴.
    public int index(long i, int bound) {
        return (int) Math.unsignedMultiplyHigh(bits(i), bound);
    }

    /// Number i, from the normal distribution with mean 0 and standard deviation 1, by the Box–Muller transform
    /// `√(-2 ln u)·cos 2πv` of the uniform numbers 2i and 2i + 1.
    public double gaussian(long i) {
        double u = 1 - uniform(2 * i); // (0, 1], so that the logarithm is finite
        double v = uniform(2 * i + 1);
        return Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
    }
}
