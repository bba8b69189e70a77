package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.ONE;
import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.normal;
import static gradus.tensor.kernel.vector.Lanes.sigmoid;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.zero;
import static gradus.tensor.kernel.vector.VectorPointwise.density;

import gradus.tensor.kernel.Gate;
import gradus.tensor.kernel.GateKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Gated units in one pass: three streams of memory forward where activation and product take five, and
/// five backward where they take nine. As in [VectorPointwise] there is one loop for each function, and no
/// tail.
final class VectorGates implements GateKernels {
    @Override
    public void gated(Gate gate, Buffer a, Buffer b, Buffer y) {
        y.changed();
        long pa = a.address();
        long pb = b.address();
        long py = y.address();
        VectorPointwise.split(
                y.length(),
                switch (gate) {
                    case SIGMOID -> (from, to) -> sigmoids(pa, pb, py, from, to);
                    case RELU -> (from, to) -> relu(pa, pb, py, from, to);
                    case GELU -> (from, to) -> gelu(pa, pb, py, from, to);
                    case SILU -> (from, to) -> silu(pa, pb, py, from, to);
                });
    }

    /// Where one of the gradients is not wanted it goes to memory that nobody reads.
    @Override
    public void gatedBackward(Gate gate, Buffer a, Buffer b, Buffer dy, Destination da, Destination db) {
        if (da == null || db == null) {
            Buffer unwanted = dy.like(dy.length());
            Destination nowhere = new Destination(unwanted, false);
            if (da != null || db != null) {
                gatedBackward(gate, a, b, dy, da == null ? nowhere : da, db == null ? nowhere : db);
            }
            unwanted.release("the backward of a gated unit has ended");
            return;
        }
        if (gate == Gate.GELU) {
            geluBackward(a, b, dy, da, db);
            return;
        }
        long pa = a.address();
        long pb = b.address();
        long d = dy.address();
        long ga = da.buffer().address();
        long gb = db.buffer().address();
        VectorMask<Float> addA = accumulating(da.accumulate());
        VectorMask<Float> addB = accumulating(db.accumulate());
        VectorPointwise.split(
                dy.length(),
                switch (gate) {
                    case GELU -> throw new AssertionError("takes two loops");
                    case SIGMOID -> (from, to) -> sigmoidBackward(pa, pb, d, ga, addA, gb, addB, from, to);
                    case RELU -> (from, to) -> reluBackward(pa, pb, d, ga, addA, gb, addB, from, to);
                    case SILU -> (from, to) -> siluBackward(pa, pb, d, ga, addA, gb, addB, from, to);
                });
    }

    private static void sigmoids(long a, long b, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(y + i, sigmoid(load(a + i)).mul(load(b + i)));
        }
    }

    /// `f′ = s(1 - s)` with s = σ(a)
    private static void sigmoidBackward(
            long a,
            long b,
            long dy,
            long da,
            VectorMask<Float> addA,
            long db,
            VectorMask<Float> addB,
            long from,
            long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector s = sigmoid(load(a + i));
            FloatVector d = load(dy + i);
            store(da + i, s.neg().fma(s, s).fma(d.mul(load(b + i)), load(da + i, addA)));
            store(db + i, s.fma(d, load(db + i, addB)));
        }
    }

    private static void relu(long a, long b, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(y + i, load(a + i).max(0f).mul(load(b + i)));
        }
    }

    private static void reluBackward(
            long a,
            long b,
            long dy,
            long da,
            VectorMask<Float> addA,
            long db,
            VectorMask<Float> addB,
            long from,
            long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(a + i);
            FloatVector d = load(dy + i);
            FloatVector g = d.mul(load(b + i)).blend(zero(), v.compare(VectorOperators.LE, 0f));
            store(da + i, load(da + i, addA).add(g));
            store(db + i, v.max(0f).fma(d, load(db + i, addB)));
        }
    }

    private static void gelu(long a, long b, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(a + i);
            store(y + i, v.mul(normal(v)).mul(load(b + i)));
        }
    }

    /// Of `f = a·Φ(a)` and `f′ = Φ(a) + a·φ(a)`. Both functions in one loop would be more than the compiler
    /// inlines, so `Φ(a)·dy` lies in memory between two: in that of db, unless it holds a gradient already.
    private static void geluBackward(Buffer a, Buffer b, Buffer dy, Destination da, Destination db) {
        Buffer scratch = db.accumulate() ? dy.like(dy.length()) : db.buffer();
        long pa = a.address();
        long pb = b.address();
        long d = dy.address();
        long ga = da.buffer().address();
        long gb = db.buffer().address();
        long h = scratch.address();
        VectorMask<Float> addA = accumulating(da.accumulate());
        VectorMask<Float> addB = accumulating(db.accumulate());
        VectorPointwise.split(dy.length(), (from, to) -> geluDistribution(pa, d, h, from, to));
        VectorPointwise.split(dy.length(), (from, to) -> geluDensity(pa, pb, d, h, ga, addA, gb, addB, from, to));
        if (db.accumulate()) {
            scratch.release("the backward of a gated unit has ended");
        }
    }

    private static void geluDistribution(long a, long dy, long h, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            store(h + i, normal(load(a + i)).mul(load(dy + i)));
        }
    }

    private static void geluDensity(
            long a,
            long b,
            long dy,
            long h,
            long da,
            VectorMask<Float> addA,
            long db,
            VectorMask<Float> addB,
            long from,
            long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(a + i);
            FloatVector first = load(h + i);
            FloatVector slope = v.mul(density(v)).fma(load(dy + i), first);
            store(da + i, slope.fma(load(b + i), load(da + i, addA)));
            store(db + i, first.fma(v, load(db + i, addB)));
        }
    }

    private static void silu(long a, long b, long y, long from, long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(a + i);
            store(y + i, v.mul(sigmoid(v)).mul(load(b + i)));
        }
    }

    /// `f′ = s(1 + a(1 - s))` with s = σ(a)
    private static void siluBackward(
            long a,
            long b,
            long dy,
            long da,
            VectorMask<Float> addA,
            long db,
            VectorMask<Float> addB,
            long from,
            long to) {
        for (long i = from; i < to; i += STEP) {
            FloatVector v = load(a + i);
            FloatVector d = load(dy + i);
            FloatVector s = sigmoid(v);
            FloatVector slope = ONE.sub(s).fma(v, ONE).mul(s);
            store(da + i, slope.fma(d.mul(load(b + i)), load(da + i, addA)));
            store(db + i, v.mul(s).fma(d, load(db + i, addB)));
        }
    }
}
