package gradus.tensor.kernel;

import gradus.tensor.kernel.AttentionKernels.AttentionInput;
import gradus.tensor.kernel.AttentionKernels.AttentionOutput;
import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.kernel.AttentionKernels.HeadGradients;
import gradus.tensor.kernel.AttentionKernels.Heads;
import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.kernel.KernelCases.Output;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.stream.Stream;

/// Attention in many shapes, under many masks, in memory laid out in many ways.
final class AttentionCases {
    private AttentionCases() {}

    static Stream<Case> attention() {
        return Stream.of(
                new Case("attention", c -> {
                    AttentionShape s = attentionShape(c);
                    AttentionInput in = attentionInput(c, s);
                    Buffer out = c.output("out", s.batch() * s.queries() * s.heads() * s.headDim(), 1);
                    Buffer lse = c.output("lse", s.batch() * s.heads() * s.queries(), 1);
                    return () -> c.kernels.attention().attention(s, in, new AttentionOutput(out, lse));
                }),
                // As a step of generation has, without BLAS.
                new Case("attention, one query", c -> {
                    AttentionShape s = attentionShape(c, 1, c.pick(new Integer[] {1, 3, 20, 600, 1100}));
                    AttentionInput in = attentionInput(c, s);
                    int heads = s.batch() * s.heads();
                    Buffer out = c.output("out", heads * s.headDim(), 1);
                    Buffer lse = c.output("lse", heads, 1);
                    return () -> c.kernels.attention().attention(s, in, new AttentionOutput(out, lse));
                }),
                new Case("attention backward", c -> {
                    AttentionShape s = attentionShape(c);
                    AttentionInput in = attentionInput(c, s);
                    int size = s.batch() * s.queries() * s.heads() * s.headDim();
                    int rows = s.batch() * s.heads() * s.queries();
                    AttentionOutput saved = new AttentionOutput(c.uninitialized(size), c.uninitialized(rows));
                    c.forward.attention().attention(s, in, saved);
                    AttentionOutput upstream = new AttentionOutput(c.input(size), c.flag() ? c.input(rows) : null);
                    boolean accumulate = c.flag();
                    double terms = Math.sqrt(s.batch() * Math.min(s.queries(), s.keys()));
                    HeadGradients gradients = new HeadGradients(
                            gradient(c, "dq", in.q(), accumulate, 1),
                            gradient(c, "dk", in.k(), accumulate, 1),
                            gradient(c, "dv", in.v(), accumulate, 1),
                            accumulate,
                            in.bias() == null ? null : c.maybe("dbias", s.heads() * s.distances(), terms));
                    return () -> c.kernels.attention().attentionBackward(s, in, saved, upstream, gradients);
                }),
                new Case("attention, several tiles", c -> {
                    int time = c.large ? 70 : 3;
                    int keys = c.large ? 1100 : 20;
                    KeyMask mask = c.pick(new KeyMask[] {KeyMask.causal(), new Comb(130, 9), new Comb(3, 2)});
                    AttentionShape s = new AttentionShape(1, time, keys, 2, 1, 4, 0.5, mask);
                    AttentionInput in = attentionInput(c, s);
                    AttentionOutput saved =
                            new AttentionOutput(c.output("out", time * 8, 1), c.output("lse", 2 * time, 1));
                    AttentionOutput upstream = new AttentionOutput(c.input(time * 8), c.input(2 * time));
                    HeadGradients gradients = new HeadGradients(
                            gradient(c, "dq", in.q(), false, 1),
                            gradient(c, "dk", in.k(), false, 1),
                            gradient(c, "dv", in.v(), false, 1),
                            false,
                            in.bias() == null ? null : c.destination("dbias", 2 * s.distances(), 1));
                    return () -> {
                        c.kernels.attention().attention(s, in, saved);
                        c.kernels.attention().attentionBackward(s, in, saved, upstream, gradients);
                    };
                }),
                // More than a card's kernels take at once.
                new Case("attention, large heads", c -> {
                    int dim = c.pick(new Integer[] {65, 72, 128});
                    KeyMask mask = c.pick(new KeyMask[] {KeyMask.causal(), new Band(20)});
                    AttentionShape s = new AttentionShape(1, c.time(), c.time(), 2, 1, dim, 0.1, mask);
                    AttentionInput in = attentionInput(c, s);
                    int rows = 2 * s.queries();
                    AttentionOutput saved =
                            new AttentionOutput(c.output("out", rows * dim, 1), c.output("lse", rows, 1));
                    AttentionOutput upstream = new AttentionOutput(c.input(rows * dim), c.input(rows));
                    HeadGradients gradients = new HeadGradients(
                            gradient(c, "dq", in.q(), true, 1),
                            gradient(c, "dk", in.k(), true, 1),
                            gradient(c, "dv", in.v(), true, 1),
                            true,
                            in.bias() == null ? null : c.destination("dbias", 2 * s.distances(), Math.sqrt(rows)));
                    return () -> {
                        c.kernels.attention().attention(s, in, saved);
                        c.kernels.attention().attentionBackward(s, in, saved, upstream, gradients);
                    };
                }),
                new Case("attention, packed", c -> {
                    int batch = c.small();
                    int time = c.time();
                    int heads = c.small();
                    int dim = c.pick(new Integer[] {1, 3, 8, 16, 32});
                    int channels = heads * dim;
                    AttentionShape s = new AttentionShape(
                            batch, time, time, heads, heads, dim, 1 / Math.sqrt(dim), KeyMask.causal());
                    Buffer qkv = c.input(batch * time * 3 * channels);
                    Buffer out = c.output("out", batch * time * channels, 1);
                    Buffer lse = c.output("lse", batch * heads * time, 1);
                    Buffer dout = c.input(batch * time * channels);
                    Destination dqkv = c.destination("dqkv", batch * time * 3 * channels, 1);
                    AttentionInput in = new AttentionInput(third(s, qkv, 0), third(s, qkv, 1), third(s, qkv, 2));
                    Buffer d = dqkv.buffer();
                    HeadGradients gradients =
                            new HeadGradients(third(s, d, 0), third(s, d, 1), third(s, d, 2), dqkv.accumulate());
                    AttentionOutput saved = new AttentionOutput(out, lse);
                    return () -> {
                        c.kernels.attention().attention(s, in, saved);
                        c.kernels
                                .attention()
                                .attentionBackward(s, in, saved, new AttentionOutput(dout, null), gradients);
                    };
                }));
    }

