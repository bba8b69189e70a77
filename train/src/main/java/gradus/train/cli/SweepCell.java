package gradus.train.cli;

import java.io.IOException;
import java.io.InputStream;

/// The process of a cell: `gradus train`, which ends when the sweep does. The sweep holds the other end of its
/// standard input; that ends with the sweep however that ends, so no training goes on that nobody waits for.
public final class SweepCell {
    private SweepCell() {}

    public static void main(String[] arguments) {
        InputStream sweep = System.in;
        Thread watch = Thread.ofPlatform().daemon().name("sweep").unstarted(() -> {
            try {
                while (sweep.read() >= 0) {
                    // nothing is sent
                }
            } catch (IOException ended) {
                // as well
            }
            Runtime.getRuntime().halt(1);
        });
        watch.start();
        Main.main(arguments);
    }
}
