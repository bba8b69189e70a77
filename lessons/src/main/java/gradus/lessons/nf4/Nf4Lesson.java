package gradus.lessons.nf4;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.quant.Nf4;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Sixteen levels for normal weights: how often each is used, what they cost in bits, what they cost in error.
public final class Nf4Lesson {
    private static final double[] LEVELS = wide(Nf4.levels());

    private Nf4Lesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "NF4: weights in four bits",
                Nf4Lesson.class,
                Nf4CodesExercise.exercise(),
                Nf4UnpackExercise.exercise(),
                DoubleQuantExercise.exercise());
    }

    public static void main(String[] arguments) {
        block();
        use();
        blockSizes();
        formats();
    }

    private static void block() {
        double[][] weight = {{0.9, -0.31, 0.02, -1.2, 0.44, 0}};
        int[] codes = Nf4Codes.codes(weight, 6, LEVELS);
        double[][] back = Nf4Unpack.unpack(packed(codes), new double[] {1.2}, 1, 6, 6, LEVELS);
        System.out.println("weights " + numbers(weight[0]));
        System.out.println("codes   "
                + Arrays.stream(codes)
                        .mapToObj(c -> String.format(Locale.ROOT, "%6d", c))
                        .collect(Collectors.joining(" ")));
        System.out.println("back    " + numbers(back[0]));
    }

    private static byte[] packed(int[] codes) {
        byte[] bytes = new byte[(codes.length + 1) / 2];
        for (int i = 0; i < codes.length; i++) {
            bytes[i / 2] |= (byte) (codes[i] << (i % 2 == 0 ? 4 : 0));
        }
        return bytes;
    }

    private static String numbers(double[] row) {
        return Arrays.stream(row)
                .mapToObj(x -> String.format(Locale.ROOT, "%6.2f", x + 0.0))
                .collect(Collectors.joining(" "));
    }

    /// How many of a hundred weights fall on each level.
    private static void use() {
        double[][] weight = normals(256);
        for (boolean even : new boolean[] {false, true}) {
            double[] levels = even ? even() : LEVELS;
            int[] counts = new int[16];
            for (int code : Nf4Codes.codes(weight, 64, levels)) {
                counts[code]++;
            }
            System.out.println((even ? "even: " : "NF4:  ")
                    + Arrays.stream(counts)
                            .mapToObj(c -> String.format(Locale.ROOT, "%4.1f", c / 655.36))
                            .collect(Collectors.joining(" ")));
        }
    }

    /// Fifteen levels in equal steps and, to have sixteen, the lowest one twice.
    private static double[] even() {
        double[] levels = new double[16];
        for (int i = 0; i < 16; i++) {
            levels[i] = Math.max(-1, (i - 8) / 7.0);
        }
        return levels;
    }

    private static void blockSizes() {
        double[][] weight = normals(256);
        int[] sizes = {4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 65536};
        double[] axis = Arrays.stream(sizes).asDoubleStream().toArray();
        double[] nf4 = Arrays.stream(sizes)
                .mapToDouble(size -> error(weight, size, LEVELS))
                .toArray();
        double[] even = Arrays.stream(sizes)
                .mapToDouble(size -> error(weight, size, even()))
                .toArray();
        for (int i : new int[] {2, 4, 7, 10}) {
            System.out.printf(
                    Locale.ROOT,
                    "blocks of %5d: %5.3f bits a weight, error %4.1f %%, with even levels %4.1f %%%n",
                    sizes[i],
                    4 + 32.0 / sizes[i],
                    nf4[i],
                    even[i]);
        }
        LinePlot.of("four bits a weight, and a scale for each block", "weights in a block", "error in %")
                .logarithmicX()
                .line("NF4", axis, nf4)
                .line("even levels", axis, even)
                .save("nf4-blocks");
    }

    /// The root of the mean squared error in hundredths of the weights' own size.
    private static double error(double[][] weight, int block, double[] levels) {
        int columns = weight[0].length;
        int[] codes = Nf4Codes.codes(weight, block, levels);
        double[] scales = new double[(codes.length + block - 1) / block];
        for (int i = 0; i < codes.length; i++) {
            scales[i / block] = Math.max(scales[i / block], Math.abs(weight[i / columns][i % columns]));
        }
        double[][] back = Nf4Unpack.unpack(packed(codes), scales, weight.length, columns, block, levels);
        double off = 0;
        double all = 0;
        for (int i = 0; i < codes.length; i++) {
            double w = weight[i / columns][i % columns];
            off += Math.pow(w - back[i / columns][i % columns], 2);
            all += w * w;
        }
        return 100 * Math.sqrt(off / all);
    }

    private static void formats() {
        Tensor normal = Tensor.randn(Rng.of(1), 256, 256);
        Tensor flat = Tensor.rand(Rng.of(2), 256, 256).sub(0.5);
        Tensor outliers = normal.add(Tensor.rand(Rng.of(3), 256, 256).gt(0.995).mul(12));
        for (QuantConfig config : QuantConfig.ALL) {
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %.3f bits: error %4.1f %% of normal weights, %4.1f %% of even ones, %4.1f %% with outliers%n",
                    config.name(),
                    config.bitsPerElement(),
                    error(config, normal),
                    error(config, flat),
                    error(config, outliers));
        }
        System.out.printf(
                Locale.ROOT,
                "7 billion weights: %.1f GB in 16 bits, %.2f GB in NF4, %.2f GB with double quantisation%n",
                14.0,
                7 * QuantConfig.NF4.bitsPerElement() / 8,
                7 * QuantConfig.NF4_DOUBLE.bitsPerElement() / 8);
    }

    private static double error(QuantConfig config, Tensor weight) {
        Tensor off = Tensor.of(weight.quantize(config)).sub(weight);
        return 100 * off.norm().item() / weight.norm().item();
    }

    private static double[][] normals(int size) {
        double[] all = Tensor.randn(Rng.of(1), size, size).toArray();
        double[][] rows = new double[size][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(all, i * size, (i + 1) * size));
        return rows;
    }

    private static double[] wide(float[] narrow) {
        double[] wide = new double[narrow.length];
        Arrays.setAll(wide, i -> narrow[i]);
        return wide;
    }
}
