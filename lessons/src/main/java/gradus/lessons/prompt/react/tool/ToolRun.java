package gradus.lessons.prompt.react.tool;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;
import gradus.error.ResourceException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Uses a tool within bounds: whatever it does, a text comes of it.
///
/// A tool that throws gives `Error: …`. One that takes too long is interrupted and gives an error too; should
/// it not heed the interruption, it is left to itself on a thread of the lowest priority that does not keep the
/// program from ending, as Java stops no thread by force. A long text is cut, and says so.
///
/// @param time    that a tool may take
/// @param longest the most characters of what it brings
public record ToolRun(Duration time, int longest) {
    private static final Duration LONGEST_TIME = Duration.ofDays(1);

    /// @throws gradus.error.ConfigException unless both are above 0 and the time at most a day
    public ToolRun {
        require(time.isPositive(), "the time of a tool must be above 0; got %s", time);
        require(time.compareTo(LONGEST_TIME) <= 0, "the time of a tool must be at most a day; got %s", time);
        require(longest >= 1, "the longest observation must have at least 1 character; got %d", longest);
    }

    /// 10 seconds, 2,000 characters.
    public static ToolRun defaults() {
        return new ToolRun(Duration.ofSeconds(10), 2_000);
    }

    /// What the tool brings.
    ///
    /// @throws ResourceException if this thread is interrupted meanwhile
    public String of(Tool tool, String input) {
        FutureTask<String> task = new FutureTask<>(() -> tool.use(input));
        Thread thread = new Thread(task, "tool " + tool.name());
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
        try {
            String text = task.get(time.toNanos(), TimeUnit.NANOSECONDS);
            return text == null || text.isBlank() ? "nothing" : cut(text);
        } catch (TimeoutException endless) {
            task.cancel(true);
            return error(tool.name() + " took longer than " + seconds() + " s and was stopped");
        } catch (ExecutionException failed) {
            return error(reason(failed.getCause()));
        } catch (InterruptedException interrupted) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new ResourceException("interrupted while the tool " + tool.name() + " was at work", interrupted);
        }
    }

    private static String reason(Throwable thrown) {
        if (thrown instanceof OutOfMemoryError full) {
            throw full; // the program's own trouble
        }
        String message = thrown.getMessage();
        return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
    }

    static String error(String reason) {
        return "Error: " + Printable.message(reason);
    }

    private String seconds() {
        String text = Double.toString(time.toMillis() / 1000.0);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private String cut(String text) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) && longest > 1 ? longest - 1 : longest;
        return text.substring(0, end) + "\n… (" + (text.length() - end) + " more characters are left out)";
    }
}
