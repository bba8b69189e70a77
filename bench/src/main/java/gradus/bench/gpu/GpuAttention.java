package gradus.bench.gpu;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.AttentionKernels;
import gradus.tensor.kernel.AttentionKernels.AttentionInput;
import gradus.tensor.kernel.AttentionKernels.AttentionOutput;
import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.kernel.AttentionKernels.HeadGradients;
import gradus.tensor.kernel.AttentionKernels.Heads;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.memory.Buffer;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Locale;

/// Milliseconds of attention on the current device, forwards and backwards, with the heads packed as the models have
/// them.
/// ```
/// java … gradus.bench.gpu.GpuAttention COLUMN [samples] [B] [H] [T] [D]
/// ```
public final class GpuAttention {
    private GpuAttention() {}

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        int[] sizes = {25, 64, 6, 256, 64};
        for (int i = 1; i < arguments.length; i++) {
            sizes[i - 1] = Integer.parseInt(arguments[i]);
        }
        Clock clock = new Clock(sizes[0], 5, 300);
        measure(arguments[0], clock, sizes, "causal", KeyMask.causal());
        measure(arguments[0], clock, sizes, "full", KeyMask.full());
    }

    private static void measure(String column, Clock clock, int[] sizes, String name, KeyMask mask) {
        int batch = sizes[1];
        int heads = sizes[2];
        int time = sizes[3];
        int dim = sizes[4];
        int channels = heads * dim;
        AttentionShape shape = new AttentionShape(batch, time, time, heads, heads, dim, 1 / Math.sqrt(dim), mask);
        Tensor qkv = Tensor.randn(Rng.of(1), batch, time, 3 * channels);
        Tensor dqkv = Tensor.zeros(batch, time, 3 * channels);
        Tensor out = Tensor.zeros(batch, time, channels);
        Tensor lse = Tensor.zeros(batch, heads, time);
        Tensor dout = Tensor.randn(Rng.of(2), batch, time, channels);
        AttentionInput in = new AttentionInput(
                third(shape, qkv.buffer(), 0), third(shape, qkv.buffer(), 1), third(shape, qkv.buffer(), 2));
        AttentionOutput saved = new AttentionOutput(out.buffer(), lse.buffer());
        AttentionOutput upstream = new AttentionOutput(dout.buffer(), null);
        HeadGradients gradients = new HeadGradients(
                third(shape, dqkv.buffer(), 0), third(shape, dqkv.buffer(), 1), third(shape, dqkv.buffer(), 2), false);
        AttentionKernels attention = Kernels.of(DType.FLOAT32).attention();
        String row = "%s, B=%d H=%d T=%d D=%d".formatted(name, batch, heads, time, dim);
        double forward = clock.millis(
                () -> attention.attention(shape, in, saved), () -> out.buffer().get(0));
        Clock.result("attention", row + ", forward", column, forward);
        double both = clock.millis(
                () -> {
                    attention.attention(shape, in, saved);
                    attention.attentionBackward(shape, in, saved, upstream, gradients);
                },
                () -> dqkv.buffer().get(0));
        Clock.result("attention", row + ", forward and backward", column, both);
    }

    private static Heads third(AttentionShape s, Buffer packed, int which) {
        int channels = s.heads() * s.headDim();
        return new Heads(packed, which * channels, 3 * channels, s.queries() * 3 * channels);
    }
}
