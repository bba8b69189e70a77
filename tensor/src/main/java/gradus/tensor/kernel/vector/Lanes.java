package gradus.tensor.kernel.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The vocabulary of the vector kernels: registers of [#W] floats loaded from addresses, and the elementary functions.
///
/// The functions are polynomials in fused multiply-adds, not the vector maths library of the JVM: that library is used
/// by compiled code only, so a result would depend on when the compiler got round to it. For the same reason [#sum]
/// adds the lanes in an order of its own. All of memory is one segment and an address the offset into it, which the
/// compiler turns into plain loads; who calls has checked every size.
final class Lanes {
    static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    /// Floats in a register: 16 with AVX-512, 8 with AVX2, 4 with NEON.
    static final int W = S.length();

    /// Bytes in a register.
    static final long STEP = 4L * W;

    static final VectorMask<Float> ALL = S.maskAll(true);
    static final VectorMask<Float> NONE = S.maskAll(false);

    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorShuffle<Float>[] HALVES = halves();

    private Lanes() {}

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(S, MEMORY, address, ORDER);
    }

    /// The lanes of the mask; the others are 0 and their memory is not read.
    static FloatVector load(long address, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(S, MEMORY, address, ORDER, mask);
    }

    static void store(long address, FloatVector v) {
        v.intoMemorySegment(MEMORY, address, ORDER);
    }

    static void store(long address, FloatVector v, VectorMask<Float> mask) {
        v.intoMemorySegment(MEMORY, address, ORDER, mask);
    }

    static float get(long address) {
        return MEMORY.get(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, address);
    }

    static void set(long address, float value) {
        MEMORY.set(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
    }

    static void copy(long from, long to, long bytes) {
        MemorySegment.copy(MEMORY, from, MEMORY, to, bytes);
    }

    static void zero(long address, long bytes) {
        MEMORY.asSlice(address, bytes).fill((byte) 0);
    }

    static FloatVector broadcast(float value) {
        return FloatVector.broadcast(S, value);
    }

    static FloatVector zero() {
        return FloatVector.zero(S);
    }

    /// The lanes before n: the last, incomplete register of a row.
    static VectorMask<Float> tail(int n) {
        return S.indexInRange(0, n);
    }

    /// A mask that turns a load into zeros unless a gradient is to be added to: `store(load(mask) + g)` either way.
    static VectorMask<Float> accumulating(boolean accumulate) {
        return accumulate ? ALL : NONE;
    }

    /// The sum of the lanes, halving: lane i takes lane i + W/2, then i + W/4, …
    static float sum(FloatVector v) {
        for (VectorShuffle<Float> half : HALVES) {
            v = v.add(v.rearrange(half));
        }
        return v.lane(0);
    }

    /// The largest lane; in any order the same.
    static float max(FloatVector v) {
        return v.reduceLanes(VectorOperators.MAX);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static VectorShuffle<Float>[] halves() {
        VectorShuffle<Float>[] shuffles = new VectorShuffle[Integer.numberOfTrailingZeros(W)];
        for (int i = 0; i < shuffles.length; i++) {
            int half = W >> (i + 1);
            shuffles[i] = VectorShuffle.fromOp(S, lane -> (lane + half) % W);
        }
        return shuffles;
    }

    // --- elementary functions

    // Constants are registers made once: a broadcast in the middle of a loop would count against what the compiler is
    // willing to inline, and a loop that is not inlined whole puts its registers on the heap.

    static final FloatVector ONE = broadcast(1f);
    private static final FloatVector NOTHING = broadcast(0f);

    /// Arguments of the exponential between which 2ⁿ is a normal number.
    private static final FloatVector LEAST = broadcast(-87f);

    private static final FloatVector MOST = broadcast(88f);

    /// Adding and subtracting 1.5·2²³ rounds to a whole number, which then stands in the low bits.
    private static final FloatVector ROUND = broadcast(0x1.8p23f);

    private static final FloatVector LOG2_E = broadcast(1.44269504088896341f);

    /// ln 2 in two parts, the first exact in few bits so that n·ln2 loses nothing.
    private static final FloatVector MINUS_LN2_HIGH = broadcast(-0.693359375f);

    private static final FloatVector MINUS_LN2_LOW = broadcast(2.12194440e-4f);
    private static final FloatVector HALF = broadcast(0.5f);
    private static final FloatVector MINUS_HALF = broadcast(-0.5f);
    private static final FloatVector ROOT_HALF = broadcast(0.70710678f); // its bits are 3f3504f3

    // Of erfc.
    private static final FloatVector N0 = broadcast(-1.26551223f);
    private static final FloatVector N1 = broadcast(1.00002368f);
    private static final FloatVector N2 = broadcast(0.37409196f);
    private static final FloatVector N3 = broadcast(0.09678418f);
    private static final FloatVector N4 = broadcast(-0.18628806f);
    private static final FloatVector N5 = broadcast(0.27886807f);
    private static final FloatVector N6 = broadcast(-1.13520398f);
    private static final FloatVector N7 = broadcast(1.48851587f);
    private static final FloatVector N8 = broadcast(-0.82215223f);
    private static final FloatVector N9 = broadcast(0.17087277f);

    // Of the logarithm.
    private static final FloatVector LEAST_NORMAL = broadcast(Float.MIN_NORMAL);
    private static final FloatVector TWO_TO_24 = broadcast(0x1p24f);
    private static final FloatVector TWENTY_FOUR = broadcast(24f);
    private static final FloatVector LN2_HIGH = MINUS_LN2_HIGH.neg();
    private static final FloatVector LN2_LOW = MINUS_LN2_LOW.neg();
    private static final FloatVector INFINITY = broadcast(Float.POSITIVE_INFINITY);
    private static final FloatVector MINUS_INFINITY = broadcast(Float.NEGATIVE_INFINITY);
    private static final FloatVector NOT_A_NUMBER = broadcast(Float.NaN);
    private static final IntVector ROOT_HALF_BITS = ROOT_HALF.reinterpretAsInts();
    private static final IntVector FRACTION_BITS = IntVector.broadcast(ROOT_HALF_BITS.species(), 0x007fffff);
    private static final FloatVector L0 = broadcast(3.3333331174e-1f);
    private static final FloatVector L1 = broadcast(-2.4999993993e-1f);
    private static final FloatVector L2 = broadcast(2.0000714765e-1f);
    private static final FloatVector L3 = broadcast(-1.6668057665e-1f);
    private static final FloatVector L4 = broadcast(1.4249322787e-1f);
    private static final FloatVector L5 = broadcast(-1.2420140846e-1f);
    private static final FloatVector L6 = broadcast(1.1676998740e-1f);
    private static final FloatVector L7 = broadcast(-1.1514610310e-1f);
    private static final FloatVector L8 = broadcast(7.0376836292e-2f);

    // Of tanh.
    private static final FloatVector TWO = broadcast(2f);
    private static final FloatVector NEAR = broadcast(0.625f);
    private static final FloatVector T0 = broadcast(-3.33332819422e-1f);
    private static final FloatVector T1 = broadcast(1.33314422036e-1f);
    private static final FloatVector T2 = broadcast(-5.37397155531e-2f);
    private static final FloatVector T3 = broadcast(2.06390887954e-2f);
    private static final FloatVector T4 = broadcast(-5.70498872745e-3f);

    // Of eʳ.
    private static final FloatVector E1 = broadcast(5.0000001201e-1f);
    private static final FloatVector E2 = broadcast(1.6666665459e-1f);
    private static final FloatVector E3 = broadcast(4.1665795894e-2f);
    private static final FloatVector E4 = broadcast(8.3334519073e-3f);
    private static final FloatVector E5 = broadcast(1.3981999507e-3f);
    private static final FloatVector E6 = broadcast(1.9875691500e-4f);

    /// eˣ to 2 units in the last place: x = n·ln2 + r with |r| ≤ ½ln2, then `eˣ = 2ⁿ·eʳ` with a polynomial for eʳ
    /// (coefficients of Cephes' expf, S. Moshier). Below -87.3 the result is 0, above 88.7 ∞; NaN stays NaN.
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.max(-87.33654f).min(88.72283f);
        FloatVector shifted = clamped.fma(LOG2_E, ROUND);
        FloatVector p = expOfRest(clamped, shifted.sub(ROUND));
        // The low bits of `shifted` are n, up to bits that the shift drops: into the exponent with them. n = 128 would
        // overflow the exponent field on its own, so half of the power goes in by a multiplication.
        var bits = shifted.reinterpretAsInts();
        var top = bits.lanewise(VectorOperators.LSHL, 10); // n in the upper 22 bits
        var halfN = top.lanewise(VectorOperators.ASHR, 11);
        var otherN = top.lanewise(VectorOperators.ASHR, 10).sub(halfN);
        FloatVector scale1 = halfN.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector scale2 = otherN.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector y = p.mul(scale1).mul(scale2);
        y = y.blend(0f, x.lt(-87.33654f));
        return y.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, 88.72283f));
    }

    /// eˣ for x ≤ 0 with a result that may be cut off to 0: what a softmax needs, less the care for large x.
    static FloatVector expOfNegative(FloatVector x) {
        return expWithin(x.max(LEAST)).blend(NOTHING, x.compare(VectorOperators.LT, LEAST));
    }

    /// eˣ for -87 ≤ x ≤ 88, where 2ⁿ is a normal number.
    private static FloatVector expWithin(FloatVector x) {
        FloatVector shifted = x.fma(LOG2_E, ROUND);
        var power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return expOfRest(x, shifted.sub(ROUND)).reinterpretAsInts().add(power).reinterpretAsFloats();
    }

    /// eʳ for r = x - n·ln2, |r| ≤ ½ln2.
    private static FloatVector expOfRest(FloatVector x, FloatVector n) {
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
        FloatVector p = E6.fma(r, E5).fma(r, E4).fma(r, E3).fma(r, E2).fma(r, E1);
        return p.fma(r.mul(r), r.add(ONE));
    }

    /// ln x to 2 units in the last place: x = 2ⁿ·m with m in [√½, √2), `ln x = n·ln2 + ln m` (coefficients of Cephes'
    /// logf). 0 gives -∞, negative numbers NaN.
    static FloatVector log(FloatVector x) {
        VectorMask<Float> subnormal = x.compare(VectorOperators.LT, LEAST_NORMAL);
        var bits = x.blend(x.mul(TWO_TO_24), subnormal).reinterpretAsInts();
        // Subtracting the bits of √½ puts the cut between two exponents at √½ instead of 1.
        var relative = bits.sub(ROOT_HALF_BITS);
        FloatVector m = relative.and(FRACTION_BITS).add(ROOT_HALF_BITS).reinterpretAsFloats();
        FloatVector n =
                (FloatVector) relative.lanewise(VectorOperators.ASHR, 23).convert(VectorOperators.I2F, 0);
        n = n.blend(n.sub(TWENTY_FOUR), subnormal);
        FloatVector r = m.sub(ONE);
        FloatVector z = r.mul(r);
        FloatVector p = L8.fma(r, L7).fma(r, L6).fma(r, L5).fma(r, L4).fma(r, L3);
        p = p.fma(r, L2).fma(r, L1).fma(r, L0);
        FloatVector y = n.fma(LN2_LOW, p.mul(r).mul(z));
        y = n.fma(LN2_HIGH, r.add(z.fma(MINUS_HALF, y)));
        y = y.blend(INFINITY, x.compare(VectorOperators.EQ, INFINITY));
        y = y.blend(MINUS_INFINITY, x.compare(VectorOperators.EQ, NOTHING));
        return y.blend(NOT_A_NUMBER, x.compare(VectorOperators.GE, NOTHING).not());
    }

    /// `1/(1 + e⁻ˣ)`
    static FloatVector sigmoid(FloatVector x) {
        return ONE.div(expWithin(x.neg().max(LEAST).min(MOST)).add(ONE));
    }

    /// tanh x: `1 - 2/(e²ˣ + 1)`, and near 0, where that cancels, `x + x³·P(x²)` (coefficients of Cephes' tanhf).
    static FloatVector tanh(FloatVector x) {
        FloatVector twice = x.add(x).max(LEAST).min(MOST);
        FloatVector far = ONE.sub(TWO.div(expWithin(twice).add(ONE)));
        FloatVector z = x.mul(x);
        FloatVector p = T4.fma(z, T3).fma(z, T2).fma(z, T1).fma(z, T0);
        FloatVector near = p.mul(z).fma(x, x);
        return far.blend(near, x.abs().compare(VectorOperators.LT, NEAR));
    }

    /// Φ(x), the normal distribution function, as `½·erfc(-x/√2)`. The relative error of erfc is below 1.2e-7
    /// everywhere, so that the tail is as good as the middle: a Chebyshev fit, Press et al. 1992, 6.2.
    static FloatVector normal(FloatVector x) {
        FloatVector z = x.abs().mul(ROOT_HALF);
        FloatVector t = ONE.div(z.fma(HALF, ONE));
        FloatVector p =
                N9.fma(t, N8).fma(t, N7).fma(t, N6).fma(t, N5).fma(t, N4).fma(t, N3);
        p = p.fma(t, N2).fma(t, N1).fma(t, N0);
        FloatVector upper = t.mul(expOfNegative(z.neg().fma(z, p))).mul(HALF); // Φ(-|x|)
        return ONE.sub(upper).blend(upper, x.compare(VectorOperators.LT, NOTHING));
    }
}
