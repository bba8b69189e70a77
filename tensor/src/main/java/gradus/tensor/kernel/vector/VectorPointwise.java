package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.exp;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.normal;
import static gradus.tensor.kernel.vector.Lanes.sigmoid;
import static gradus.tensor.kernel.vector.Lanes.store;

import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.PointwiseKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Functions of one element at a time over whole buffers. The pool hands out memory in whole registers, so
/// the loops have no tails. One loop for each function: a shared loop with the function as a parameter would
/// make the compiler put every register on the heap.
final class VectorPointwise implements PointwiseKernels {
    /// Elements below which a second thread costs more than it saves: 16 KB, a microsecond's work.
    static final int GRAIN = 4096;

    // Of the tanh form of GELU, whose 2u is 2√(2/π)(x + 0.044715x³).
    private static final FloatVector TWICE_LINEAR = broadcast(2 * 0.7978845608028654f);
    private static final FloatVector TWICE_CUBIC = broadcast(2 * 0.7978845608028654f * 0.044715f);
    private static final FloatVector SIX_CUBIC = broadcast(6 * 0.7978845608028654f * 0.044715f);

    /// 1/√(2π), the height of the normal density.
    private static final FloatVector NORMAL_HEIGHT = broadcast(0.3989422804014327f);

    private static final FloatVector MINUS_HALF = broadcast(-0.5f);

    /// A loop over the bytes from, not including to, of buffers that begin at the given addresses.
    @FunctionalInterface
    interface Loop {
        void run(long from, long to);
    }

    static void split(int length, Loop loop) {
        if (length < 2 * GRAIN) {
            loop.run(0, 4L * length);
        } else {
            Parallel.rows(length, GRAIN, (from, to) -> loop.run(4L * from, 4L * to));
        }
    }

    @Override
    public void fill(Buffer y, double value) {
        y.changed();
        long to = y.address();
        split(y.length(), (from, end) -> {
            FloatVector v = broadcast((float) value);
            for (long i = from; i < end; i += STEP) {
                store(to + i, v);
            }
        });
    }

    @Override
    public void affine(Buffer x, double scale, double shift, Destination y) {
        if (y == null) {
            return;
        }
        long a = x.address();
        long b = y.buffer().address();
        VectorMask<Float> add = accumulating(y.accumulate());
        split(x.length(), (from, to) -> affine(a, (float) scale, (float) shift, b, add, from, to));
    }

    @Override
    public void scale(List<Buffer> xs, double factor) {
        xs.forEach(Buffer::changed);
        new Pieces(xs, Pieces.SMALL).split((buffer, piece, from, to) -> {
            long x = xs.get(buffer).address();
            affine(x, (float) factor, 0, x, Lanes.NONE, 4L * from, 4L * to);
        });
    }

    private static void affine(long x, float scale, float shift, long y, VectorMask<Float> add, long from, long to) {
        FloatVector s = broadcast(scale);
        FloatVector t = broadcast(shift);
        for (long i = from; i < to; i += STEP) {
            store(y + i, load(y + i, add).add(load(x + i).fma(s, t)));
        }
    }

    @Override
    public void unary(UnaryFunction f, Buffer x, Buffer y) {
        y.changed();
        long a = x.address();
        long b = y.address();
        split(
                x.length(),
                switch (f) {
                    case EXP -> (from, to) -> exponential(a, b, from, to);
                    case LOG -> (from, to) -> logarithm(a, b, from, to);
                    case SQRT -> (from, to) -> root(a, b, from, to);
                    case SQUARE -> (from, to) -> square(a, b, from, to);
                    case RECIPROCAL -> (from, to) -> reciprocal(a, b, from, to);
                    case ABS -> (from, to) -> absolute(a, b, from, to);
                    case TANH -> (from, to) -> tanh(a, b, from, to);
                    case SIGMOID -> (from, to) -> sigmoids(a, b, from, to);
                    case RELU -> (from, to) -> relu(a, b, from, to);
                    case GELU -> (from, to) -> gelu(a, b, from, to);
                    case GELU_TANH -> (from, to) -> geluTanh(a, b, from, to);
                    case SILU -> (from, to) -> silu(a, b, from, to);
                    case RSQRT, SIGN, EXPM1, LOG1P, SIN, COS -> (from, to) -> RareFunctions.unary(f, a, b, from, to);
                });
    }

