package gradus.lessons.prompt.data;

import static gradus.error.ConfigException.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which of the instructions that a model came up with join the pool: those that say something a model of text
/// can do, and that are not too like one that is there.
///
/// The rules are those of Self-Instruct's published program. **Departure:** words are counted and compared as
/// [RougeL] has them.
public final class InstructionFilter {
    private static final int FEWEST = 4;
    private static final int MOST = 150;

    /// What a model of text cannot see or make.
    private static final Pattern BEYOND_TEXT = Pattern.compile(
            "\\b(images?|graphs?|pictures?|files?|maps?|draw|plot|go to|video|audio|music|flowchart|diagram)\\b",
            Pattern.CASE_INSENSITIVE);

    private final double threshold;
    private final List<List<String>> pool = new ArrayList<>();

    /// @param threshold the largest [RougeL] that two of the pool may have, in (0, 1]
    public InstructionFilter(double threshold) {
        require(threshold > 0 && threshold <= 1, "threshold must be in (0, 1]; got %s", threshold);
        this.threshold = threshold;
    }

    /// Adds one whatever it is, as seeds are.
    public void add(String instruction) {
        pool.add(RougeL.words(instruction));
    }

    /// Adds one if all rules hold.
    ///
    /// @return the rule that does not hold, or none
    public Optional<String> offer(String instruction) {
        List<String> words = RougeL.words(instruction);
        Optional<String> fault = fault(instruction, words);
        if (fault.isEmpty()) {
            pool.add(words);
        }
        return fault;
    }

    private Optional<String> fault(String instruction, List<String> words) {
        int first = instruction.isEmpty() ? ' ' : instruction.charAt(0);
        if (first > 127) {
            return Optional.of("beginning"); // before words are counted, which are of ASCII
        }
        if (words.size() < FEWEST || words.size() > MOST) {
            return Optional.of("length");
        }
        if (BEYOND_TEXT.matcher(instruction).find()) {
            return Optional.of("beyond text");
        }
        if (instruction.startsWith("Write a program")) {
            return Optional.of("program");
        }
        if (!Character.isLetterOrDigit(first)) {
            return Optional.of("beginning");
        }
        boolean known = pool.stream().anyMatch(each -> RougeL.f(each, words) > threshold);
        return known ? Optional.of("similar") : Optional.empty();
    }
}
