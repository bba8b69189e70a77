package gradus.tensor.kernel.vector;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Splits a kernel's work over the cores. The split is static, by the number of parts alone, so the result never
/// depends on which thread ran what or when.
///
/// The workers spin between one parallel region and the next, which makes a region cost a fraction of a microsecond
/// instead of the 50 µs of waking a thread; after a while without work they yield, then park, so that a program that
/// waits burns no core. A part that its worker has not begun by the time the caller is through with its own, because
/// the worker slept or the core was given to another program, is done by the caller.
public final class Parallel {
    /// The number of parts that work is split into: the system property `gradus.threads`, else the cores.
    public static final int THREADS = Math.max(
            1, Integer.getInteger("gradus.threads", Runtime.getRuntime().availableProcessors()));

    /// Rounds of busy waiting, about 50 µs, before a worker starts to yield.
    private static final int SPINS = 2_000;

    /// Rounds of yielding, a few ms at most, before a worker parks.
    private static final int YIELDS = 2_000;

    private static final ReentrantLock REGION = new ReentrantLock();
    private static final Worker[] WORKERS = new Worker[THREADS - 1];
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    static {
        for (int i = 0; i < WORKERS.length; i++) {
            WORKERS[i] = new Worker(i + 1);
            WORKERS[i].start();
        }
    }

    private Parallel() {}

    /// A piece of work that knows which part of how many it is.
    @FunctionalInterface
    public interface Part {
        void run(int part, int parts);
    }

    /// A piece of work on the indices from, not including to.
    @FunctionalInterface
    public interface Range {
        void run(int from, int to);
    }

    /// Runs every part, on as many threads as there are parts. Inside another region, or while another thread has the
    /// workers, the calling thread runs all parts itself, one after the other.
    public static void run(Part work) {
        if (THREADS == 1 || INSIDE.get() || !REGION.tryLock()) {
            for (int part = 0; part < THREADS; part++) {
                work.run(part, THREADS);
            }
            return;
        }
        INSIDE.set(true);
        try {
            for (Worker worker : WORKERS) {
                worker.begin(work);
            }
            Throwable failure = null;
            try {
                work.run(0, THREADS);
            } catch (Throwable mine) {
                failure = mine;
            }
            for (Worker worker : WORKERS) {
                Throwable theirs = worker.finish();
                failure = failure == null ? theirs : failure;
            }
            rethrow(failure);
        } finally {
            INSIDE.set(false);
            REGION.unlock();
        }
    }

    /// Splits 0 … n-1 into one contiguous range for each part, at multiples of the grain. Fewer than two grains are
    /// not worth a region and run at once.
    public static void rows(int n, int grain, Range work) {
        int grains = (n + grain - 1) / grain;
        if (grains < 2 || THREADS == 1) {
            work.run(0, n);
            return;
        }
        run((part, parts) -> {
            int from = (int) ((long) grains * part / parts) * grain;
            int to = Math.min(n, (int) ((long) grains * (part + 1) / parts) * grain);
            if (from < to) {
                work.run(from, to);
            }
        });
    }

    private static void rethrow(Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        }
    }

    /// One thread that waits for work by spinning.
    private static final class Worker extends Thread {
        private static final int IDLE = 0;
        private static final int READY = 1;
        private static final int RUNNING = 2;

        private final int part;
        private final AtomicInteger state = new AtomicInteger(IDLE);
        private volatile boolean parked;
        private Part work;
        private Throwable failure;

        Worker(int part) {
            super("gradus-worker-" + part);
            this.part = part;
            setDaemon(true);
        }

        void begin(Part next) {
            work = next;
            state.set(READY);
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        /// Waits for the part's end, or does it here if nobody has begun it.
        Throwable finish() {
            if (state.compareAndSet(READY, RUNNING)) {
                perform();
            }
            for (int round = 0; state.get() != IDLE; round++) {
                if (round < SPINS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            Throwable result = failure;
            failure = null;
            return result;
        }

        private void perform() {
            try {
                work.run(part, THREADS);
            } catch (Throwable thrown) {
                failure = thrown;
            }
            state.set(IDLE); // whoever sees this sees what the work wrote
        }

        @Override
        public void run() {
            INSIDE.set(true);
            for (int idle = 0; ; ) {
                if (state.get() == READY && state.compareAndSet(READY, RUNNING)) {
                    perform();
                    idle = 0;
                } else {
                    idle = rest(idle);
                }
            }
        }

        private int rest(int idle) {
            if (idle < SPINS) {
                Thread.onSpinWait();
            } else if (idle < SPINS + YIELDS) {
                Thread.yield();
            } else {
                parked = true;
                if (state.get() != READY) {
                    LockSupport.park(this);
                }
                parked = false;
                return 0;
            }
            return idle + 1;
        }
    }
}
