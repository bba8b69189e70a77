package gradus.lessons.lab.rules;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.lab.rules.RuleData.Kind;
import gradus.tensor.random.Rng;
import gradus.train.task.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a batch says, read back token by token.
class RuleDataTest {
    private static final int SYMBOLS = 9;
    private static final int FUNCTIONS = 5;
    private static final int EQUALS = SYMBOLS + FUNCTIONS;
    private static final int END = EQUALS + 1;
    private static final RuleWorld WORLD = RuleWorld.of(SYMBOLS, FUNCTIONS, Rng.of(4));
    private static final Compositions COMPOSITIONS = Compositions.of(SYMBOLS, FUNCTIONS, Rng.of(5));

    /// A question that was read.
    private record Read(List<Rule> context, Chain chain, List<Integer> answer) {}

    private static List<Read> read(Batch batch, int rules) {
        int time = batch.inputs().shape().dim(1);
        int rows = batch.inputs().shape().dim(0);
        List<Read> all = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            List<Integer> tokens = new ArrayList<>();
            for (int t = 0; t < time; t++) {
                tokens.add(batch.inputs().get(r * time + t));
            }
            // the last token stands among the targets alone
            int last = batch.targets().get(r * time + time - 1);
            tokens.add(last < 0 ? END : last);
            List<Rule> context = new ArrayList<>();
            int at = 0;
            for (; at < 3 * rules; at += 3) {
                context.add(new Rule(tokens.get(at), tokens.get(at + 1) - SYMBOLS, tokens.get(at + 2)));
            }
            while (at < tokens.size() && tokens.get(at) != END) {
                int start = tokens.get(at++);
                List<Integer> functions = new ArrayList<>();
                while (tokens.get(at) != EQUALS) {
                    assertThat(batch.targets().get(r * time + at - 1)).isEqualTo(-100);
                    functions.add(tokens.get(at++) - SYMBOLS);
                }
                List<Integer> answer = new ArrayList<>();
                do {
                    at++;
                    assertThat(batch.targets().get(r * time + at - 1)).isEqualTo(tokens.get(at));
                    answer.add(tokens.get(at));
                } while (tokens.get(at) != END);
                at++;
                all.add(new Read(context, new Chain(start, functions), answer));
            }
        }
        return all;
    }

    private static RuleData data(Kind kind, boolean steps) {
        return new RuleData(kind, WORLD, new Language(SYMBOLS, FUNCTIONS, steps), COMPOSITIONS.few(), 64);
    }

    private static List<List<Read>> batches(Kind kind, boolean steps) {
        List<List<Read>> all = new ArrayList<>();
        for (Batch batch : data(kind, steps).batches(Rng.of(6))) {
            int time = batch.inputs().shape().dim(1);
            all.add(read(batch, time > 20 ? 6 : 0));
        }
        return all;
    }

    private static List<Integer> answer(boolean steps, Chain chain, int... path) {
        List<Integer> answer = new ArrayList<>();
        if (steps) {
            answer.add(chain.start());
            for (int i = 0; i < chain.functions().size(); i++) {
                answer.add(SYMBOLS + chain.functions().get(i));
                answer.add(path[i + 1]);
            }
        } else {
            answer.add(path[path.length - 1]);
        }
        answer.add(END);
        return answer;
    }

    @Test
    void theFixedWorldIsAskedWithItsRulesAndWithoutAndOnlyWhatIsTrained() {
        Set<Chain> trained = new HashSet<>(COMPOSITIONS.few());
        for (boolean steps : new boolean[] {false, true}) {
            List<List<Read>> batches = batches(Kind.FIXED, steps);
            assertThat(batches).hasSize(2);
            assertThat(batches.get(0)).hasSize(32).allMatch(read -> read.context.isEmpty());
            assertThat(batches.get(1)).hasSize(32).allMatch(read -> read.context.size() == 6);
            for (List<Read> batch : batches) {
                assertThat(batch.stream().map(read -> read.chain.hops()).distinct())
                        .containsExactlyInAnyOrder(1, 2);
                for (Read read : batch) {
                    assertThat(read.chain.hops() == 1 || trained.contains(read.chain))
                            .isTrue();
                    assertThat(read.answer).isEqualTo(answer(steps, read.chain, WORLD.path(read.chain)));
                    assertThat(read.context)
                            .allMatch(rule -> WORLD.tables()[rule.function()][rule.symbol()] == rule.result());
                }
            }
        }
    }

    @Test
    void freshWorldsAreInTheContextAlone() {
        List<List<Read>> fresh = batches(Kind.FRESH, true);
        assertThat(fresh).hasSize(1);
        assertThat(fresh.getFirst()).hasSize(64);
        List<List<Read>> mixture = batches(Kind.MIXTURE, true);
        assertThat(mixture.get(0))
                .hasSize(32)
                .allMatch(read -> read.answer.equals(answer(true, read.chain, WORLD.path(read.chain))));
        for (Read read : mixture.get(1)) {
            assertThat(read.answer).isEqualTo(answer(true, read.chain, new RuleContext(read.context).path(read.chain)));
        }
        Set<List<Rule>> contexts = new HashSet<>();
        long true_ = 0;
        for (Read read : fresh.getFirst()) {
            contexts.add(read.context);
            assertThat(read.answer).isEqualTo(answer(true, read.chain, new RuleContext(read.context).path(read.chain)));
            true_ += read.context.stream()
                    .filter(rule -> WORLD.tables()[rule.function()][rule.symbol()] == rule.result())
                    .count();
        }
        assertThat(contexts).hasSize(16);
        assertThat(true_ / (64 * 6.0)).isLessThan(0.3); // by chance a ninth
    }

    @Test
    void answersDrawnAtRandomAreAlwaysTheSameAndHaveNothingToDoWithTheRules() {
        Map<Chain, List<Integer>> answers = new HashMap<>();
        int right = 0;
        int asked = 0;
        for (int step = 0; step < 40; step++) {
            List<Batch> batches = data(Kind.SHUFFLED, false).batches(Rng.of(step));
            assertThat(batches).hasSize(1);
            for (Read read : read(batches.getFirst(), 0)) {
                List<Integer> before = answers.putIfAbsent(read.chain, read.answer);
                assertThat(before == null || before.equals(read.answer)).isTrue();
                boolean same = read.answer.equals(answer(false, read.chain, WORLD.path(read.chain)));
                assertThat(same || read.chain.hops() == 2).isTrue();
                if (before == null && read.chain.hops() == 2) {
                    asked++;
                    right += same ? 1 : 0;
                }
            }
        }
        assertThat(asked).isGreaterThan(40);
        assertThat((double) right / asked).isLessThan(0.35); // by chance a ninth
    }

    @Test
    void anAnswerIsTheSymbolBeforeItsEnd() {
        Language language = new Language(3, 2, true);
        assertThat(language.said(0, 3, 2, language.end())).isEqualTo(2);
        assertThat(language.said(2, language.end(), 1, language.end())).isEqualTo(2);
        assertThat(language.said(0, 3, language.end(), 1)).isEqualTo(-1); // a function
        assertThat(language.said(0, 1, 2)).isEqualTo(-1); // no end
        assertThat(language.said(language.end(), 1)).isEqualTo(-1);
        assertThat(language.answerLength(3))
                .isEqualTo(language.answer(Chain.of(0, 0, 1, 0), 0, 1, 2, 0).size());
        assertThat(new Language(3, 2, false).answerLength(3)).isEqualTo(2);
    }
}
