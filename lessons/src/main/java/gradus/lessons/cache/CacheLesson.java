package gradus.lessons.cache;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Locale;

/// What a cache saves, what it costs, and what fewer key heads do about it.
public final class CacheLesson {
    private static final int LAYERS = 32;
    private static final int SIZE = 128;

    private CacheLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "MQA, GQA and the KV cache",
                CacheLesson.class,
                CachedStepExercise.exercise(),
                CachedPositionsExercise.exercise(),
                RepeatKeysExercise.exercise());
    }

    public static void main(String[] arguments) {
        same();
        work();
        positions();
        memory();
        shared();
    }

    private static void same() {
        Tensor q = Tensor.randn(Rng.of(1), 1, 10, 8);
        Tensor k = Tensor.randn(Rng.of(2), 1, 10, 8);
        Tensor v = Tensor.randn(Rng.of(3), 1, 10, 8);
        Tensor whole = new CachedStep().forward(q, k, v);
        CachedStep cache = new CachedStep();
        double most = 0;
        for (int from = 0; from < 10; from += from == 0 ? 6 : 1) {
            int to = from == 0 ? 6 : from + 1;
            Tensor part = cache.forward(q.slice(1, from, to), k.slice(1, from, to), v.slice(1, from, to));
            most = Math.max(most, part.sub(whole.slice(1, from, to)).abs().max().item());
        }
        System.out.println("prompt of 6, then 4 tokens one by one: the same within 0.00001: " + (most < 1e-5));
    }

    private static void work() {
        for (int length : new int[] {10, 100, 1000}) {
            long without = 0;
            for (int t = 1; t <= length; t++) {
                without += t;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%4d tokens one by one: keys computed %6d times without a cache, %4d with it%n",
                    length,
                    without,
                    length);
        }
    }

    private static void positions() {
        System.out.println("padding 0 and 2, a prompt of 5 columns: "
                + Arrays.deepToString(CachedPositions.positions(new int[] {0, 2}, 0, 5)));
        System.out.println("then one token:                         "
                + Arrays.deepToString(CachedPositions.positions(new int[] {0, 2}, 5, 1)));
    }

    private static void memory() {
        LinePlot plot = LinePlot.of("the cache of one text, 32 layers, D = 128, 2 bytes a number", "tokens", "GiB");
        double[] lengths = {0, 2048, 4096, 8192, 16384, 32768};
        for (int kv : new int[] {32, 8, 1}) {
            double[] sizes = Arrays.stream(lengths).map(t -> gib(kv, t)).toArray();
            System.out.printf(Locale.ROOT, "key heads: %2d, 32,768 tokens: %5.2f GiB%n", kv, sizes[sizes.length - 1]);
            plot.line("key heads: " + kv, lengths, sizes);
        }
        plot.save("cache-memory");
    }

    /// Keys and values, 2 bytes each.
    private static double gib(int heads, double tokens) {
        return 2.0 * 2 * LAYERS * heads * SIZE * tokens / (1 << 30);
    }

    private static void shared() {
        Tensor keys = Tensor.of(new float[] {5, 6}, 1, 2, 1, 1);
        System.out.println("key heads 5 and 6 for six query heads: "
                + Arrays.toString(RepeatKeys.repeat(keys, 6).toArray()));
        System.out.println("tiled, which is wrong:                 "
                + Arrays.toString(keys.repeat(1, 3, 1, 1).toArray()));
    }
}
