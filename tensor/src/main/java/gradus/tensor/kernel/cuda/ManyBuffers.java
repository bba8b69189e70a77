package gradus.tensor.kernel.cuda;

import gradus.tensor.kernel.OptimizerKernels.AdamWUpdate;
import gradus.tensor.memory.Buffer;
import java.util.List;

/// `many.cu`: one launch over many buffers, which are cut into pieces of 16,384 elements.
final class ManyBuffers {
    private static final int PIECE = 16_384;
    private static final int THREADS = 256;
    private static final int FLOATS_OF_AN_UPDATE = 8;

    private final Card card;
    private final CudaFunction sumOfSquares;
    private final CudaFunction sumOfSums;
    private final CudaFunction scale;
    private final CudaFunction adamW;

    ManyBuffers(Card card) {
        this.card = card;
        sumOfSquares = card.function("many", "sum_of_squares");
        sumOfSums = card.function("many", "sum_of_sums");
        scale = card.function("many", "scale_all");
        adamW = card.function("many", "adamw");
    }

    /// Tables on the card: something for each buffer, the buffers' lengths, and the pieces.
    private final class Tables {
        private final Buffer each;
        private final Buffer lengths;
        private final Buffer pieces;
        private int count;

        Tables(List<Buffer> buffers, int[] each) {
            int[] sizes = buffers.stream().mapToInt(Buffer::length).toArray();
            for (int size : sizes) {
                count += (size + PIECE - 1) / PIECE;
            }
            int[] table = new int[2 * count];
            int at = 0;
            for (int i = 0; i < sizes.length; i++) {
                for (int start = 0; start < sizes[i]; start += PIECE) {
                    table[at++] = i;
                    table[at++] = start;
                }
            }
            this.each = card.upload(each);
            this.lengths = card.upload(sizes);
            this.pieces = card.upload(table);
        }

        Launch begin(CudaFunction function) {
            return function.begin().buffer(each).buffer(lengths).buffer(pieces).blocks(count);
        }

        void release() {
            for (Buffer table : new Buffer[] {each, lengths, pieces}) {
                table.release("one pass over many buffers has been ordered");
            }
        }
    }

    private int[] addresses(List<Buffer> buffers) {
        int[] halves = new int[2 * buffers.size()];
        for (int i = 0; i < buffers.size(); i++) {
            put(halves, 2 * i, card.address(buffers.get(i)));
        }
        return halves;
    }

    /// A 64-bit number as two ints, the lower half first.
    private static void put(int[] halves, int at, long number) {
        halves[at] = (int) number;
        halves[at + 1] = (int) (number >>> Integer.SIZE);
    }

    double sumOfSquares(List<Buffer> xs) {
        if (xs.isEmpty()) {
            return 0;
        }
        Tables tables = new Tables(xs, addresses(xs));
        Buffer sums = xs.getFirst().like(2 * (tables.count + 1)); // doubles
        tables.begin(sumOfSquares).result(sums).run(THREADS);
        sumOfSums.begin().result(sums).integer(tables.count).run(THREADS);
        double sum = card.staging.readDoubles(card.address(sums) + (long) Double.BYTES * tables.count, 1)[0];
        sums.release("a sum of squares was read");
        tables.release();
        return sum;
    }

    void scale(List<Buffer> xs, float factor) {
        xs.forEach(Buffer::changed);
        Tables tables = new Tables(xs, addresses(xs));
        tables.begin(scale).real(factor).run(THREADS);
        tables.release();
    }

    /// Of each update four addresses and eight floats, `struct AdamWUpdate`.
    void adamW(List<AdamWUpdate> updates) {
        int size = 4 * 2 + FLOATS_OF_AN_UPDATE;
        int[] each = new int[size * updates.size()];
        for (int i = 0; i < updates.size(); i++) {
            AdamWUpdate update = updates.get(i);
            Buffer[] buffers = {update.parameter(), update.gradient(), update.m(), update.v()};
            for (int b = 0; b < buffers.length; b++) {
                put(each, size * i + 2 * b, card.address(buffers[b]));
            }
            update.parameter().changed();
            update.m().changed();
            update.v().changed();
            var step = update.step();
            double[] numbers = {
                step.beta1(),
                1 - step.beta1(),
                step.beta2(),
                1 - step.beta2(),
                step.eps(),
                step.learningRate() / (1 - Math.pow(step.beta1(), step.step())),
                1 / Math.sqrt(1 - Math.pow(step.beta2(), step.step())),
                1 - step.learningRate() * step.weightDecay()
            };
            for (int n = 0; n < numbers.length; n++) {
                each[size * i + 8 + n] = Float.floatToRawIntBits((float) numbers[n]);
            }
        }
        if (updates.isEmpty()) {
            return;
        }
        Tables tables = new Tables(updates.stream().map(AdamWUpdate::parameter).toList(), each);
        tables.begin(adamW).run(THREADS);
        tables.release();
    }
}
