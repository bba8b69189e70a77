package gradus.train.schedule;

/// The learning rate of each step, counted from 0. A schedule of your own is a function:
/// `step -> 1e-3 / (step + 1)`.
@FunctionalInterface
public interface Schedule {
    double lrAt(int step);
}
