package gradus.tensor.kernel.vector;

import gradus.tensor.memory.Buffer;
import java.util.List;

/// Many buffers cut into pieces that are dealt out to the threads as if they were one buffer: a model has a hundred
/// parameters, most of them small, and a parallel region for each would cost more than its work.
final class Pieces {
    /// Elements of a piece where their order does not matter: small, so that the threads' shares are even.
    static final int SMALL = 2 * VectorPointwise.GRAIN;

    private final List<Buffer> buffers;
    private final int length; // of a piece
    private final int[] first; // of each buffer, its first piece; then how many there are
    private final long[] before; // how many elements come before each buffer; then how many there are

    Pieces(List<Buffer> buffers, int length) {
        this.buffers = buffers;
        this.length = length;
        this.first = new int[buffers.size() + 1];
        this.before = new long[buffers.size() + 1];
        for (int i = 0; i < buffers.size(); i++) {
            first[i + 1] = first[i] + (buffers.get(i).length() + length - 1) / length;
            before[i + 1] = before[i] + buffers.get(i).length();
        }
    }

    /// The work on the elements from, not including to, of a buffer, which are a whole piece.
    @FunctionalInterface
    interface Work {
        void run(int buffer, int piece, int from, int to);
    }

    int count() {
        return first[buffers.size()];
    }

    /// The number of the first piece of a buffer.
    int first(int buffer) {
        return first[buffer];
    }

    /// Does the work on every piece. A thread gets the pieces that begin in its share of all elements.
    void split(Work work) {
        long total = before[buffers.size()];
        if (total < 2L * VectorPointwise.GRAIN) {
            run(0, total, work);
            return;
        }
        Parallel.run((part, parts) -> run(total * part / parts, total * (part + 1) / parts, work));
    }

    private void run(long from, long to, Work work) {
        for (int i = 0; i < buffers.size(); i++) {
            int all = buffers.get(i).length();
            for (int start = 0; start < all && before[i] + start < to; start += length) {
                if (before[i] + start >= from) {
                    work.run(i, first[i] + start / length, start, Math.min(all, start + length));
                }
            }
        }
    }
}
