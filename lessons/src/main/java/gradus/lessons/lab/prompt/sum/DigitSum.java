package gradus.lessons.lab.prompt.sum;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import gradus.train.rl.verifiable.Grade;
import gradus.train.rl.verifiable.Question;
import gradus.train.rl.verifiable.VerifiableTask;

/// The remainder of a sum of digits from 0 to 4, divided by 5: `31422` is answered by `2`, for 3 + 1 + 4 + 2 +
/// 2 = 12. Digit by digit it is easy, for each step adds one digit to the remainder so far: `3 4 3 0 2`. At one
/// glance it is hard: all digits count, and each changes the answer.
public final class DigitSum extends VerifiableTask {
    /// What is divided by: as many digits and answers there are.
    static final int BASE = 5;

    private final int digits;

    /// @param digits of a question, from 2 to 30
    /// @throws gradus.error.ConfigException if they are out of range
    public DigitSum(int digits) {
        require(digits >= 2 && digits <= 30, "digit sum: digits must be from 2 to 30; got %d", digits);
        this.digits = digits;
    }

    @Override
    public String name() {
        return "digit-sum-" + digits;
    }

    @Override
    public String alphabet() {
        return "01234";
    }

    @Override
    public int longestAnswer() {
        return 1;
    }

    @Override
    protected Question draw(Rng rng) {
        return of(drawn(digits, rng));
    }

    /// Digits drawn at random.
    static String drawn(int count, Rng rng) {
        StringBuilder drawn = new StringBuilder();
        for (int i = 0; i < count; i++) {
            drawn.append(rng.index(i, BASE));
        }
        return drawn.toString();
    }

    /// The question of some digits.
    static Question of(String digits) {
        String steps = steps(digits);
        return new Question(digits, steps.substring(steps.length() - 1));
    }

    /// The remainders of the sums of the first 1, 2, 3, … digits: `34302` for `31422`.
    static String steps(String digits) {
        StringBuilder steps = new StringBuilder();
        int sum = 0;
        for (char digit : digits.toCharArray()) {
            sum = (sum + digit - '0') % BASE;
            steps.append(sum);
        }
        return steps.toString();
    }

    /// Well formed is one digit.
    @Override
    public Grade grade(Question question, String answer) {
        return new Grade(answer.matches("[0-4]"), answer.equals(question.answer()));
    }
}
