package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.layers.position.DividedFrequencies;
import gradus.layers.position.Llama3Scaling;
import gradus.layers.position.LongRope;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.RopeFrequencies;
import gradus.layers.position.Yarn;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.GgufType;
import gradus.train.checkpoint.GgufWriter;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/// How a GGUF file tells the frequencies of a rotary embedding: a base, a kind of scaling with a factor, and
/// for what no kind tells a tensor of divisors, one for each pair. Source: ggerganov/llama.cpp,
/// `src/llama-model.cpp`, `src/llama-context.cpp` and `ggml_rope_ext`.
final class GgufRope {
    private static final String DIVISORS = "rope_freqs.weight";
    private static final String SHORT = "rope_factors_short.weight";
    private static final String LONG = "rope_factors_long.weight";
    private static final List<String> TENSORS = List.of(DIVISORS, SHORT, LONG);

    /// Divisors are stored as float32: two roundings, of the writer's and of ours, and what the powers may
    /// differ by.
    private static final double ROUNDING = 0x1p-22;

    private GgufRope() {}

    /// Whether a tensor belongs to the frequencies, in an architecture that has such tensors.
    static boolean isTensor(GgufNames names, String fileName) {
        return names.dividesFrequencies() && TENSORS.contains(fileName);
    }

    // --- reading

    static RopeFrequencies read(GgufFields fields, GgufNames names, int headDim) {
        fields.requireSame("rope.dimension_count", headDim);
        double base = fields.number("rope.freq_base", PlainFrequencies.BASE);
        double factor = fields.number("rope.scaling.factor", fields.number("rope.scale_linear", 0));
        factor = factor == 0 ? 1 : factor; // as llama.cpp takes it
        String type = fields.text("rope.scaling.type", "linear");
        double[] divisors = divisors(fields, names, DIVISORS, headDim);
        if (divisors != null && !type.equals("none") && !type.equals("linear")) {
            throw fields.mismatch("%s beside rope.scaling.type \"%s\" is not supported".formatted(DIVISORS, type));
        }
        return switch (type) {
            case "none" -> unscaledSoftmax(fields, divided(base, divisors, 1));
            case "linear" -> unscaledSoftmax(fields, divided(base, divisors, factor));
            case "yarn" -> yarn(fields, base, factor);
            case "longrope" -> longRope(fields, names, base, factor, headDim);
            default -> throw fields.mismatch("rope.scaling.type \"%s\" is not supported".formatted(type));
        };
    }

    private static RopeFrequencies unscaledSoftmax(GgufFields fields, RopeFrequencies frequencies) {
        if (fields.number("rope.scaling.attn_factor", 1) != 1) {
            throw fields.mismatch("rope.scaling.attn_factor without YaRN or LongRoPE is not supported");
        }
        return frequencies;
    }

    private static RopeFrequencies divided(double base, double[] divisors, double factor) {
        if (divisors == null || Arrays.stream(divisors).allMatch(divisor -> divisor == 1)) {
            return factor == 1 ? new PlainFrequencies(base) : new PositionInterpolation(base, factor);
        }
        Llama3Scaling llama3 = factor == 1 ? llama3(base, divisors) : null;
        if (llama3 != null) {
            return llama3;
        }
        return new DividedFrequencies(
                base,
                Arrays.stream(divisors).map(divisor -> divisor * factor).boxed().toList());
    }

    /// The scaling of Llama 3 that these divisors are, or null. The slowest pair tells s; a pair that is
    /// mixed tells L, by `1/λ = (1 - z)/s + z` and `L·θ/(2π) = 1 + 3·z`.
    private static Llama3Scaling llama3(double base, double[] divisors) {
        double scale = divisors[divisors.length - 1];
        double[] plain = new PlainFrequencies(base).angles(2 * divisors.length, 1);
        for (int i = 0; i < divisors.length; i++) {
            if (divisors[i] > 1 && divisors[i] < scale) {
                double z = (1 / divisors[i] - 1 / scale) / (1 - 1 / scale);
                Llama3Scaling.Rotations turns = Llama3Scaling.Rotations.OF_LLAMA;
                double rotations = turns.low() + z * (turns.high() - turns.low());
                long length = Math.round(2 * Math.PI * rotations / plain[i]);
                if (length < 1 || length > Integer.MAX_VALUE) {
                    return null;
                }
                Llama3Scaling scaling = new Llama3Scaling(base, scale, (int) length, turns);
                return same(divisors(scaling, 2 * divisors.length), divisors) ? scaling : null;
            }
        }
        return null;
    }

