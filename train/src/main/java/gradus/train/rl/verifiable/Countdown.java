package gradus.train.rl.verifiable;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;

/// Makes a number of others, each used once, by `+ - * /` and brackets: `3,7,2=20:` is answered by `2*(3+7)`,
/// or by anything else that has the same value. The numbers game of the French and British television
/// programmes; for language models Pan et al. 2025, TinyZero.
public final class Countdown extends VerifiableTask {
    private static final String OPERATORS = "+-*";

    private final int count;
    private final int largest;

    /// @param count   how many numbers, from 2 to 6
    /// @param largest the largest of them, from 2 to 99
    /// @throws gradus.error.ConfigException if a number is out of range
    public Countdown(int count, int largest) {
        require(count >= 2 && count <= 6, "countdown: count must be from 2 to 6; got %d", count);
        require(largest >= 2 && largest <= 99, "countdown: largest must be from 2 to 99; got %d", largest);
        this.count = count;
        this.largest = largest;
    }

    @Override
    public String name() {
        return "countdown-" + count + "-" + largest;
    }

    @Override
    public String alphabet() {
        return "()*+,-/0123456789:=";
    }

    /// Every number with an operator, and as many pairs of brackets as can mean something.
    @Override
    public int longestAnswer() {
        return count * (1 + String.valueOf(largest).length()) + 2 * count;
    }

    /// The numbers are joined from left to right by operators drawn at random, and shuffled for the question.
    @Override
    protected Question draw(Rng rng) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> 1 + rng.at("numbers").index(i, largest));
        long value = numbers[0];
        String expression = String.valueOf(value);
        boolean sum = false;
        for (int i = 1; i < count; i++) {
            char operator = OPERATORS.charAt(rng.at("operators").index(i, OPERATORS.length()));
            if (operator == '*' && sum) {
                expression = "(" + expression + ")";
            }
            sum = operator != '*';
            expression += String.valueOf(operator) + numbers[i];
            value = operator == '*' ? value * numbers[i] : operator == '+' ? value + numbers[i] : value - numbers[i];
        }
        StringBuilder prompt = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int j = rng.at("shuffle").index(i, i + 1);
            int swapped = numbers[i];
            numbers[i] = numbers[j];
            numbers[j] = swapped;
        }
        for (int number : numbers) {
            prompt.append(prompt.isEmpty() ? "" : ",").append(number);
        }
        return new Question(prompt.append('=').append(value).append(':').toString(), expression);
    }

    /// Well formed is any expression; right is one that uses each number once and has the value, without
    /// rounding.
    @Override
    public Grade grade(Question question, String answer) {
        if (answer.length() > 2 * longestAnswer()) {
            return Grade.NOTHING;
        }
        Expression expression = Expression.parse(answer).orElse(null);
        if (expression == null) {
            return Grade.NOTHING;
        }
        String prompt = question.prompt();
        int equals = prompt.indexOf('=');
        List<Long> given = Arrays.stream(prompt.substring(0, equals).split(","))
                .map(Long::valueOf)
                .sorted()
                .toList();
        long target = Long.parseLong(prompt.substring(equals + 1, prompt.length() - 1));
        boolean uses = expression.numbers().stream().sorted().toList().equals(given);
        return new Grade(true, uses && expression.is(target));
    }
}