    @Override
    public void unaryBackward(UnaryFunction f, Buffer x, Buffer y, Buffer dy, Destination dx) {
        if (dx == null) {
            return;
        }
        long a = x.address();
        long b = y.address();
        long d = dy.address();
        long g = dx.buffer().address();
        VectorMask<Float> add = accumulating(dx.accumulate());
        split(
                x.length(),
                switch (f) {
                    case EXP -> (from, to) -> expBackward(b, d, g, add, from, to);
                    case LOG -> (from, to) -> logBackward(a, d, g, add, from, to);
                    case SQRT -> (from, to) -> sqrtBackward(b, d, g, add, from, to);
                    case SQUARE -> (from, to) -> squareBackward(a, d, g, add, from, to);
                    case RECIPROCAL -> (from, to) -> reciprocalBackward(b, d, g, add, from, to);
                    case ABS -> (from, to) -> absBackward(a, d, g, add, from, to);
                    case TANH -> (from, to) -> tanhBackward(b, d, g, add, from, to);
                    case SIGMOID -> (from, to) -> sigmoidBackward(b, d, g, add, from, to);
                    case RELU -> (from, to) -> reluBackward(a, d, g, add, from, to);
                    case GELU -> (from, to) -> geluBackward(a, d, g, add, from, to);
                    case GELU_TANH -> (from, to) -> geluTanhBackward(a, d, g, add, from, to);
                    case SILU -> (from, to) -> siluBackward(a, d, g, add, from, to);
                    case RSQRT, SIGN, EXPM1, LOG1P, SIN, COS ->
                        (from, to) -> RareFunctions.unaryBackward(f, a, d, g, dx.accumulate(), from, to);
                });
        if (f == UnaryFunction.GELU) {
            split(x.length(), (from, to) -> geluDensityBackward(a, d, g, from, to));
        }
    }

    @Override
    public void binary(BinaryFunction f, Buffer a, Strided walkA, Buffer b, Strided walkB, Destination y) {
        if (y != null) {
            VectorArithmetic.binary(f, a, walkA, b, walkB, y);
        }
    }

