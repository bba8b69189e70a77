package gradus.lessons.lab.rules;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/// The tests, asked to models that are programs: one that reads, one that repeats, one that stops after two hops.
class RuleExamTest {
    private static final RuleWorld WORLD = RuleWorld.of(16, 8, Rng.of(1));
    private static final Compositions COMPOSITIONS = Compositions.of(16, 8, Rng.of(2));
    private static final RuleQuestions QUESTIONS = RuleQuestions.of(WORLD, COMPOSITIONS, 60, Rng.of(3));

    /// What a program writes behind a context and a question.
    private static final class Program extends LanguageModel {
        private final Language language;
        private final BiFunction<List<Rule>, Chain, List<Integer>> answer;

        Program(Language language, BiFunction<List<Rule>, Chain, List<Integer>> answer) {
            super(language.vocabulary(), 96);
            this.language = language;
            this.answer = answer;
        }

        @Override
        public Tensor embed(Indices ids, KvCaches caches) {
            int rows = ids.shape().dim(0);
            int time = ids.shape().dim(1);
            float[] logits = new float[rows * time * vocabSize()];
            for (int r = 0; r < rows; r++) {
                List<Integer> row = new ArrayList<>();
                for (int t = 0; t < time; t++) {
                    row.add(ids.get(r * time + t));
                }
                logits[(r * time + time - 1) * vocabSize() + next(row)] = 1;
            }
            return Tensor.of(logits, rows, time, vocabSize());
        }

        private int next(List<Integer> row) {
            int equals = row.indexOf(language.equals());
            int rules = 0; // a rule has a symbol, a function and a symbol; a question no symbol behind its functions
            while (row.get(3 * rules + 2) < language.symbols()) {
                rules++;
            }
            List<Rule> context = new ArrayList<>();
            for (int i = 0; i < rules; i++) {
                context.add(new Rule(row.get(3 * i), row.get(3 * i + 1) - language.symbols(), row.get(3 * i + 2)));
            }
            List<Integer> functions = row.subList(3 * rules + 1, equals).stream()
                    .map(each -> each - language.symbols())
                    .toList();
            List<Integer> whole = answer.apply(context, new Chain(row.get(3 * rules), functions));
            int written = row.size() - equals - 1;
            return written < whole.size() ? whole.get(written) : 0;
        }

        @Override
        public Tensor states(Tensor x, KvCaches caches) {
            return x;
        }

        @Override
        public Tensor logits(Tensor states) {
            return states;
        }
    }

    private static RuleExam exam(boolean steps, BiFunction<List<Rule>, Chain, int[]> path) {
        Language language = new Language(16, 8, steps);
        return new RuleExam(
                new Program(language, (context, chain) -> language.answer(chain, path.apply(context, chain))),
                language);
    }

    private static int[] reads(List<Rule> context, Chain chain) {
        return context.isEmpty() ? new int[chain.hops() + 1] : new RuleContext(context).path(chain);
    }

    @Test
    void whoReadsIsRightBehindAContextAndFollowsIt() {
        for (boolean steps : new boolean[] {false, true}) {
            RuleExam exam = exam(steps, RuleExamTest::reads);
            assertThat(exam.right(QUESTIONS.renamed())).isEqualTo(1);
            assertThat(exam.right(QUESTIONS.renamedMore())).isEqualTo(1);
            assertThat(exam.right(QUESTIONS.shown())).isEqualTo(1);
            assertThat(exam.right(QUESTIONS.contradicted())).isEqualTo(1);
            assertThat(exam.right(QUESTIONS.trained())).isZero();
            assertThat(exam.right(QUESTIONS.heldOut())).isLessThan(0.3);
        }
    }

    @Test
    void whoKnowsTheFixedWorldIsRightInItAndFollowsNoContext() {
        for (boolean steps : new boolean[] {false, true}) {
            RuleExam exam = exam(steps, (context, chain) -> WORLD.path(chain));
            assertThat(exam.right(QUESTIONS.single())).isEqualTo(1);
            assertThat(exam.right(QUESTIONS.seen())).isEqualTo(1);
            assertThat(exam.right(QUESTIONS.heldOut())).isEqualTo(1);
            assertThat(exam.right(QUESTIONS.longer())).isEqualTo(1);
            assertThat(exam.right(QUESTIONS.shown())).isEqualTo(1);
            assertThat(exam.right(QUESTIONS.trained())).isEqualTo(1);
            assertThat(exam.right(QUESTIONS.contradicted())).isZero();
            assertThat(exam.right(QUESTIONS.renamed())).isLessThan(0.3);
            assertThat(RulesRecipe.gap(exam, QUESTIONS, WORLD)).isZero();
        }
    }

    /// Knows single rules, and of the compositions those alone that were trained.
    @Test
    void whoRepeatsHasAGap() {
        RuleExam exam = exam(false, (context, chain) -> {
            int[] path = WORLD.path(chain);
            if (COMPOSITIONS.heldOut().contains(chain)) {
                path[2] = (path[2] + 1) % 16;
            }
            return path;
        });
        assertThat(exam.right(QUESTIONS.seen())).isEqualTo(1);
        assertThat(exam.right(QUESTIONS.heldOut())).isZero();
        assertThat(RulesRecipe.gap(exam, QUESTIONS, WORLD)).isEqualTo(1);
        RuleExam ignorant = exam(false, (context, chain) -> new int[] {0, (WORLD.path(chain)[1] + 1) % 16});
        assertThat(RulesRecipe.gap(ignorant, QUESTIONS, WORLD)).isNaN();
    }

    @Test
    void whoStopsAfterTwoHopsSaysTheirResult() {
        Language language = new Language(16, 8, true);
        RuleExam exam = new RuleExam(
                new Program(language, (context, chain) -> {
                    Chain two = new Chain(chain.start(), chain.functions().subList(0, 2));
                    return language.answer(
                            two, context.isEmpty() ? WORLD.path(two) : new RuleContext(context).path(two));
                }),
                language);
        assertThat(exam.right(QUESTIONS.stopped())).isEqualTo(1);
        assertThat(exam.right(QUESTIONS.renamedStopped())).isEqualTo(1);
        assertThat(exam.right(QUESTIONS.longer())).isLessThan(0.3);
    }

    /// Of the contexts whose results stand elsewhere a reader says what they say now.
    @Test
    void resultsAtOtherRulesAnswerDifferently() {
        RuleExam exam = exam(false, (context, chain) -> {
            try {
                return new RuleContext(context).path(chain);
            } catch (IllegalArgumentException none) {
                return new int[3];
            }
        });
        assertThat(exam.right(QUESTIONS.rotated())).isLessThan(0.4);
        assertThat(RuleQuestions.chance(QUESTIONS.renamed())).isBetween(1 / 6.0, 0.3);
        assertThat(QUESTIONS.rotated()).hasSize(60).doesNotContainAnyElementsOf(QUESTIONS.renamed());
    }
}
