package gradus.lessons.prompt.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Exchange;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.RecordedModel;
import gradus.lessons.prompt.Scorer;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.TinyChat;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.method.Votes.Vote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SelfConsistencyTest {
    private static final AnswerExtractor NUMBER = AnswerExtractor.number();
    private static final CompletionOptions HOT =
            CompletionOptions.defaults().withTemperature(0.7).withSeed(5).withMaxTokens(12);

    private static FewShotChain chain(TextModel model) {
        return new FewShotChain(model, Legs.SHOWN, NUMBER).withOptions(HOT);
    }

    /// With one chain it is the chain: the same prompts with the same options, the same answer; also of a real
    /// model.
    @Test
    void oneChainIsTheChain() {
        for (TextModel model : List.<TextModel>of(
                ScriptedModel.empty().when(prompt -> true, "4. The answer is 12."),
                LocalModel.chat(TinyChat.model(600)))) {
            RecordedModel alone = new RecordedModel(model);
            RecordedModel voted = new RecordedModel(model);
            Outcome expected = chain(alone).ask(Legs.QUESTION);
            Outcome outcome = SelfConsistency.counted(chain(voted), 1).ask(Legs.QUESTION);
            assertThat(outcome.answer()).isEqualTo(expected.answer());
            assertThat(voted.transcript()).isEqualTo(alone.transcript()).hasSize(1);
            assertThat(outcome.thoughts().getFirst().text())
                    .isEqualTo(expected.thoughts().getFirst().text());
        }
    }

    @Test
    void mostVotesWinAndEmptyChainsHaveNone() {
        ScriptedModel model = ScriptedModel.inOrder(
                "The answer is 10.", "The answer is 12.", "nothing", "The answer is 12.0.", "The answer is 10.", "12");
        Outcome outcome = SelfConsistency.counted(chain(model), 4).ask(Legs.QUESTION);
        assertThat(outcome.answer()).contains("12");
        assertThat(outcome.thoughts().getLast().text()).isEqualTo("10: 1\n12: 2\n");
        assertThat(outcome.thoughts().getFirst().name()).isEqualTo("chain 1, rationale");
        assertThat(model.transcript().stream().map(each -> each.options().seed()))
                .doesNotHaveDuplicates();
        Outcome nothing = SelfConsistency.counted(chain(ScriptedModel.inOrder("a", "b")), 2)
                .ask("x");
        assertThat(nothing.answer()).isEmpty();
        assertThat(nothing.thoughts().getLast().text()).isEqualTo("none");
    }

    @Test
    void ofEqualAnswersTheFirstSeenWins() {
        assertThat(votes("b", "a", "a", "b").winner()).contains("b");
        assertThat(votes("a", "b", "b", "a").winner()).contains("a");
        assertThat(new Votes(List.of()).winner()).isEqualTo(Optional.empty());
    }

    private static Votes votes(String... answers) {
        return new Votes(
                List.of(answers).stream().map(each -> new Vote(each, 1)).toList());
    }

    /// The order of votes changes no sum, bit for bit, and no winner but between equal ones.
    @Property(tries = 200)
    void theOrderOfVotesDoesNotMatter(
            @ForAll @Size(min = 1, max = 12) List<@CharRange(from = 'a', to = 'd') @StringLength(1) String> answers,
            @ForAll @Size(value = 12) List<@DoubleRange(min = 0, max = 1) Double> weights,
            @ForAll int seed) {
        List<Vote> votes = new ArrayList<>(IntStream.range(0, answers.size())
                .mapToObj(i -> new Vote(answers.get(i), weights.get(i)))
                .toList());
        Votes before = new Votes(votes);
        Collections.shuffle(votes, new Random(seed));
        Votes after = new Votes(votes);
        assertThat(after.totals()).isEqualTo(before.totals());
        double most = Collections.max(before.totals().values());
        assertThat(before.totals().get(before.winner().orElseThrow())).isEqualTo(most);
        assertThat(after.totals().get(after.winner().orElseThrow())).isEqualTo(most);
        // the oracle: the first answer of all with the greatest sum, by plain loops
        String expected = null;
        double best = -1;
        for (Vote vote : after.votes()) {
            double sum = after.votes().stream()
                    .filter(each -> each.answer().equals(vote.answer()))
                    .mapToDouble(Vote::weight)
                    .sorted()
                    .sum();
            if (sum > best + 1e-12) { // sums of up to 12 numbers below 1 differ by less when merely rounded
                best = sum;
                expected = vote.answer();
            }
        }
        assertThat(after.totals().get(after.winner().orElseThrow()))
                .isCloseTo(after.totals().get(expected), within(1e-12));
    }

    /// A likely chain can outweigh two unlikely ones: exp of the mean log-probability.
    @Test
    void weightedByLikelihood() {
        ScriptedModel model = ScriptedModel.inOrder("The answer is 1.", "The answer is 2.", "The answer is 2.")
                .scoring((prompt, text) -> text.contains("1") ? new double[] {-0.1, -0.3} : new double[] {-2, -1, -3});
        SelfConsistency weighted = SelfConsistency.weighted(chain(model), 3, model);
        List<Outcome> chains = weighted.chains("x");
        assertThat(weighted.votes(chains).totals().get("1")).isCloseTo(Math.exp(-0.2), within(1e-15));
        assertThat(weighted.votes(chains).totals().get("2")).isCloseTo(2 * Math.exp(-2), within(1e-15));
        assertThat(weighted.votes(chains).winner()).contains("1");
        assertThat(SelfConsistency.counted(chain(model), 3).votes(chains).winner())
                .contains("2");
    }

    @Test
    void aModelThatDoesNotScoreIsRefused() {
        assertThatThrownBy(() -> SelfConsistency.weighted(chain(Legs.model()), 3, Legs.model()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the model does not say how likely a text is");
        assertThatThrownBy(() -> SelfConsistency.counted(chain(Legs.model()), 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("n, the number of chains, must be at least 1; got 0");
    }

    /// A transcript runs again without the model, to the same end; anything else it refuses.
    @Property(tries = 200)
    void transcriptsReplay(@ForAll @Size(min = 1, max = 6) List<@IntRange(max = 3) Integer> answers) {
        ScriptedModel script = ScriptedModel.empty();
        answers.forEach(each -> script.then("The answer is " + each + "."));
        RecordedModel recorded = new RecordedModel(script);
        Outcome first = SelfConsistency.counted(chain(recorded), answers.size()).ask("x");
        List<Exchange> transcript = new ArrayList<>(recorded.transcript());
        assertThat(SelfConsistency.counted(chain(RecordedModel.replay(transcript)), answers.size())
                        .ask("x"))
                .isEqualTo(first);
        TextModel again = RecordedModel.replay(transcript);
        SelfConsistency.counted(chain(again), answers.size()).ask("x");
        assertThatThrownBy(() -> SelfConsistency.counted(chain(again), 1).ask("x"))
                .isInstanceOf(ConfigException.class); // every answer was given
        assertThatThrownBy(() ->
                        SelfConsistency.counted(chain(again), answers.size()).ask("y"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the transcript has no (further) answer to: ");
    }

    /// Each chain is weighed before the next is drawn, and what cannot be weighed says which it is.
    @Test
    void aChainThatCannotBeWeighed() {
        Scorer full = (prompt, text) -> {
            throw new ConfigException("too long");
        };
        ScriptedModel model =
                ScriptedModel.inOrder("The answer is 1.", "The answer is 2.").scoring(full);
        assertThatThrownBy(
                        () -> SelfConsistency.weighted(chain(model), 2, model).ask("x"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("chain 1, step rationale cannot be weighed: too long");
        assertThat(model.prompts()).hasSize(1);
    }
}
