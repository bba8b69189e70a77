package gradus.tensor.kernel.cuda;

import static gradus.tensor.kernel.cuda.CudaPointwise.blocks;
import static gradus.tensor.kernel.cuda.CudaReductions.blocksOfRows;

import gradus.tensor.kernel.CrossEntropyKernels;
import gradus.tensor.kernel.SoftmaxKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// `softmax.cu`: softmax, its logarithm and cross-entropy, row by row.
final class CudaSoftmax implements SoftmaxKernels, CrossEntropyKernels {
    private static final int THREADS = 256;

    private final Card card;
    private final RowFunction softmax;
    private final RowFunction softmaxBackward;
    private final RowFunction logSoftmax;
    private final RowFunction logSoftmaxBackward;
    private final RowFunction crossEntropy;
    private final CudaFunction crossEntropyBackward;

    CudaSoftmax(Card card) {
        this.card = card;
        softmax = new RowFunction(card, "softmax", "softmax");
        softmaxBackward = new RowFunction(card, "softmax", "softmax_backward");
        logSoftmax = new RowFunction(card, "softmax", "log_softmax");
        logSoftmaxBackward = new RowFunction(card, "softmax", "log_softmax_backward");
        crossEntropy = new RowFunction(card, "softmax", "cross_entropy");
        crossEntropyBackward = card.function("softmax", "cross_entropy_backward");
    }

    /// A kernel that there is twice: for rows that a warp goes through, and for longer ones.
    record RowFunction(CudaFunction forShort, CudaFunction forLong) {
        RowFunction(Card card, String module, String name) {
            this(card.function(module, name + "_short"), card.function(module, name + "_long"));
        }

        Launch begin(int rows, int columns) {
            return (CudaReductions.isShort(columns) ? forShort : forLong)
                    .begin()
                    .blocks(blocksOfRows(rows, columns));
        }
    }

    @Override
    public void softmax(Buffer x, int rows, int columns, Buffer y) {
        forward(softmax, x, rows, columns, y);
    }

    @Override
    public void softmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        backward(softmaxBackward, y, dy, rows, columns, dx);
    }

    @Override
    public void logSoftmax(Buffer x, int rows, int columns, Buffer y) {
        forward(logSoftmax, x, rows, columns, y);
    }

    @Override
    public void logSoftmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        backward(logSoftmaxBackward, y, dy, rows, columns, dx);
    }

    private static void forward(RowFunction function, Buffer x, int rows, int columns, Buffer y) {
        function.begin(rows, columns)
                .buffer(x)
                .integer(rows)
                .integer(columns)
                .result(y)
                .run(THREADS);
    }

    private static void backward(RowFunction function, Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        if (dx == null) {
            return;
        }
        function.begin(rows, columns)
                .buffer(y)
                .buffer(dy)
                .integer(rows)
                .integer(columns)
                .destination(dx)
                .run(THREADS);
    }

    @Override
    public void crossEntropy(Buffer x, int rows, int columns, Targets targets, Buffer losses, Buffer lse) {
        Buffer classes = card.upload(targets.classes());
        crossEntropy
                .begin(rows, columns)
                .buffer(x)
                .integer(rows)
                .integer(columns)
                .buffer(classes)
                .integer(targets.ignored())
                .real((float) targets.smoothing())
                .result(losses)
                .result(lse)
                .run(THREADS);
        classes.release("cross-entropy has been ordered");
    }

    @Override
    public void crossEntropyBackward(
            Buffer x, int rows, int columns, Targets targets, Buffer lse, Buffer dlosses, Destination dx) {
        if (dx == null) {
            return;
        }
        Buffer classes = card.upload(targets.classes());
        crossEntropyBackward
                .begin()
                .buffer(x)
                .integer(columns)
                .buffer(classes)
                .integer(targets.ignored())
                .real((float) targets.smoothing())
                .buffer(lse)
                .buffer(dlosses)
                .destination(dx)
                .integer(rows * columns)
                .blocks(blocks(rows * columns))
                .run(THREADS);
        classes.release("cross-entropy's backward has been ordered");
    }
}
