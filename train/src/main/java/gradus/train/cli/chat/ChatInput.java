package gradus.train.cli.chat;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.BufferedReader;
import java.io.IOException;

/// Messages as they are typed. A line is a message; what stands between lines of `"""` is one, and so are lines
/// that come at once, as a pasted text does.
final class ChatInput {
    private static final String FENCE = "\"\"\"";
    private static final int PASTE_MILLIS = 30; // nobody types a line as fast

    private final BufferedReader in;
    private final boolean typed;

    /// @param typed whether somebody types, at a terminal; a file or a pipe has each line at once
    ChatInput(BufferedReader in, boolean typed) {
        this.in = in;
        this.typed = typed;
    }

    /// The next message, which may be empty; null at the end.
    String next() {
        try {
            String line = in.readLine();
            if (line == null) {
                return null;
            }
            if (line.stripLeading().startsWith(FENCE)) {
                return fenced(line.stripLeading().substring(FENCE.length()));
            }
            StringBuilder message = new StringBuilder(line);
            while (typed && moreComes()) {
                String next = in.readLine();
                if (next == null) {
                    break;
                }
                message.append('\n').append(next);
            }
            return message.toString();
        } catch (IOException failure) {
            throw new ResourceException("standard input cannot be read: " + FileReason.of(failure), failure);
        }
    }

    /// What stands up to the fence that closes, or up to the end.
    private String fenced(String rest) throws IOException {
        StringBuilder message = new StringBuilder();
        for (String line = rest; line != null; line = in.readLine()) {
            int end = line.indexOf(FENCE);
            if (end >= 0) {
                message.append(line, 0, end);
                break;
            }
            message.append(line).append('\n');
        }
        return message.toString().strip();
    }

    private boolean moreComes() throws IOException {
        try {
            for (int waited = 0; waited < PASTE_MILLIS && !in.ready(); waited += 5) {
                Thread.sleep(5);
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
        return in.ready();
    }
}
