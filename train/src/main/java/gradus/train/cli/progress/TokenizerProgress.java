package gradus.train.cli.progress;

import gradus.train.cli.terminal.BarLine;
import gradus.train.cli.terminal.Console;
import gradus.train.run.Line;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;

/// Shows how a tokenizer's work goes: a bar for each task on a terminal, a line every few seconds elsewhere.
public final class TokenizerProgress implements gradus.tokenizer.corpus.Progress, AutoCloseable {
    private static final Map<String, String> WORDS =
            Map.of("words", "counting words", "merges", "merging pairs", "encode", "encoding");
    private static final long SECONDS = 1_000_000_000L;
    private static final long LINE_EVERY = 5 * SECONDS;

    private final Console console;
    private final long chars;
    private ProgressBar bar;
    private String task = "";
    private long lastLine = System.nanoTime();

    /// @param chars of the text, as far as one knows, or -1
    public TokenizerProgress(Console console, long chars) {
        this.console = console;
        this.chars = chars;
    }

    @Override
    public void report(String name, long done, long total) {
        long most = total >= 0 ? total : Math.max(chars, done);
        if (console.redraws()) {
            draw(name, done, most);
        } else if (System.nanoTime() - lastLine > LINE_EVERY) {
            lastLine = System.nanoTime();
            console.err().println(Line.format("%s: %,d of %,d", words(name), done, most));
        }
    }

    private void draw(String name, long done, long most) {
        if (!name.equals(task)) {
            close();
            task = name;
            bar = BarLine.bar(console.screen(), words(name), most).bar();
        }
        bar.maxHint(most);
        bar.stepTo(done);
    }

    private static String words(String name) {
        return WORDS.getOrDefault(name, name);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
