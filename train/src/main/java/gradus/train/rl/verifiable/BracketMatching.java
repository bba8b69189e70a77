package gradus.train.rl.verifiable;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.ArrayDeque;
import java.util.Deque;

/// Closes what is open: `([]{(>` is answered by `)})`, the brackets that are missing, the innermost first. The
/// words that are balanced then form the Dyck language, which needs a stack.
public final class BracketMatching extends VerifiableTask {
    private static final String OPEN = "([{";
    private static final String CLOSE = ")]}";

    private final int length;

    /// @param length brackets of a question, from 4 to 100
    /// @throws gradus.error.ConfigException if it is out of range
    public BracketMatching(int length) {
        require(length >= 4 && length <= 100, "brackets: length must be from 4 to 100; got %d", length);
        this.length = length;
    }

    @Override
    public String name() {
        return "brackets-" + length;
    }

    @Override
    public String alphabet() {
        return OPEN + CLOSE + ">";
    }

    @Override
    public int longestAnswer() {
        return length;
    }

    /// Each bracket opens or closes with even chances, and opens where nothing is open; one at least stays
    /// open.
    @Override
    protected Question draw(Rng rng) {
        StringBuilder drawn = new StringBuilder();
        Deque<Character> open = new ArrayDeque<>();
        for (int i = 0; i < length; i++) {
            boolean closes = !open.isEmpty() && rng.index(2L * i, 2) == 0 && !(i == length - 1 && open.size() == 1);
            if (closes) {
                drawn.append(open.pop());
            } else {
                int kind = rng.index(2L * i + 1, OPEN.length());
                drawn.append(OPEN.charAt(kind));
                open.push(CLOSE.charAt(kind));
            }
        }
        StringBuilder answer = new StringBuilder();
        open.forEach(answer::append);
        return new Question(drawn.append('>').toString(), answer.toString());
    }

    /// Well formed are closing brackets only, at least one.
    @Override
    public Grade grade(Question question, String answer) {
        boolean wellFormed = !answer.isEmpty() && answer.chars().allMatch(c -> CLOSE.indexOf(c) >= 0);
        return new Grade(wellFormed, answer.equals(question.answer()));
    }
}
