package gradus.train.rl.verifiable;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A task whose answers a program can check. One object gives examples to learn from, keeps others back, and
/// grades what a model answers.
///
/// Every question belongs either to training or to what is held out, forever: a hash of its text decides. So
/// what is held out was never trained on, whatever the seeds and numbers were.
public abstract class VerifiableTask {
    /// One question in so many is held out.
    public static final int HELD_OUT = 8;

    private static final int MOST_DRAWS = 1000; // for one question: of a sensible task, few are needed

    /// What identifies the task and its settings, such as `reversed-addition-3`.
    public abstract String name();

    /// Every character that occurs in questions and answers, each once.
    public abstract String alphabet();

    /// The most characters of an answer that can be right.
    public abstract int longestAnswer();

    /// Draws a question.
    ///
    /// @param rng random numbers of which any may be used
    protected abstract Question draw(Rng rng);

    /// Grades an answer, which may be any text.
    public abstract Grade grade(Question question, String answer);

    /// The training question of that number. The same numbers of `rng` give the same questions; one may come
    /// again under another number.
    public final Question question(Rng rng, long number) {
        return drawFrom(rng.at("train").at(number), false);
    }

    /// Different questions that training never asks.
    ///
    /// @param count how many
    /// @throws gradus.error.ConfigException if the task has fewer
    public final List<Question> heldOut(Rng rng, int count) {
        Set<String> seen = new HashSet<>();
        List<Question> questions = new ArrayList<>();
        long tries = 20L * count + MOST_DRAWS;
        for (long number = 0; questions.size() < count; number++) {
            require(
                    number < tries,
                    "%s: %d different questions to hold out could not be found, only %d; ask for fewer",
                    name(),
                    count,
                    questions.size());
            Question question = drawFrom(rng.at("held out").at(number), true);
            if (seen.add(question.prompt())) {
                questions.add(question);
            }
        }
        return questions;
    }

    private Question drawFrom(Rng rng, boolean heldOut) {
        for (int draw = 0; draw < MOST_DRAWS; draw++) {
            Question question = draw(rng.at(draw));
            if (isHeldOut(question) == heldOut) {
                return question;
            }
        }
        require(
                false,
                "%s: %d questions were drawn, and %s of them is held out: the task has too few",
                name(),
                MOST_DRAWS,
                heldOut ? "none" : "each");
        throw new AssertionError();
    }

    /// Whether a question is never trained on.
    public final boolean isHeldOut(Question question) {
        long hash = 0;
        for (byte each : question.prompt().getBytes(StandardCharsets.UTF_8)) {
            hash = Rng.mix(hash + each + Rng.GAMMA);
        }
        return Long.remainderUnsigned(hash, HELD_OUT) == 0;
    }

    @Override
    public final String toString() {
        return name();
    }
}
