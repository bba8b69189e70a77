package gradus.tensor.kernel.cuda;

import gradus.tensor.kernel.RopeKernels;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.kernel.Rotation;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// `rope.cu`: rotations of pairs of channels.
final class CudaRope implements RopeKernels {
    private static final int THREADS = 256;

    private final Card card;
    private final CudaFunction rotate;

    CudaRope(Card card) {
        this.card = card;
        rotate = card.function("rope", "rotate");
    }

    @Override
    public void rotate(Buffer x, Rotation r, Destination y) {
        if (y == null) {
            return;
        }
        int pairs = x.length() / 2;
        Buffer positions = card.upload(r.positions());
        rotate.begin()
                .buffer(x)
                .buffer(r.cos())
                .buffer(r.sin())
                .buffer(positions)
                .integer(r.positions().length)
                .integer(r.heads())
                .integer(r.headDim())
                .integer(r.pairs() == RopePairs.HALVES ? 1 : 2)
                .integer(r.pairs().apart(r.headDim()))
                .real(r.backwards() ? -1f : 1f)
                .destination(y)
                .integer(pairs)
                .blocks(CudaPointwise.blocks(pairs))
                .run(THREADS);
        positions.release("a rotation has been ordered");
    }
}
