package gradus.train.cli;

import gradus.train.cli.terminal.Console;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Shows what the library warns of, in one line each like every other message, until closed.
final class Warnings extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("gradus");
    private final Console console;

    private Warnings(Console console) {
        this.console = console;
        setFormatter(new SimpleFormatter());
    }

    static Warnings to(Console console) {
        Warnings warnings = new Warnings(console);
        warnings.logger.setUseParentHandlers(false);
        warnings.logger.addHandler(warnings);
        return warnings;
    }

    @Override
    public void publish(LogRecord entry) {
        console.err().println("gradus: " + getFormatter().formatMessage(entry));
    }

    @Override
    public void flush() {
        console.err().flush();
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
