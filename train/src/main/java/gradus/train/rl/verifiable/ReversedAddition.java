package gradus.train.rl.verifiable;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;

/// Adds two numbers of n digits; the sum is written with its last digit first, in the order in which the
/// carries run: `457+268=` is answered by `527`. Lee et al. 2023, "Teaching arithmetic to small transformers",
/// arXiv:2307.03381, where this order is what lets a small model learn addition. Neither number nor sum is
/// filled up with zeros, and the first digits are never 0.
public final class ReversedAddition extends VerifiableTask {
    private final int digits;
    private final int smallest; // 10ⁿ⁻¹

    /// @param digits n, from 1 to 9
    /// @throws gradus.error.ConfigException if it is out of range
    public ReversedAddition(int digits) {
        require(digits >= 1 && digits <= 9, "reversed addition: digits must be from 1 to 9; got %d", digits);
        this.digits = digits;
        int power = 1;
        for (int i = 1; i < digits; i++) {
            power *= 10;
        }
        this.smallest = power;
    }

    @Override
    public String name() {
        return "reversed-addition-" + digits;
    }

    @Override
    public String alphabet() {
        return "+0123456789=";
    }

    @Override
    public int longestAnswer() {
        return digits + 1;
    }

    @Override
    protected Question draw(Rng rng) {
        int a = smallest + rng.index(0, 9 * smallest);
        int b = smallest + rng.index(1, 9 * smallest);
        return new Question(a + "+" + b + "=", reversed((long) a + b));
    }

    private static String reversed(long number) {
        return new StringBuilder().append(number).reverse().toString();
    }

    /// Well formed are n or n + 1 digits.
    @Override
    public Grade grade(Question question, String answer) {
        boolean digitsOnly = !answer.isEmpty() && answer.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean wellFormed = digitsOnly && (answer.length() == digits || answer.length() == digits + 1);
        return new Grade(wellFormed, wellFormed && answer.equals(question.answer()));
    }
}
