package gradus.tensor;

import static gradus.error.ShapeException.given;

import java.nio.charset.StandardCharsets;

/// A counter-based random generator: number i of a stream is a function of the stream's key and i alone, so
/// the same key gives the same numbers whatever the device, the thread count or the order of calls. A key is
/// made from a seed and the names and step numbers that lead to its use:
/// `Rng.of(seed).at("dropout").at(step)`.
///
/// Each 64-bit word is SplitMix64 at random access, `mix(key + (i + 1)·γ)`: Steele, Lea & Flood 2014, "Fast
/// splittable pseudorandom number generators".
public record Rng(long key) {
    /// γ of SplitMix64: 2⁶⁴ over the golden ratio, odd.
    public static final long GAMMA = 0x9E3779B97F4A7C15L;

    /// The stream of a seed.
    public static Rng of(long seed) {
        return new Rng(mix(seed + GAMMA));
    }

    /// The stream named so under this one.
    public Rng at(String name) {
        given(name, "rng", "a name");
        long hash = key;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = mix(hash ^ (b & 0xFF) * GAMMA);
        }
        return new Rng(mix(hash + GAMMA));
    }

    /// The stream numbered so under this one.
    public Rng at(long number) {
        return new Rng(mix(mix(key ^ GAMMA) + (number + 1) * GAMMA));
    }

    /// The finaliser of SplitMix64, a bijection of 64-bit words (Stafford's variant 13).
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// The 64 random bits at a position.
    public long bits(long i) {
        return mix(key + (i + 1) * GAMMA);
    }

    /// A uniform number in [0, 1), 53 bits fine.
    public double uniform(long i) {
        return (bits(i) >>> 11) * 0x1p-53;
    }

    /// A uniform whole number in 0 … bound-1, by the high half of a 128-bit product; the bias is below
    /// bound/2⁶⁴.
    public int index(long i, int bound) {
        return (int) Math.unsignedMultiplyHigh(bits(i), bound);
    }

    /// A standard normal number, by the Box–Muller transform of words 2i and 2i+1: `√(-2 ln u)·cos 2πv`.
    public double gaussian(long i) {
        double u = 1 - uniform(2 * i); // (0, 1], so that the logarithm is finite
        double v = uniform(2 * i + 1);
        return Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
    }
}
