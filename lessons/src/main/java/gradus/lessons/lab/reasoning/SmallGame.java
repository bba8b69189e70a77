package gradus.lessons.lab.reasoning;

import gradus.lessons.prompt.react.tool.Calculator;
import gradus.lessons.prompt.tree.Game24;
import gradus.lessons.prompt.tree.StateScore;
import gradus.lessons.prompt.tree.TreeProblem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The game of 24 with prompts that a small model can learn to read: the numbers that are left behind a letter.
/// ```text
/// T 4 4 6 8:     → 4+8=12      a thought
/// V 4 6 12:      → y           whether 24 can still be made
/// ```
/// What is allowed and what is solved is [Game24]'s.
final class SmallGame implements TreeProblem {
    /// What stands for `24 can be made`.
    static final String YES = "y";
    /// What stands for `24 cannot be made`.
    static final String NO = "n";

    private static final BigDecimal TARGET = BigDecimal.valueOf(24);
    private static final BigDecimal ROUNDING = new BigDecimal("1e-9"); // of quotients, which have 20 digits

    private final String numbers;
    private final Game24 game;

    /// @param numbers such as `4 4 6 8`
    SmallGame(String numbers) {
        this.numbers = numbers;
        this.game = Game24.of(numbers);
    }

    /// The true value of states, by enumeration: the upper bound of what any model can do by valuing them.
    static StateScore oracle() {
        return (problem, states, steps, name) -> Game24.oracle().of(((SmallGame) problem).game, states, steps, name);
    }

    /// The numbers that are left, from the smallest to the largest.
    String left(String state) {
        int from = state.lastIndexOf("(left: ");
        if (from >= 0) {
            return state.substring(from + "(left: ".length(), state.lastIndexOf(')'));
        }
        return Arrays.stream(numbers.split(" "))
                .map(Integer::valueOf)
                .sorted()
                .map(String::valueOf)
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }

    static String thoughtPrompt(List<Integer> left) {
        return "T " + joined(left) + ":";
    }

    static String valuePrompt(List<Integer> left) {
        return "V " + joined(left) + ":";
    }

    /// Numbers as they are written: `4 4 6 8`.
    static String joined(List<Integer> left) {
        List<String> texts = new ArrayList<>();
        left.forEach(each -> texts.add(each.toString()));
        return String.join(" ", texts);
    }

    /// Whether an expression is worth 24 and takes each of the numbers once.
    boolean makes24(String expression) {
        List<String> used = new ArrayList<>(
                Arrays.asList(expression.replaceAll("[^0-9]+", " ").strip().split(" ")));
        List<String> given = new ArrayList<>(Arrays.asList(numbers.split(" ")));
        used.sort(null);
        given.sort(null);
        return used.equals(given)
                && new BigDecimal(new Calculator().use(expression))
                                .subtract(TARGET)
                                .abs()
                                .compareTo(ROUNDING)
                        < 0;
    }

    @Override
    public int steps() {
        return game.steps();
    }

    @Override
    public String thoughtPrompt(String state) {
        return "T " + left(state) + ":";
    }

    /// The same: a model that was taught one thought writes one.
    @Override
    public String proposalPrompt(String state) {
        return thoughtPrompt(state);
    }

    @Override
    public String valuePrompt(String state) {
        return "V " + left(state) + ":";
    }

    /// 1 for `y`, 0 for anything else.
    @Override
    public double value(String answer) {
        return answer.strip().equals(YES) ? 1 : 0;
    }

    @Override
    public String votePrompt(List<String> states) {
        throw new UnsupportedOperationException("states are valued here, and not compared");
    }

    @Override
    public List<String> next(String state, String answer) {
        return game.next(state, answer);
    }

    @Override
    public boolean isSolved(String state) {
        return game.isSolved(state);
    }

    @Override
    public String answer(String state) {
        return game.answer(state);
    }
}
