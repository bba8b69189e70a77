package gradus.lessons.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.method.SelfConsistency;
import gradus.lessons.prompt.method.ZeroShotChain;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.run.SavedModel;
import gradus.train.run.text.ModelText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromptedTogetherTest {
    private static final List<String> QUESTIONS = List.of("a", "bb", "ccc", "dddd", "eeeee");

    /// Answers with the length of the prompt and the seed, and counts the requests of every call.
    private static final class Counting implements TextModel {
        private final List<Integer> calls = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();

        @Override
        public String complete(String prompt, CompletionOptions options) {
            if (prompt.contains("!")) {
                throw new ConfigException("refused: " + prompt);
            }
            return " " + prompt.length() + options.seed() % 10;
        }

        @Override
        public List<String> complete(List<CompletionRequest> requests) {
            calls.add(requests.size());
            threads.add(Thread.currentThread());
            return TextModel.super.complete(requests);
        }
    }

    private static ZeroShotChain chain(TextModel model) {
        return new ZeroShotChain(model, AnswerExtractor.number());
    }

    @Test
    void theStepsOfAllQuestionsAreOneCall() {
        Counting model = new Counting();
        List<Outcome> together = PromptedTogether.ask(model, QUESTIONS, PromptedTogetherTest::chain);
        assertThat(together)
                .isEqualTo(QUESTIONS.stream()
                        .map(each -> chain(new Counting()).ask(each))
                        .toList());
        assertThat(model.calls).containsExactly(5, 5);
        assertThat(model.threads).containsOnly(Thread.currentThread());
    }

    @Test
    void questionsMayAskDifferentlyOften() {
        Counting model = new Counting();
        List<Integer> steps = PromptedTogether.run(model, QUESTIONS, (same, question) -> {
            for (int i = 0; i < question.length(); i++) {
                same.complete(question);
            }
            return question.length();
        });
        assertThat(steps).containsExactly(1, 2, 3, 4, 5);
        assertThat(model.calls).containsExactly(5, 4, 3, 2, 1);
    }

    @Test
    void aRefusalIsThatOfItsOwnQuestion() {
        List<String> answers = PromptedTogether.run(new Counting(), List.of("a", "b!", "c"), (same, question) -> {
            try {
                return same.complete(question);
            } catch (ConfigException refused) {
                return refused.getMessage();
            }
        });
        assertThat(answers).containsExactly(" 10", "refused: b!", " 10");
        assertThatThrownBy(() ->
                        PromptedTogether.ask(new Counting(), List.of("a", "b!", "c!"), PromptedTogetherTest::chain))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("b!");
        assertThatThrownBy(() -> PromptedTogether.run(new Counting(), QUESTIONS, (same, question) -> {
                    throw new AssertionError("broken");
                }))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void withoutQuestionsNothingIsAsked() {
        assertThat(PromptedTogether.ask(new Counting(), List.of(), PromptedTogetherTest::chain))
                .isEmpty();
    }

    private static TextModel random() {
        Tokenizer tokenizer = CharTokenizer.of("abcde:Q.\nA Ltshinkepby");
        Gpt gpt = new Gpt(
                new GptConfig(tokenizer.vocabularySize(), 64, 1, 2, 16, 0),
                Rng.of(5).at("model"));
        return LocalModel.plain(
                new SavedModel(gpt.eval(), ModelText.of(tokenizer), GenerationConfig.NONE, null, Set.of()));
    }

    /// Prompts of different lengths, seeds, temperatures and stops in one call: each text is its own.
    @Test
    void aLocalModelWritesTogetherWhatItWritesAlone() {
        TextModel model = random();
        List<CompletionRequest> requests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            CompletionOptions options = CompletionOptions.defaults()
                    .withMaxTokens(12)
                    .withSeed(i)
                    .withTemperature(i % 4 == 0 ? 0 : 1)
                    .withStop(i % 3 == 0 ? "c" : "\n");
            requests.add(new CompletionRequest("Q: " + "abcde".substring(i % 5), options));
        }
        List<String> alone = requests.stream()
                .map(each -> model.complete(each.prompt(), each.options()))
                .toList();
        assertThat(model.complete(requests)).isEqualTo(alone);
        assertThat(alone.stream().distinct().count()).isGreaterThan(20);
    }

    @Test
    void votesTogetherAreVotesAlone() {
        TextModel model = random();
        CompletionOptions hot =
                CompletionOptions.defaults().withMaxTokens(8).withTemperature(1).withSeed(3);
        List<List<Outcome>> together = PromptedTogether.run(
                model,
                List.of("ab", "cde"),
                (same, question) -> votes(same, hot).chains(question));
        assertThat(together)
                .containsExactly(
                        votes(model, hot).chains("ab"), votes(model, hot).chains("cde"));
    }

    private static SelfConsistency votes(TextModel model, CompletionOptions hot) {
        ZeroShotChain chain = new ZeroShotChain(model, "Lets", "thes", AnswerExtractor.whole(), hot);
        return SelfConsistency.counted(chain, 4);
    }
}