    private static AttentionShape attentionShape(Call c) {
        return attentionShape(c, c.time(), c.time());
    }

    private static AttentionShape attentionShape(Call c, int queries, int keys) {
        int kvHeads = c.small();
        int dim = c.pick(new Integer[] {1, 2, 5, 8, 16, 24, 32, 33, 64});
        KeyMask mask = c.pick(new KeyMask[] {
            KeyMask.full(),
            KeyMask.causal(),
            new Band(3),
            new Band(20),
            new Comb(5, 2),
            new Comb(90, 7),
            new Padded(),
            new Differing()
        });
        return new AttentionShape(
                c.small(), queries, keys, kvHeads * c.small(), kvHeads, dim, 1 / Math.sqrt(dim), mask);
    }

    /// Half the time with a bias.
    private static AttentionInput attentionInput(Call c, AttentionShape s) {
        return new AttentionInput(
                heads(c, s, s.queries(), s.heads()),
                heads(c, s, s.keys(), s.kvHeads()),
                heads(c, s, s.keys(), s.kvHeads()),
                c.flag() ? c.input(s.heads() * s.distances()) : null);
    }

    /// A query sees the keys less than `width` places before it; every seventh sees none.
    private record Band(int width) implements KeyMask {
        @Override
        public void see(Query query) {
            if (query.index() % 7 != 3) {
                int from = Math.clamp(query.index() - width, 0, query.keys());
                query.sees(from, Math.min(query.index() + 1, query.keys()));
            }
        }
    }

    /// A query sees some keys in every so many, from where it stands among them.
    private record Comb(int period, int teeth) implements KeyMask {
        @Override
        public void see(Query query) {
            for (int from = query.index() % period; from < query.keys(); from += period) {
                query.sees(from, Math.min(from + teeth, query.keys()));
            }
        }
    }

    /// Sequences of different lengths, padded on the left; some see no key at all.
    private record Padded() implements KeyMask {
        @Override
        public void see(Query query) {
            query.sees(Math.min(5 * query.sequence(), query.keys()), query.keys());
        }

        @Override
        public boolean bySequence() {
            return true;
        }
    }

    /// Every head of every sequence sees something else.
    private record Differing() implements KeyMask {
        @Override
        public void see(Query query) {
            int skipped = (3 * query.sequence() + 5 * query.head() + query.index()) % query.keys();
            query.sees(0, skipped);
            query.sees(skipped + 1, query.keys());
        }

        @Override
        public boolean bySequence() {
            return true;
        }

        @Override
        public boolean byHead() {
            return true;
        }
    }

    /// Heads inside rows that hold something else too, of sequences with other rows between them.
    private static Heads heads(Call c, AttentionShape s, int time, int heads) {
        int extra = c.small() - 1;
        int stride = heads * s.headDim() + 2 * extra;
        int batchStride = (time + c.small() - 1) * stride;
        return new Heads(c.input(s.batch() * batchStride), extra, stride, batchStride);
    }

    /// A gradient laid out like what it belongs to, with numbers that must stay between the rows.
    private static Heads gradient(Call c, String name, Heads like, boolean accumulate, double magnitude) {
        Buffer buffer = c.input(like.buffer().length());
        c.outputs.add(new Output(name, buffer, magnitude));
        return new Heads(buffer, like.offset(), like.stride(), like.batchStride());
    }

    private static Heads third(AttentionShape s, Buffer packed, int which) {
        int channels = s.heads() * s.headDim();
        return new Heads(packed, which * channels, 3 * channels, s.queries() * 3 * channels);
    }
}
