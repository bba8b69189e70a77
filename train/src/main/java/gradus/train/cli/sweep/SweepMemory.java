package gradus.train.cli.sweep;

import gradus.layers.model.config.GptConfig;
import gradus.train.TrainConfig;
import gradus.train.cli.machine.MachineMemory;
import java.util.Locale;

/// How much memory a training takes, by its sizes alone: parameters, their gradients and the two numbers that
/// most optimisers remember of each, and what a step keeps for its backward pass, some 34 numbers a position,
/// layer and channel (Korthikanti et al. 2022, arXiv:2205.05198, section 4, without the quadratic term that
/// fused attention does not keep), besides logits, their gradient and their softmax.
record SweepMemory(double gib) {
    /// Of no training at all.
    static final SweepMemory NONE = new SweepMemory(0);

    private static final double PROGRAM = 0.6; // GiB: Java, its heap, and native libraries
    private static final double SHARE = 0.8; // of the machine's memory
    private static final int COPIES = 4; // of a parameter
    private static final int KEPT = 34;
    private static final int OF_LOGITS = 3;

    static SweepMemory of(GptConfig model, TrainConfig train) {
        double channels = model.dim();
        double parameters = 12.0 * model.layers() * channels * channels + channels * model.vocabSize();
        double positions = (double) train.batchSize() * model.context();
        double numbers = COPIES * parameters
                + positions * (KEPT * channels * model.layers() + OF_LOGITS * (double) model.vocabSize());
        return new SweepMemory(PROGRAM + numbers * Float.BYTES / MachineMemory.GIB);
    }

    /// The larger of two.
    SweepMemory or(SweepMemory other) {
        return gib >= other.gib ? this : other;
    }

    /// How many such trainings fit at a time; at least one.
    int most() {
        MachineMemory machine = MachineMemory.look();
        double there = machine.limit().orElse(machine.physical());
        return (int) Math.max(1, SHARE * there / Math.max(gib, PROGRAM));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f GiB", gib);
    }
}
