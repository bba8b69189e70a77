package gradus.lessons.prompt;

import static gradus.error.ConfigException.require;

import java.util.ArrayList;
import java.util.List;

/// How a text is completed.
///
/// @param maxTokens   the most tokens that are written
/// @param temperature 0 always takes the likeliest token; up to 1 likely ones more often than the model has it,
///                    above 1 less
/// @param stop        strings before which the text ends
/// @param seed        decides which tokens are drawn
public record CompletionOptions(int maxTokens, double temperature, List<String> stop, long seed) {
    /// @throws gradus.error.ConfigException if a value is out of range
    public CompletionOptions {
        require(maxTokens >= 1, "maxTokens must be at least 1; got %d", maxTokens);
        require(
                temperature >= 0 && Double.isFinite(temperature),
                "temperature must be a number of at least 0 (0 is greedy); got %s",
                temperature);
        stop = List.copyOf(stop);
        require(stop.stream().noneMatch(String::isEmpty), "a stop string must have at least one character");
    }

    /// Greedy, at most 256 tokens, no stop string.
    public static CompletionOptions defaults() {
        return new CompletionOptions(256, 0, List.of(), 0);
    }

    public CompletionOptions withMaxTokens(int other) {
        return new CompletionOptions(other, temperature, stop, seed);
    }

    public CompletionOptions withTemperature(double other) {
        return new CompletionOptions(maxTokens, other, stop, seed);
    }

    public CompletionOptions withStop(String... other) {
        return new CompletionOptions(maxTokens, temperature, List.of(other), seed);
    }

    /// With further stop strings besides those that are there.
    public CompletionOptions alsoStoppingAt(String... other) {
        List<String> all = new ArrayList<>(stop);
        all.addAll(List.of(other));
        return new CompletionOptions(
                maxTokens, temperature, all.stream().distinct().toList(), seed);
    }

    public CompletionOptions withSeed(long other) {
        return new CompletionOptions(maxTokens, temperature, stop, other);
    }

    /// A text up to the first stop string in it.
    String cut(String text) {
        int end = text.length();
        for (String each : stop) {
            int at = text.indexOf(each);
            end = at >= 0 ? Math.min(end, at) : end;
        }
        return text.substring(0, end);
    }
}
