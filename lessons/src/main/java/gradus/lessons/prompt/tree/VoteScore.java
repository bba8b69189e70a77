package gradus.lessons.prompt.tree;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Steps;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Shows all states at once and asks for the best, n times; a state's score is the number of its votes. The
/// vote is the number with which an answer begins, as the prompt ends with `The best choice is`; if it says
/// these words itself, the first number behind them; else its last number. One that names no state counts for
/// none.
///
/// @param n       how often
/// @param options how an answer is completed
public record VoteScore(int n, CompletionOptions options) implements StateScore {
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern SAID = Pattern.compile("(?is).*best choice is\\D*(\\d+).*");
    private static final Pattern BEGIN =
            Pattern.compile("(?is)[^\\p{L}\\p{N}]*(?:(\\d+)|choice\\s+(\\d+)\\s*(?:[,;:].*|[.]?\\s*)$).*");

    /// @throws gradus.error.ConfigException unless n ≥ 1
    public VoteScore {
        require(n >= 1, "n, the number of votes, must be at least 1; got %d", n);
    }

    @Override
    public double[] of(TreeProblem problem, List<String> states, Steps steps, String name) {
        double[] scores = new double[states.size()];
        String prompt = problem.votePrompt(states);
        for (int i = 0; i < n; i++) {
            long seed = SampledThoughts.seed(options.seed(), i);
            int voted = number(steps.ask(name + ", vote " + (i + 1), prompt, options.withSeed(seed)));
            if (voted >= 1 && voted <= scores.length) {
                scores[voted - 1]++;
            }
        }
        return scores;
    }

    private static int number(String answer) {
        Matcher said = SAID.matcher(answer);
        Matcher begin = BEGIN.matcher(answer);
        String number = "0";
        if (said.matches()) {
            number = said.group(1);
        } else if (begin.matches()) {
            number = begin.group(1) == null ? begin.group(2) : begin.group(1);
        } else {
            Matcher numbers = NUMBER.matcher(answer);
            while (numbers.find()) {
                number = numbers.group();
            }
        }
        return number.length() > 6 ? 0 : Integer.parseInt(number);
    }
}
