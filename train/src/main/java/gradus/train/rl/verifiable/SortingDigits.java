package gradus.train.rl.verifiable;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.Arrays;

/// Sorts n digits: `36071825>` is answered by `01235678`. A digit may occur several times.
public final class SortingDigits extends VerifiableTask {
    private final int digits;

    /// @param digits n, from 1 to 100
    /// @throws gradus.error.ConfigException if it is out of range
    public SortingDigits(int digits) {
        require(digits >= 1 && digits <= 100, "sorting: digits must be from 1 to 100; got %d", digits);
        this.digits = digits;
    }

    @Override
    public String name() {
        return "sorting-" + digits;
    }

    @Override
    public String alphabet() {
        return "0123456789>";
    }

    @Override
    public int longestAnswer() {
        return digits;
    }

    @Override
    protected Question draw(Rng rng) {
        char[] drawn = new char[digits];
        for (int i = 0; i < digits; i++) {
            drawn[i] = (char) ('0' + rng.index(i, 10));
        }
        String prompt = new String(drawn) + ">";
        Arrays.sort(drawn);
        return new Question(prompt, new String(drawn));
    }

    /// Well formed are n digits.
    @Override
    public Grade grade(Question question, String answer) {
        boolean wellFormed = answer.length() == digits && answer.chars().allMatch(c -> c >= '0' && c <= '9');
        return new Grade(wellFormed, wellFormed && answer.equals(question.answer()));
    }
}