    private static boolean same(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Math.abs(a[i] - b[i]) > ROUNDING * b[i]) {
                return false;
            }
        }
        return true;
    }

    private static Yarn yarn(GgufFields fields, double base, double factor) {
        int trained = fields.size("rope.scaling.original_context_length", fields.size("context_length"));
        Yarn.Rotations turns = new Yarn.Rotations(
                fields.number("rope.scaling.yarn_beta_fast", Yarn.Rotations.OF_PAPER.kept()),
                fields.number("rope.scaling.yarn_beta_slow", Yarn.Rotations.OF_PAPER.slowed()));
        double softmax = Yarn.factorOf(factor, 1) * fields.number("rope.scaling.attn_factor", 1);
        return new Yarn(base, factor, trained, turns, softmax);
    }

    private static LongRope longRope(GgufFields fields, GgufNames names, double base, double factor, int headDim) {
        if (factor != 1) {
            throw fields.mismatch("rope.scaling.factor beside LongRoPE's divisors is not supported");
        }
        double[] upToTrained = divisors(fields, names, SHORT, headDim);
        double[] beyond = divisors(fields, names, LONG, headDim);
        if (upToTrained == null || beyond == null) {
            throw fields.mismatch("rope.scaling.type \"longrope\" needs %s and %s".formatted(SHORT, LONG));
        }
        int context = fields.size("context_length");
        int trained = fields.size("rope.scaling.original_context_length", context);
        double scale = Math.max(1, (double) context / trained);
        LongRope.Divisors both = new LongRope.Divisors(boxed(upToTrained), boxed(beyond));
        return new LongRope(base, scale, trained, both, fields.number("rope.scaling.attn_factor", 1));
    }

    private static List<Double> boxed(double[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    private static double[] divisors(GgufFields fields, GgufNames names, String tensor, int headDim) {
        if (!fields.file().names().contains(tensor) || !isTensor(names, tensor)) {
            return null; // another architecture's file is refused for the tensor it does not know
        }
        fields.require(tensor, headDim / 2);
        float[] stored = fields.file().read(tensor).toFloatArray();
        double[] divisors = new double[stored.length];
        for (int i = 0; i < divisors.length; i++) {
            divisors[i] = Double.parseDouble(Float.toString(stored[i])); // the decimal that was meant: 1.1, 8
        }
        return divisors;
    }

    // --- writing

    /// @param at the architecture and a dot
    static void write(RopeFrequencies frequencies, GgufNames names, int headDim, GgufWriter out) {
        String at = names.architecture + ".rope.";
        UnaryOperator<String> scaling = key -> at + "scaling." + key;
        out.put(at + "dimension_count", headDim);
        switch (frequencies) {
            case PlainFrequencies plain -> out.put(at + "freq_base", plain.base());
            case PositionInterpolation linear ->
                out.put(at + "freq_base", linear.base())
                        .put(scaling.apply("type"), "linear")
                        .put(scaling.apply("factor"), linear.scale());
            case Yarn yarn -> {
                requireTurns(yarn);
                out.put(at + "freq_base", yarn.base())
                        .put(scaling.apply("type"), "yarn")
                        .put(scaling.apply("factor"), yarn.scale())
                        .put(scaling.apply("original_context_length"), yarn.trainedLength());
                double usual = Yarn.factorOf(yarn.scale(), 1);
                if (yarn.factor() != usual) {
                    out.put(scaling.apply("attn_factor"), yarn.factor() / usual);
                }
            }
            case Llama3Scaling llama3 -> {
                out.put(at + "freq_base", llama3.base());
                tensor(out, names, DIVISORS, divisors(llama3, headDim));
            }
            case DividedFrequencies divided -> {
                out.put(at + "freq_base", divided.base());
                tensor(out, names, DIVISORS, unboxed(divided.divisors()));
            }
            case LongRope longRope -> {
                out.put(at + "freq_base", longRope.base())
                        .put(scaling.apply("type"), "longrope")
                        .put(scaling.apply("original_context_length"), longRope.trainedLength())
                        .put(scaling.apply("attn_factor"), longRope.factor());
                tensor(out, names, SHORT, unboxed(longRope.divisors().upToTrained()));
                tensor(out, names, LONG, unboxed(longRope.divisors().beyond()));
            }
            default ->
                throw new CheckpointMismatchException("a GGUF file cannot tell the frequencies of " + frequencies);
        }
    }

    private static void requireTurns(Yarn yarn) {
        if (!yarn.rotations().equals(Yarn.Rotations.OF_PAPER)) {
            throw new CheckpointMismatchException(
                    "llama.cpp reads YaRN's bounds for few architectures, and elsewhere takes 32 and 1 without a word;"
                            + " got "
                            + yarn.rotations());
        }
    }

    private static void tensor(GgufWriter out, GgufNames names, String name, double[] divisors) {
        if (!names.dividesFrequencies()) {
            throw new CheckpointMismatchException(
                    "llama.cpp has no divisors of frequencies in the architecture " + names.architecture);
        }
        float[] stored = new float[divisors.length];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (float) divisors[i];
        }
        out.tensor(name, new int[] {stored.length}, GgufType.F32, () -> Tensor.of(stored, stored.length)); // (D/2)
    }

    /// How much slower each pair turns than without scaling.
    private static double[] divisors(Llama3Scaling scaling, int headDim) {
        double[] plain = new PlainFrequencies(scaling.base()).angles(headDim, 1);
        double[] slowed = scaling.angles(headDim, 1);
        double[] divisors = new double[plain.length];
        Arrays.setAll(divisors, i -> plain[i] / slowed[i]);
        return divisors;
    }

    private static double[] unboxed(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