    private static void exponential(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(y + i, exp(load(x + i)));
        }
    }

    private static void expBackward(long y, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(dx + i, load(dy + i).fma(load(y + i), load(dx + i, add)));
        }
    }

    private static void logarithm(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(y + i, Lanes.log(load(x + i)));
        }
    }

    private static void logBackward(long x, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(dx + i, load(dx + i, add).add(load(dy + i).div(load(x + i))));
        }
    }

    private static void root(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(y + i, load(x + i).sqrt());
        }
    }

    private static void sqrtBackward(long y, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector g = load(dy + i).mul(0.5f).div(load(y + i));
            store(dx + i, load(dx + i, add).add(g));
        }
    }

    private static void square(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(x + i);
            store(y + i, v.mul(v));
        }
    }

    private static void squareBackward(long x, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(dx + i, load(dy + i).mul(2f).fma(load(x + i), load(dx + i, add)));
        }
    }

    private static void reciprocal(long x, long y, long from, long to) {
        FloatVector one = broadcast(1f);
        for (long i = from; i < to; i += STEP) {
            store(y + i, one.div(load(x + i)));
        }
    }

    private static void reciprocalBackward(long y, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(y + i);
            store(dx + i, v.mul(v).neg().fma(load(dy + i), load(dx + i, add)));
        }
    }

    private static void absolute(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(y + i, load(x + i).abs());
        }
    }

    private static void absBackward(long x, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(x + i);
            FloatVector g = load(dy + i);
            FloatVector signed = g.neg().blend(g, v.compare(jdk.incubator.vector.VectorOperators.GT, 0f));
            store(dx + i, load(dx + i, add).add(signed.blend(0f, v.eq(0f))));
        }
    }

    private static void tanh(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(y + i, Lanes.tanh(load(x + i)));
        }
    }

    private static void tanhBackward(long y, long dy, long dx, VectorMask<Float> add, long from, long to) {
        FloatVector one = broadcast(1f);
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(y + i);
            store(dx + i, v.neg().fma(v, one).fma(load(dy + i), load(dx + i, add)));
        }
    }

    private static void sigmoids(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(y + i, sigmoid(load(x + i)));
        }
    }

    private static void sigmoidBackward(long y, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(y + i);
            store(dx + i, v.neg().fma(v, v).fma(load(dy + i), load(dx + i, add)));
        }
    }

    private static void relu(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(y + i, load(x + i).max(0f));
        }
    }

    private static void reluBackward(long x, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector g = load(dy + i).blend(0f, load(x + i).compare(jdk.incubator.vector.VectorOperators.LE, 0f));
            store(dx + i, load(dx + i, add).add(g));
        }
    }

    private static void gelu(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(x + i);
            store(y + i, v.mul(normal(v)));
        }
    }

    /// `Φ(x)`, the first half of `f′ = Φ(x) + x·φ(x)`. Both in one loop would be more than the compiler inlines.
    private static void geluBackward(long x, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(dx + i, normal(load(x + i)).fma(load(dy + i), load(dx + i, add)));
        }
    }

    /// `x·φ(x)`, the other half.
    private static void geluDensityBackward(long x, long dy, long dx, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(x + i);
            store(dx + i, v.mul(density(v)).fma(load(dy + i), load(dx + i)));
        }
    }

    /// φ(x), the normal density.
    static FloatVector density(FloatVector x) {
        return Lanes.expOfNegative(x.mul(x).mul(MINUS_HALF)).mul(NORMAL_HEIGHT);
    }

    /// `½x(1 + tanh u) = x·σ(2u)`, which needs no tanh and does not cancel for negative x.
    private static void geluTanh(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(x + i);
            store(y + i, v.mul(geluGate(v, v.mul(v))));
        }
    }

    /// σ(2u) with u = √(2/π)(x + 0.044715x³)
    private static FloatVector geluGate(FloatVector x, FloatVector square) {
        return sigmoid(square.fma(TWICE_CUBIC, TWICE_LINEAR).mul(x));
    }

    /// Beyond this s is 0 or 1 in float32, while x² goes on to infinity, and 0 times that would be NaN.
    private static final float SATURATED = 20;

    /// `s + x·s(1 - s)·2u′` with s = σ(2u), u′ = √(2/π)(1 + 3·0.044715x²)
    private static void geluTanhBackward(long x, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(x + i).max(-SATURATED).min(SATURATED);
            FloatVector square = v.mul(v);
            FloatVector s = geluGate(v, square);
            FloatVector slope = square.fma(SIX_CUBIC, TWICE_LINEAR).mul(v);
            FloatVector g = s.neg().fma(s, s).fma(slope, s);
            store(dx + i, g.fma(load(dy + i), load(dx + i, add)));
        }
    }

    private static void silu(long x, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(x + i);
            store(y + i, v.mul(sigmoid(v)));
        }
    }

    /// `s(1 + x(1 - s))` with s = σ(x)
    private static void siluBackward(long x, long dy, long dx, VectorMask<Float> add, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(x + i);
            FloatVector s = sigmoid(v);
            FloatVector g = s.neg().fma(s, s).fma(v, s);
            store(dx + i, g.fma(load(dy + i), load(dx + i, add)));
        }
    }
}
