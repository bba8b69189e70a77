package gradus.lessons.prompt.tree;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The game of 24: four numbers, each used once, become 24 by + − × ÷. A thought takes two of the numbers that
/// are left and puts one in their place: `10 - 4 = 6 (left: 6 9 13)`.
///
/// All of it can be enumerated, so the truth is known: [#isReachable] is the value that a perfect judge gives,
/// and [#oracle] makes it a [StateScore], the upper bound of what any model can do by valuing states. Thoughts
/// that are wrong, such as `10 - 4 = 5`, are not allowed. The prompts follow Yao et al. 2023, arXiv:2305.10601.
public final class Game24 implements TreeProblem {
    private static final Fraction TARGET = Fraction.of(24, 1);
    private static final int MOST = 5; // numbers: beyond, enumeration takes long
    private static final Pattern THOUGHT =
            Pattern.compile("(-?[\\d/]+)\\s*([-+*/×÷−])\\s*(-?[\\d/]+)\\s*=\\s*(-?[\\d/]+)");

    /// A number with the way in which it was made.
    private record Term(Fraction value, String text) {}

    private final List<Fraction> numbers;

    private Game24(List<Fraction> numbers) {
        this.numbers = numbers;
    }

    /// @param numbers such as `4 9 10 13`
    /// @throws gradus.error.ConfigException if they are not 2 to 5 whole numbers from 0 to 999
    public static Game24 of(String numbers) {
        List<Fraction> parsed = new ArrayList<>();
        for (String each : numbers.strip().split("[\\s,]+")) {
            require(
                    each.matches("\\d{1,3}"),
                    "the game of 24 takes whole numbers from 0 to 999, such as 4 9 10 13; got %s",
                    Printable.value(each));
            parsed.add(Fraction.parse(each));
        }
        require(
                2 <= parsed.size() && parsed.size() <= MOST,
                "the game of 24 takes 2 to %d numbers; got %d",
                MOST,
                parsed.size());
        return new Game24(List.copyOf(parsed));
    }

    @Override
    public int steps() {
        return numbers.size() - 1;
    }

    @Override
    public String thoughtPrompt(String state) {
        return "Use the numbers, each once, and + - * / to make 24. Each step takes two of the numbers that are left"
                + " and puts their result in their place.\n\nNumbers: 4 4 6 8\nSteps:\n4 + 8 = 12 (left: 4 6 12)\n"
                + "6 - 4 = 2 (left: 2 12)\n2 * 12 = 24 (left: 24)\n\nNumbers: " + joined(numbers) + "\nSteps:\n"
                + (state.isEmpty() ? "" : state + "\n");
    }

    @Override
    public String proposalPrompt(String state) {
        return "Write possible next steps, one a line.\n\nNumbers: 2 8 8 14\nPossible next steps:\n"
                + "2 + 8 = 10 (left: 8 10 14)\n8 / 2 = 4 (left: 4 8 14)\n14 + 2 = 16 (left: 8 8 16)\n"
                + "14 - 8 = 6 (left: 2 6 8)\n\nNumbers: " + joined(values(state)) + "\nPossible next steps:\n";
    }

    @Override
    public String valuePrompt(String state) {
        return "Say whether the numbers can make 24: sure, likely or impossible.\n\nNumbers: 10 14\n10 + 14 = 24\n"
                + "sure\n\nNumbers: 11 12\n11 + 12 = 23\n12 - 11 = 1\n11 * 12 = 132\nimpossible\n\nNumbers: 5 7 8\n"
                + "5 + 7 + 8 = 20\n(8 - 5) * 7 = 21\nlikely\n\nNumbers: " + joined(values(state)) + "\n";
    }

    /// 20 for `sure`, 1 for `likely`, 0.001 for `impossible`, as in the published program; 0 for anything else.
    /// The word must be all of the last line.
    @Override
    public double value(String answer) {
        return Verdict.value(answer);
    }

    @Override
    public String votePrompt(List<String> states) {
        StringBuilder prompt = new StringBuilder(
                "Which of these choices of numbers can most likely make 24? Write the best choice's number last.\n\n");
        for (int i = 0; i < states.size(); i++) {
            prompt.append("Choice ")
                    .append(i + 1)
                    .append(": ")
                    .append(joined(values(states.get(i))))
                    .append('\n');
        }
        return prompt.append("\nThe best choice is").toString();
    }

