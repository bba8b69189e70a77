package gradus.train.schedule;

/// The learning rate of each step, counted from 0. A schedule of your own is a function: `step -> 1e-3 /
/// (step + 1)`.
@FunctionalInterface
public interface Schedule {
    double lrAt(int step);

    /// Linear warm-up over w steps: the factor `(t + 1)/(w + 1)` before step w, then 1. Never 0, as in nanoGPT.
    static double warmup(int step, int warmup) {
        return step < warmup ? (step + 1.0) / (warmup + 1.0) : 1;
    }
}
