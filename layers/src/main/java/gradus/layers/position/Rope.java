package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// Rotary position embedding: queries and keys are rotated by their positions, pair i of channels by `p·θᵢ`,
/// so that their product depends on the distance alone: `(R_m·q)·(R_n·k) = q·(R_{n-m}·k)`. Values are not
/// rotated. Su et al. 2021, RoFormer, arXiv:2104.09864. The [RopeFrequencies] define θ, and how a trained
/// model is extended to longer sequences.
///
/// Angles are computed in double: at large positions `p·θᵢ` is many full rotations, and a float32 has few
/// digits left for the last one. Their cosines and sines are kept in tables that grow with the longest
/// sequence and are shared by all blocks. Costs `6·T·N·D` operations, one pass over the memory.
public final class Rope extends RotaryPosition {
    private final RopeFrequencies frequencies;
    private final RopePairs pairs;
    private volatile Tables tables;

    /// The tables and what they were made for.
    private record Tables(double[] angles, Tensor cos, Tensor sin) {
        boolean serve(double[] asked, int length, DType dtype) {
            return cos.dim(0) >= length && cos.dtype() == dtype && Arrays.equals(angles, asked);
        }
    }

    /// Pairs channels as Hugging Face's checkpoints do: a channel of the first half of a head with one of the
    /// second half.
    public Rope(RopeFrequencies frequencies) {
        this(frequencies, RopePairs.HALVES);
    }

    /// @param pairs which two channels rotate together; a checkpoint works only with the pairs it was trained
    ///              with
    public Rope(RopeFrequencies frequencies, RopePairs pairs) {
        require(frequencies != null, "Rope: frequencies must be given; got null");
        require(pairs != null, "Rope: the layout of the pairs must be given; got null");
        this.frequencies = frequencies;
        this.pairs = pairs;
    }

    /// **Shapes** x (B, T, N·D), positions (T) or (B, T) → (B, T, N·D)
    ///
    /// @throws gradus.error.ConfigException if the head size is odd
    @Override
    public Tensor rotate(Tensor x, int headDim, Indices positions) {
        int length = RopeFrequencies.length("Rope", positions);
        Tables own = tables(headDim, length, x.dtype());
        return gradus.tensor.op.Rope.apply(x, own.cos, own.sin, positions, pairs); // (B, T, N·D)
    }

    @Override
    public boolean rotatesByLength() {
        return frequencies.dependOnLength();
    }

    /// Which two channels rotate together.
    public RopePairs pairs() {
        return pairs;
    }

    /// θ of each pair.
    public RopeFrequencies frequencies() {
        return frequencies;
    }

    /// Reads and writes the field once each: another thread may put other tables there in between.
    private Tables tables(int headDim, int length, DType dtype) {
        double[] angles = frequencies.angles(headDim, length);
        Tables known = tables;
        if (known != null && known.serve(angles, length, dtype)) {
            return known;
        }
        int rows = RopeFrequencies.tableRows(length);
        Tables made = new Tables(
                angles, table(Math::cos, angles, rows, dtype), table(Math::sin, angles, rows, dtype)); // (P, D/2)
        tables = made;
        return made;
    }

    private Tensor table(DoubleUnaryOperator f, double[] angles, int rows, DType dtype) {
        double[] values = new double[rows * angles.length];
        for (int p = 0; p < rows; p++) {
            for (int i = 0; i < angles.length; i++) {
                values[p * angles.length + i] = frequencies.factor() * f.applyAsDouble(p * angles[i]);
            }
        }
        return Tensor.of(values, rows, angles.length).to(dtype).keep(); // (P, D/2)
    }
}
