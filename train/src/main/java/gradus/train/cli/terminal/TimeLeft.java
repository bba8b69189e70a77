package gradus.train.cli.terminal;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// How long a training is going to take from here: `(now - start)/(step - first) · (steps - step)`.
///
/// The first steps count for nothing. Java compiles while they run and each takes many times as long as the later ones;
/// and a training that goes on with another must not take that one's steps for its own.
public final class TimeLeft {
    private static final int WARM_STEPS = 10;
    private static final long WARM_NANOS = 5_000_000_000L;

    private final int steps;
    private final LongSupplier clock;
    private int begun;
    private long begunAt;
    private int first;
    private long start;
    private int step;
    private long now;

    public TimeLeft(int steps) {
        this(steps, System::nanoTime);
    }

    /// @param clock tells nanoseconds
    TimeLeft(int steps, LongSupplier clock) {
        this.steps = steps;
        this.clock = clock;
    }

    /// A step is done.
    public synchronized void onStep(int done) {
        step = done;
        now = clock.getAsLong();
        if (begun == 0) {
            begun = done;
            begunAt = now;
        }
        if (first == 0 && (done - begun >= WARM_STEPS || now - begunAt >= WARM_NANOS)) {
            first = done;
            start = now;
        }
    }

    /// What is left; nothing as long as nobody can tell, and when the last step is done.
    public synchronized Optional<Duration> left() {
        if (first == 0 || step == first || step >= steps) {
            return Optional.empty();
        }
        double nanos = (now - start) / (double) (step - first) * (steps - step);
        return Optional.of(Duration.ofNanos((long) nanos));
    }
}
