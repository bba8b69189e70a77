package gradus.train.cli.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

/// An output that remembers why it failed. A `PrintStream` above it only knows that something did.
public final class WatchedOutput extends FilterOutputStream {
    private volatile IOException failure;

    public WatchedOutput(OutputStream out) {
        super(out);
    }

    /// Why what was written is not all there; nothing if it is, or if the reader went away, as in `gradus … | head`,
    /// and there is nobody to write for.
    public Optional<String> failure() {
        return Optional.ofNullable(failure)
                .map(e -> String.valueOf(e.getMessage()))
                .filter(reason -> !isReaderGone(reason));
    }

    /// In the words of Linux, macOS and Windows.
    private static boolean isReaderGone(String reason) {
        String words = reason.toLowerCase(Locale.ROOT);
        return words.contains("broken pipe")
                || words.contains("pipe is being closed")
                || words.contains("pipe has been");
    }

    @Override
    public void write(int b) throws IOException {
        try {
            out.write(b);
        } catch (IOException e) {
            throw remembered(e);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            throw remembered(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw remembered(e);
        }
    }

    private IOException remembered(IOException e) {
        if (failure == null) {
            failure = e;
        }
        return e;
    }
}
