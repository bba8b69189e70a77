package gradus.lessons.lab.prompt.sum;

import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.PromptedTogether;
import gradus.lessons.prompt.TextModel;
import gradus.train.rl.verifiable.Question;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Questions put to a model by a way of prompting, and how many answers are right.
final class Asked {
    private Asked() {}

    /// The share of right answers.
    static double right(TextModel model, List<Question> questions, Function<TextModel, PromptMethod> method) {
        return right(questions, PromptedTogether.ask(model, prompts(questions), method));
    }

    /// That of greedy chains of thought.
    static double chains(TextModel model, List<Question> questions) {
        return right(model, questions, Rationale::chain);
    }

    static double right(List<Question> questions, List<Outcome> outcomes) {
        return IntStream.range(0, questions.size())
                        .filter(i -> outcomes.get(i)
                                .answerOr("")
                                .equals(questions.get(i).answer()))
                        .count()
                / (double) questions.size();
    }

    static List<String> prompts(List<Question> questions) {
        return questions.stream().map(Question::prompt).toList();
    }
}
