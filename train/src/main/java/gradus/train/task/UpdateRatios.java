package gradus.train.task;

import gradus.layers.Layer;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// A task that also measures how far each step moves the weights: for each block of the model, and each table and
/// head outside of them, the ratio `‖ΔW‖/‖W‖` over its matrices, under names such as `update/h.0`. About 10⁻³ is
/// customary (Karpathy's *A Recipe for Training Neural Networks* looks at it too); far above, the rate is too high, far
/// below, the layer hardly learns. A step that is skipped has 0.
///
/// Each step keeps a copy of the weights that are trained. What is learnt is the same, bit for bit.
public final class UpdateRatios implements Task {
    /// What the names of its numbers begin with.
    public static final String PREFIX = "update/";

    private static final double DIGITS = 1e3; // in the log, three are enough

    private final Task task;
    private final SequencedMap<String, Tensor> matrices = new LinkedHashMap<>();
    private final Map<String, float[]> before = new LinkedHashMap<>();

    /// @param task what is learnt
    public UpdateRatios(Task task) {
        this.task = task;
        task.model().namedParameters().forEach((name, parameter) -> {
            if (parameter.requiresGrad() && parameter.rank() > 1) {
                matrices.put(name, parameter);
            }
        });
    }

    @Override
    public Layer model() {
        return task.model();
    }

    @Override
    public List<? extends Part> parts(int step) {
        matrices.forEach((name, matrix) -> before.put(name, matrix.toFloatArray()));
        return task.parts(step);
    }

    @Override
    public SequencedMap<String, Double> metrics() {
        SequencedMap<String, Double> all = new LinkedHashMap<>(task.metrics());
        Map<String, double[]> squares = new LinkedHashMap<>(); // of ΔW and W
        matrices.forEach((name, matrix) -> {
            double[] sums = squares.computeIfAbsent(part(name), part -> new double[2]);
            float[] old = before.get(name);
            float[] now = matrix.toFloatArray();
            for (int i = 0; i < now.length; i++) {
                double change = (double) now[i] - old[i];
                sums[0] += change * change;
                sums[1] += (double) old[i] * old[i];
            }
        });
        squares.forEach((part, sums) -> {
            if (sums[1] > 0) {
                all.put(PREFIX + part, rounded(Math.sqrt(sums[0] / sums[1])));
            }
        });
        return all;
    }

    /// The block of a parameter, as `h.0` of `h.0.mlp.c_fc.weight`; outside of blocks its layer, as `wte`.
    static String part(String name) {
        String[] words = name.split("\\.");
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < words.length - 1; i++) {
            part.append(i == 0 ? "" : ".").append(words[i]);
            if (!words[i].isEmpty() && words[i].chars().allMatch(Character::isDigit)) {
                break;
            }
        }
        return part.isEmpty() ? name : part.toString();
    }

    private static double rounded(double value) {
        if (value == 0) {
            return 0;
        }
        double unit = Math.pow(10, Math.floor(Math.log10(value))) / DIGITS;
        return Double.parseDouble(Float.toString((float) (Math.round(value / unit) * unit)));
    }

    @Override
    public OptionalDouble evaluate(int batches) {
        return task.evaluate(batches);
    }

    @Override
    public String fingerprint() {
        return task.fingerprint();
    }

    @Override
    public List<String> formerFingerprints() {
        return task.formerFingerprints();
    }

    @Override
    public SequencedMap<String, Tensor> state() {
        return task.state();
    }
}
