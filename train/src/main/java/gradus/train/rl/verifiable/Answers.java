package gradus.train.rl.verifiable;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.rl.Completion;
import gradus.train.rl.Environment;
import gradus.train.rl.Problem;
import gradus.train.task.Examples;
import java.util.Arrays;
import java.util.List;

/// Questions of a [VerifiableTask] as tokens: problems to be trained on by reinforcement, examples to be
/// learned by heart, and problems held out to measure with.
public final class Answers implements Environment {
    /// Ends an answer where tokens are characters.
    public static final char END = '\n';

    private final VerifiableTask task;
    private final Tokenizer tokenizer;
    private final int end;
    private final Reward reward;
    private final Rng rng;
    private final List<Asked> heldOut;

    /// @param tokenizer spells questions and answers
    /// @param end       the token that ends an answer
    /// @param heldOut   how many questions to measure with
    /// @param rng       random numbers for the questions
    /// @throws gradus.error.ConfigException if the tokenizer has no such token, or the task has too few
    ///     questions
    public Answers(VerifiableTask task, Tokenizer tokenizer, int end, Reward reward, int heldOut, Rng rng) {
        require(
                task != null && tokenizer != null && reward != null && rng != null,
                "answers: a task, a tokenizer, a reward and random numbers must be given");
        require(tokenizer.hasToken(end), "answers: the tokenizer has no token %d to end an answer", end);
        require(heldOut >= 0, "answers: heldOut must be at least 0; got %d", heldOut);
        this.task = task;
        this.tokenizer = tokenizer;
        this.end = end;
        this.reward = reward;
        this.rng = rng;
        this.heldOut = task.heldOut(rng, heldOut).stream().map(Asked::new).toList();
    }

    /// The same where tokens are characters, with [#END] among them.
    public static Answers ofCharacters(VerifiableTask task, Reward reward, int heldOut, Rng rng) {
        Tokenizer characters = CharTokenizer.of(task.alphabet() + END);
        return new Answers(task, characters, characters.tokenToId(Character.toString(END)), reward, heldOut, rng);
    }

    /// A question, asked in tokens.
    public final class Asked implements Problem {
        private final Question question;
        private final int[] prompt;

        private Asked(Question question) {
            this.question = question;
            this.prompt = tokenizer.encode(question.prompt());
        }

        /// The question.
        public Question question() {
            return question;
        }

        @Override
        public int[] prompt() {
            return prompt.clone();
        }

        /// The grade of a completion.
        public Grade grade(Completion completion) {
            return completion.ended() ? task.grade(question, text(completion)) : Grade.NOTHING;
        }

        private String text(Completion completion) {
            return tokenizer.decode(completion.answer());
        }

        /// @throws NumericException if it is NaN or infinite
        @Override
        public double reward(Completion completion) {
            String text = text(completion);
            double paid = reward.of(question, text, task.grade(question, text), completion.ended());
            if (!Double.isFinite(paid)) {
                throw new NumericException("%s: the reward of \"%s\" for the prompt \"%s\" is %s"
                        .formatted(task, text, question.prompt(), paid));
            }
            return paid;
        }

        @Override
        public String toString() {
            return "\"%s\"".formatted(question.prompt());
        }
    }

    @Override
    public Asked problem(long number) {
        return new Asked(task.question(rng, number));
    }

    @Override
    public List<Asked> heldOut() {
        return heldOut;
    }

    @Override
    public int end() {
        return end;
    }

    /// The task.
    public VerifiableTask task() {
        return task;
    }

    /// The tokenizer.
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// The most tokens of a right answer whose tokens are characters, with the end.
    public int longestCompletion() {
        return task.longestAnswer() + 1;
    }

    /// Right answers to the training questions of some numbers, of which the prompts are read and the answers,
    /// with their ends, are learned: for [gradus.train.task.InstructionTuning].
    public Examples examples(long from, int count) {
        Examples examples = new Examples();
        for (long number = from; number < from + count; number++) {
            add(examples, problem(number));
        }
        return examples;
    }

    private void add(Examples examples, Asked asked) {
        int[] answer = tokenizer.encode(asked.question.answer());
        int[] ids = Arrays.copyOf(asked.prompt, asked.prompt.length + answer.length + 1);
        System.arraycopy(answer, 0, ids, asked.prompt.length, answer.length);
        ids[ids.length - 1] = end;
        boolean[] learned = new boolean[ids.length];
        Arrays.fill(learned, asked.prompt.length, ids.length, true);
        examples.add(ids, learned);
    }

    @Override
    public String fingerprint() {
        return "%s %s %s %s %s".formatted(task, end, reward.fingerprint(), heldOut.size(), Long.toHexString(rng.key()));
    }

    /// Without the reward.
    @Override
    public String formerFingerprint() {
        return "%s %s %s %s".formatted(task, end, heldOut.size(), Long.toHexString(rng.key()));
    }
}
