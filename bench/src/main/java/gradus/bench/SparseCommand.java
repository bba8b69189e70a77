package gradus.bench;

import gradus.layers.attention.FixedSparseAttention;
import gradus.layers.attention.StridedSparseAttention;
import gradus.layers.attention.mask.BigBird;
import gradus.layers.attention.mask.FixedSparse;
import gradus.layers.attention.mask.Longformer;
import gradus.layers.attention.mask.ShiftedSparse;
import gradus.layers.attention.mask.SlidingWindow;
import gradus.layers.attention.mask.StridedHeads;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What the patterns of sparse attention take beside causal attention, forwards and backwards, of one sequence.
@Command(
        name = "sparse",
        mixinStandardHelpOptions = true,
        description = "Times the patterns of sparse attention against causal attention.")
final class SparseCommand implements Callable<Integer> {
    private static final int HEADS = 12;
    private static final int CHANNELS = 768;
    private static final int STRIDE = 64;
    private static final int LEAST_RUNS = 8;
    private static final FixedSparse FIXED = new FixedSparse(STRIDE, 8);

    @Option(names = "--time", description = "the length of the sequence, a multiple of 256; default: ${DEFAULT-VALUE}")
    private int time = 4096;

    @Option(
            names = "--seconds",
            description = "how long each pattern is run, of which the best run counts; default: ${DEFAULT-VALUE}")
    private double seconds = 5;

    @Override
    public Integer call() {
        Map<String, KeyMask> masks = new LinkedHashMap<>();
        masks.put("causal", KeyMask.causal());
        masks.put("full", KeyMask.full());
        masks.put("window 256", new SlidingWindow(256));
        masks.put("strided 64, as a mask", new StridedHeads(STRIDE));
        masks.put("fixed 64, 8, as a mask", FIXED);
        masks.put("shifted, groups of 256", new ShiftedSparse(256));
        masks.put("BigBird 64, 3 random", new BigBird(64, 3, Rng.of(1)));
        masks.put("Longformer 128, 1 global", new Longformer(128, 0));
        System.out.printf("attention, forward and backward, %d heads of 64, B=1, T=%d%n", HEADS, time);
        System.out.printf("  %-26s %10s %9s %14s%n", "pattern", "ms", "pairs", "causal is × ms");
        double causal = 0;
        for (var mask : masks.entrySet()) {
            double millis = millis(x -> x.selfAttention(HEADS, mask.getValue()));
            causal = causal == 0 ? millis : causal;
            print(mask.getKey(), millis, pairs(mask.getValue()), causal);
        }
        double millis = millis(qkv -> StridedSparseAttention.attend(parts(qkv), HEADS, STRIDE));
        print("strided 64, sorted", millis, pairs(new StridedHeads(STRIDE)), causal);
        millis = millis(qkv -> FixedSparseAttention.attend(parts(qkv), HEADS, FIXED));
        print("fixed 64, 8, picked out", millis, pairs(FIXED), causal);
        return 0;
    }

    private static Tensor[] parts(Tensor qkv) {
        Tensor[] parts = new Tensor[3];
        for (int i = 0; i < 3; i++) {
            parts[i] = qkv.slice(2, i * CHANNELS, (i + 1) * CHANNELS); // (B, T, C)
        }
        return parts; // 3 × (B, T, C)
    }

    private static void print(String name, double millis, double pairs, double causal) {
        System.out.printf("  %-26s %10.2f %8.1f%% %14.2f%n", name, millis, 100 * pairs, causal / millis);
    }

    /// The part of all pairs of queries and keys that a mask lets meet.
    private double pairs(KeyMask mask) {
        int seen = 0;
        boolean[] dense = mask.dense(Shape.of(1, 2, time, time)); // two heads show both kinds
        for (boolean pair : dense) {
            seen += pair ? 1 : 0;
        }
        return (double) seen / dense.length;
    }

    private double millis(UnaryOperator<Tensor> attention) {
        Tensor qkv = Tensor.rand(Rng.of(1), 1, time, 3 * CHANNELS).requireGrad(); // (B, T, 3C)
        double best = Double.MAX_VALUE;
        long end = System.nanoTime() + (long) (1e9 * seconds);
        for (int run = 0; run < LEAST_RUNS || System.nanoTime() < end; run++) {
            try (var scope = Scope.open()) {
                Tensor upstream = Tensor.ones(1, time, CHANNELS); // (B, T, C)
                long start = System.nanoTime();
                attention.apply(qkv).backward(upstream);
                best = Math.min(best, (System.nanoTime() - start) / 1e6);
            }
        }
        return best;
    }
}