    /// Every calculation in the answer that takes two numbers that are left and is right. Which numbers are
    /// left afterwards is worked out here, whatever the answer says.
    @Override
    public List<String> next(String state, String answer) {
        List<Term> terms = terms(state);
        List<String> states = new ArrayList<>();
        for (String line : answer.split("\\R")) {
            Matcher thought = THOUGHT.matcher(line);
            if (terms.size() >= 2 && thought.find()) {
                List<Term> left = apply(terms, thought);
                if (left != null) {
                    states.add(TreeProblem.with(state, written(thought, left)));
                }
            }
        }
        return states;
    }

    /// The states after every thought that is allowed, found without a model: what a [ThoughtSource] for this
    /// game can hand on.
    public List<String> all(String state) {
        List<Term> terms = terms(state);
        Set<String> states = new LinkedHashSet<>();
        for (int i = 0; i < terms.size(); i++) {
            for (int j = 0; j < terms.size(); j++) {
                for (char operation : (i == j ? "" : "+-*/").toCharArray()) {
                    Fraction a = terms.get(i).value;
                    Fraction b = terms.get(j).value;
                    Fraction result = a.with(operation, b);
                    if (result != null) {
                        states.addAll(next(state, a + " " + operation + " " + b + " = " + result));
                    }
                }
            }
        }
        return List.copyOf(states);
    }

    /// Whether 24 can still be made.
    public boolean isReachable(String state) {
        return isReachable(values(state));
    }

    private static boolean isReachable(List<Fraction> left) {
        if (left.size() == 1) {
            return left.getFirst().equals(TARGET);
        }
        for (int i = 0; i < left.size(); i++) {
            for (int j = 0; j < left.size(); j++) {
                for (char operation : (i == j ? "" : i < j ? "+*-/" : "-/").toCharArray()) {
                    Fraction result = left.get(i).with(operation, left.get(j));
                    if (result != null) {
                        List<Fraction> after = new ArrayList<>(left);
                        after.remove(Math.max(i, j));
                        after.remove(Math.min(i, j));
                        after.add(result);
                        if (isReachable(after)) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    /// 1 for states from which 24 can be made, 0 for others.
    public static StateScore oracle() {
        return (problem, states, steps, name) -> states.stream()
                .mapToDouble(state -> ((Game24) problem).isReachable(state) ? 1 : 0)
                .toArray();
    }

    @Override
    public boolean isSolved(String state) {
        List<Fraction> left = values(state);
        return left.size() == 1 && left.getFirst().equals(TARGET);
    }

    /// The expression of the number that was made last, such as `(10 - 4) * (13 - 9)`.
    @Override
    public String answer(String state) {
        String text = terms(state).getLast().text;
        return text.startsWith("(") ? text.substring(1, text.length() - 1) : text;
    }

    private List<Fraction> values(String state) {
        return terms(state).stream().map(Term::value).sorted().toList();
    }

    /// What is left after the thoughts of a state; the number that was made last is the last.
    private List<Term> terms(String state) {
        List<Term> terms = numbers.stream().map(n -> new Term(n, n.toString())).toList();
        for (String line : state.isEmpty() ? new String[0] : state.split("\n")) {
            Matcher thought = THOUGHT.matcher(line);
            List<Term> after = thought.find() ? apply(terms, thought) : null;
            require(after != null, "this is no state of the game: %s", Printable.value(state));
            terms = after;
        }
        return terms;
    }

    /// @return null if the thought is not allowed
    private static List<Term> apply(List<Term> terms, Matcher thought) {
        List<Term> left = new ArrayList<>(terms);
        Term a = take(left, Fraction.parse(thought.group(1)));
        Term b = take(left, Fraction.parse(thought.group(3)));
        char operation = operation(thought);
        Fraction result = a == null || b == null ? null : a.value.with(operation, b.value);
        if (result == null || !result.equals(Fraction.parse(thought.group(4)))) {
            return null;
        }
        left.add(new Term(result, "(" + a.text + " " + operation + " " + b.text + ")"));
        return left;
    }

    private static Term take(List<Term> left, Fraction value) {
        for (int i = left.size() - 1; i >= 0; i--) {
            if (left.get(i).value.equals(value)) {
                return left.remove(i);
            }
        }
        return null;
    }

    private static char operation(Matcher thought) {
        return switch (thought.group(2).charAt(0)) {
            case '×' -> '*';
            case '÷' -> '/';
            case '−' -> '-';
            default -> thought.group(2).charAt(0);
        };
    }

    private static String written(Matcher thought, List<Term> left) {
        return Fraction.parse(thought.group(1)) + " " + operation(thought) + " " + Fraction.parse(thought.group(3))
                + " = " + Fraction.parse(thought.group(4)) + " (left: "
                + joined(left.stream().map(Term::value).sorted().toList()) + ")";
    }

    private static String joined(List<Fraction> numbers) {
        return String.join(" ", numbers.stream().map(Fraction::toString).toList());
    }
}
