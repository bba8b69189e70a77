package gradus.lessons.learn.cli;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/// A program at a terminal that is not there, and somebody who types.
final class Screenplay implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final PtyProcess process;
    private final StringBuilder shown = new StringBuilder();
    private final Thread reader;

    private Screenplay(PtyProcess process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /// Starts [WatchProgram].
    static Screenplay start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                WatchProgram.class.getName()));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("TERM", "xterm-256color");
        return new Screenplay(new PtyProcessBuilder(command.toArray(String[]::new))
                .setEnvironment(environment)
                .setInitialColumns(120)
                .setInitialRows(40)
                .start());
    }

    private void read() {
        char[] some = new char[4096];
        try (Reader in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            for (int n; (n = in.read(some)) >= 0; ) {
                synchronized (shown) {
                    shown.append(some, 0, n);
                }
            }
        } catch (IOException gone) {
            // A terminal ends so when its program does.
        }
    }

    String shown() {
        synchronized (shown) {
            return shown.toString();
        }
    }

    /// Waits until the program has shown something.
    void await(String text) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!shown().contains(text)) {
            if (!process.isAlive()) {
                reader.join();
                if (!shown().contains(text)) {
                    Assertions.fail("ended with %d before it said '%s':%n%s", process.exitValue(), text, shown());
                }
            } else if (System.nanoTime() > end) {
                Assertions.fail("'%s' does not come:%n%s", text, shown());
            }
            Thread.sleep(20);
        }
    }

    void type(String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            Assertions.fail("does not end:%n%s", shown());
        }
        reader.join(TimeUnit.SECONDS.toMillis(10));
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
