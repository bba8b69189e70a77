package gradus.tensor.kernel.vector;

import gradus.tensor.kernel.Walks;

/// Splits the runs of a walk over the threads.
final class Runs {
    private Runs() {}

    /// The work on the elements from, not including to, of a numbered run.
    @FunctionalInterface
    interface Run {
        void run(int number, int from, int to);
    }

    /// Does the work on every run: by runs, or within the run where there is but one.
    static void split(Walks walks, Run work) {
        if (walks.outer == 1) {
            Parallel.rows(walks.run, VectorPointwise.GRAIN, (from, to) -> work.run(0, from, to));
        } else {
            Parallel.rows(walks.outer, Math.max(1, VectorPointwise.GRAIN / walks.run), (from, to) -> {
                for (int number = from; number < to; number++) {
                    work.run(number, 0, walks.run);
                }
            });
        }
    }
}
