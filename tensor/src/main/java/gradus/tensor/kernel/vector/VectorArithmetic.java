package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.set;

import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.Walks;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.VectorMask;

/// Arithmetic with broadcasting: [Walks] shortens the way through both operands, and runs of neighbours go to
/// [VectorRuns].
final class VectorArithmetic {
    private VectorArithmetic() {}

    static void binary(BinaryFunction f, Buffer a, Strided walkA, Buffer b, Strided walkB, Destination y) {
        Walks walks = new Walks(walkA, walkB, Walks.contiguous(walkA));
        long as = a.address();
        long bs = b.address();
        long ys = y.buffer().address();
        int strideA = walks.runStride(0);
        int strideB = walks.runStride(1);
        VectorMask<Float> add = accumulating(y.accumulate());
        Runs.split(walks, (number, from, to) -> {
            long startA = as + 4 * (walks.start(0, number) + (long) from * strideA);
            long startB = bs + 4 * (walks.start(1, number) + (long) from * strideB);
            long startY = ys + 4 * (walks.start(2, number) + from);
            run(f, startA, strideA, startB, strideB, startY, to - from, y.accumulate(), add);
        });
    }

    private static void run(
            BinaryFunction f,
            long a,
            int strideA,
            long b,
            int strideB,
            long y,
            int n,
            boolean accumulate,
            VectorMask<Float> add) {
        if (f.ordinal() > BinaryFunction.DIVIDE.ordinal()) {
            RareFunctions.binary(f, a, strideA, b, strideB, y, n, accumulate);
        } else if (strideA == 1 && strideB == 1) {
            switch (f) {
                case ADD -> VectorRuns.add(a, b, y, n, add);
                case SUBTRACT -> VectorRuns.subtract(a, b, y, n, add);
                case MULTIPLY -> VectorRuns.multiply(a, b, y, n, add);
                default -> VectorRuns.divide(a, b, y, n, add);
            }
        } else if (strideA == 1 && strideB == 0) {
            float number = get(b);
            switch (f) {
                case ADD -> VectorRuns.affine(a, 1, number, y, n, add);
                case SUBTRACT -> VectorRuns.affine(a, 1, -number, y, n, add);
                case MULTIPLY -> VectorRuns.affine(a, number, 0, y, n, add);
                default -> VectorRuns.divideBy(a, number, y, n, add);
            }
        } else if (strideA == 0 && strideB == 1) {
            float number = get(a);
            switch (f) {
                case ADD -> VectorRuns.affine(b, 1, number, y, n, add);
                case SUBTRACT -> VectorRuns.affine(b, -1, number, y, n, add);
                case MULTIPLY -> VectorRuns.affine(b, number, 0, y, n, add);
                default -> VectorRuns.divideInto(number, b, y, n, add);
            }
        } else {
            for (int i = 0; i < n; i++) {
                float left = get(a + 4L * i * strideA);
                float right = get(b + 4L * i * strideB);
                float value = switch (f) {
                    case ADD -> left + right;
                    case SUBTRACT -> left - right;
                    case MULTIPLY -> left * right;
                    default -> left / right;
                };
                set(y + 4L * i, accumulate ? get(y + 4L * i) + value : value);
            }
        }
    }
}
