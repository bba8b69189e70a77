package gradus.lessons.lab.prompt.sum;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.material.Lesson;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptedTogether;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.data.InstructionTask;
import gradus.lessons.prompt.method.SelfConsistency;
import gradus.lessons.prompt.method.Votes;
import gradus.train.rl.verifiable.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a model makes of questions without answers: chains of its own, of which some are kept to learn from.
final class OwnData {
    private static final String INSTRUCTION = "Give the remainder of the sum of the digits, divided by 5.";

    private final List<Question> questions;
    private final List<List<Outcome>> chains;

    private OwnData(List<Question> questions, List<List<Outcome>> chains) {
        this.questions = questions;
        this.chains = chains;
    }

    /// Draws n chains of each question.
    static OwnData of(TextModel model, List<Question> questions, int n, double temperature, long seed) {
        return new OwnData(
                questions,
                PromptedTogether.run(
                        model,
                        Asked.prompts(questions),
                        (same, question) -> SelfConsistency.counted(Rationale.chain(same, temperature, seed), n)
                                .chains(question)));
    }

    /// Which chains are kept.
    enum Filter {
        /// The first that has an answer, of every question.
        NONE("unfiltered"),
        /// The first whose answer has the votes of half of all chains or more: no answer needs to be known.
        VOTES("filtered by votes"),
        /// The first whose answer is right.
        VERIFIER("filtered by the right answer");

        private final String title;

        Filter(String title) {
            this.title = title;
        }

        /// In tables.
        String title() {
            return title;
        }
    }

    /// What is kept, of a question at most one chain, in the order of the questions.
    List<InstructionTask> kept(Filter filter) {
        List<InstructionTask> kept = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            Optional<String> wanted = wanted(filter, i);
            for (Outcome chain : chains.get(i)) {
                if (wanted.isPresent() && chain.answer().equals(wanted)) {
                    kept.add(task(questions.get(i), chain));
                    break;
                }
            }
        }
        return kept;
    }

    private Optional<String> wanted(Filter filter, int question) {
        List<Outcome> drawn = chains.get(question);
        return switch (filter) {
            case NONE ->
                drawn.stream().map(Outcome::answer).flatMap(Optional::stream).findFirst();
            case VERIFIER -> Optional.of(questions.get(question).answer());
            case VOTES -> {
                Votes votes = new Votes(drawn.stream()
                        .map(Outcome::answer)
                        .flatMap(Optional::stream)
                        .map(answer -> new Votes.Vote(answer, 1))
                        .toList());
                yield votes.winner().filter(winner -> 2 * votes.totals().get(winner) >= drawn.size());
            }
        };
    }

    private static InstructionTask task(Question question, Outcome chain) {
        String rationale = chain.thoughts().getFirst().text().strip();
        return new InstructionTask(INSTRUCTION, question.prompt(), rationale + "\n" + chain.answerOr(""), true);
    }

    /// What is learned of such a task.
    static Lesson lesson(InstructionTask task) {
        String[] lines = task.output().split("\n", -1);
        require(lines.length == 2, "a task of sums has a line of steps and one of the answer; got %s", lines.length);
        return Rationale.reasoned(task.input(), lines[0], lines[1]);
    }

    /// The share of tasks whose answer is right.
    static double right(List<InstructionTask> tasks) {
        return tasks.stream()
                        .filter(each -> each.output()
                                .endsWith("\n" + DigitSum.of(each.input()).answer()))
                        .count()
                / (double) tasks.size();
    }
}
