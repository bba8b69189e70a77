package gradus.train.cli.option;

import gradus.error.UsageException;
import picocli.CommandLine.Option;

/// How many threads a command works with, where it may be told.
public final class ThreadsOption {
    /// Far more than help, and few enough to be had.
    static final int MOST = 256;

    @Option(names = "--threads", paramLabel = "<n>", description = "1 to 256; default: one for each core")
    private int threads = Math.min(MOST, Runtime.getRuntime().availableProcessors());

    public int count() {
        return threads;
    }

    public void require() {
        if (threads < 1 || threads > MOST) {
            throw new UsageException("--threads must be 1 to " + MOST + "; got " + threads);
        }
    }
}
