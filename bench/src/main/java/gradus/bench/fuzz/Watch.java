package gradus.bench.fuzz;

/// Ends the program, telling where it was, if a thousand files take more than ten minutes: a reader that never
/// returns could not be told of otherwise.
final class Watch {
    private static final long PATIENCE = 600_000; // milliseconds; a thousand files take a few seconds

    private final Thread reader;
    private volatile long last = System.currentTimeMillis();
    private volatile long number;

    private Watch(Thread reader) {
        this.reader = reader;
    }

    static Watch over(Thread reader) {
        Watch watch = new Watch(reader);
        Thread.ofPlatform().daemon().name("watch").start(watch::run);
        return watch;
    }

    /// The files before the next thousand from this number are done.
    void progress(long number) {
        this.number = number;
        last = System.currentTimeMillis();
    }

    private void run() {
        while (true) {
            try {
                Thread.sleep(1000);
            } catch (InterruptedException ended) {
                return;
            }
            if (System.currentTimeMillis() - last > PATIENCE) {
                System.err.println("no progress since file " + number + "; the reader is at");
                for (StackTraceElement frame : reader.getStackTrace()) {
                    System.err.println("  " + frame);
                }
                Runtime.getRuntime().halt(1);
            }
        }
    }
}
