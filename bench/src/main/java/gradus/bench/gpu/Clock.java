package gradus.bench.gpu;

import java.util.Arrays;

/// Times work that a device does later than it is ordered: a sample ends when the device has caught up.
///
/// @param samples     how many count
/// @param leastMillis a sample repeats the work until it takes about this long, so that waiting at its end weighs
///     little
/// @param warmMillis  how long the work runs before the first sample
record Clock(int samples, double leastMillis, double warmMillis) {
    private static final int MOST_REPEATS = 1000;

    /// The median milliseconds of one call.
    ///
    /// @param work   orders the work
    /// @param finish waits for it
    double millis(Runnable work, Runnable finish) {
        long begin = System.nanoTime();
        double one;
        do {
            one = sample(work, finish, 1);
        } while (System.nanoTime() - begin < warmMillis * 1e6);
        int repeats = (int) Math.clamp(Math.ceil(leastMillis / one), 1, MOST_REPEATS);
        sample(work, finish, repeats);
        double[] millis = new double[samples];
        for (int i = 0; i < samples; i++) {
            millis[i] = sample(work, finish, repeats);
        }
        Arrays.sort(millis);
        return (millis[(samples - 1) / 2] + millis[samples / 2]) / 2;
    }

    private static double sample(Runnable work, Runnable finish, int repeats) {
        long start = System.nanoTime();
        for (int i = 0; i < repeats; i++) {
            work.run();
        }
        finish.run();
        return (System.nanoTime() - start) / 1e6 / repeats;
    }

    /// Prints a figure for the table.
    static void result(String part, String row, String column, double value) {
        System.out.printf("result\t%s\t%s\t%s\t%.6g%n", part, row, column, value);
    }
}
