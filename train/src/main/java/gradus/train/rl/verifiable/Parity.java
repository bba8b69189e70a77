package gradus.train.rl.verifiable;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;

/// Says whether a row of n bits has an odd number of ones: `10110?` is answered by `1`, for odd. No bit alone
/// tells anything about the answer, which makes parity hard to learn from examples.
public final class Parity extends VerifiableTask {
    private final int bits;

    /// @param bits n, from 4 to 100
    /// @throws gradus.error.ConfigException if it is out of range
    public Parity(int bits) {
        require(bits >= 4 && bits <= 100, "parity: bits must be from 4 to 100; got %d", bits);
        this.bits = bits;
    }

    @Override
    public String name() {
        return "parity-" + bits;
    }

    @Override
    public String alphabet() {
        return "01?";
    }

    @Override
    public int longestAnswer() {
        return 1;
    }

    @Override
    protected Question draw(Rng rng) {
        StringBuilder drawn = new StringBuilder();
        int ones = 0;
        for (int i = 0; i < bits; i++) {
            int bit = rng.index(i, 2);
            ones += bit;
            drawn.append(bit);
        }
        return new Question(drawn.append('?').toString(), String.valueOf(ones % 2));
    }

    /// Well formed are `0` and `1`.
    @Override
    public Grade grade(Question question, String answer) {
        boolean wellFormed = answer.equals("0") || answer.equals("1");
        return new Grade(wellFormed, answer.equals(question.answer()));
    }
}
