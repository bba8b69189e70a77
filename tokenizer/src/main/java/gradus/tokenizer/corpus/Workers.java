package gradus.tokenizer.corpus;

import gradus.error.ResourceException;
import java.util.concurrent.atomic.AtomicInteger;

/// Threads that share the numbers from 0 to a count among them.
///
/// What ends a worker reaches the caller without an object being made for it: where the heap is full, even a
/// `Future` cannot be told, and its thread would die of a second error.
final class Workers {
    /// What a worker does with a number; `worker` counts the threads from 0.
    @FunctionalInterface
    interface Work {
        void apply(int worker, int number);
    }

    private final int count;
    private final int step;
    private final Work work;
    private final AtomicInteger next = new AtomicInteger();
    private final Throwable[] failures;
    private final int[] failedAt;

    private Workers(int threads, int count, int step, Work work) {
        this.count = count;
        this.step = step;
        this.work = work;
        this.failures = new Throwable[threads];
        this.failedAt = new int[threads];
    }

    /// Works through all numbers, each thread taking the next `step` of them that nobody has.
    ///
    /// After a failure no more are handed out, and the failure at the least number is thrown: the same one however
    /// the threads run.
    static void run(int threads, int count, int step, Work work) {
        var workers = new Workers(threads, count, step, work);
        var running = new Thread[Math.min(threads, Math.ceilDiv(count, step))];
        try {
            for (int w = 0; w < running.length; w++) {
                int worker = w;
                running[w] = Thread.ofPlatform().name("gradus-tokens-" + w).start(() -> workers.take(worker));
            }
        } finally {
            workers.join(running);
        }
        workers.rethrow();
    }

    private void take(int worker) {
        for (int from; (from = next.getAndAdd(step)) < count; ) {
            for (int i = from; i < Math.min(from + step, count); i++) {
                try {
                    work.apply(worker, i);
                } catch (Throwable failure) { // an OutOfMemoryError too: it belongs to the caller
                    failures[worker] = failure;
                    failedAt[worker] = i;
                    stop();
                    return;
                }
            }
        }
    }

    private void stop() {
        next.set(count);
    }

    /// Waits until every thread has ended, so that no one works on after the caller was told.
    private void join(Thread[] running) {
        boolean interrupted = false;
        for (Thread thread : running) {
            while (thread != null && thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    stop();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new ResourceException("interrupted while tokenizing");
        }
    }

    private void rethrow() {
        int first = -1;
        for (int w = 0; w < failures.length; w++) {
            if (failures[w] != null && (first < 0 || failedAt[w] < failedAt[first])) {
                first = w;
            }
        }
        if (first >= 0) {
            switch (failures[first]) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case Throwable checked -> throw new AssertionError(checked);
            }
        }
    }
}
