package gradus.lessons.retrieve.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.ReciprocalRankFusion;
import gradus.lessons.retrieve.search.Retriever;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QueryTransformsTest {
    @Test
    void rewriting() {
        ScriptedModel model = ScriptedModel.inOrder("  large cats\n with stripes \n", " \n");
        Rewriting rewriting = new Rewriting(model);
        assertThat(rewriting.queries("Please, what are\nthose big cats?")).containsExactly("large cats with stripes");
        assertThat(model.prompts().getFirst())
                .startsWith("Rewrite the question")
                .endsWith("\n\nQuestion: Please, what are those big cats?\n");
        assertThat(rewriting.queries("What?")).as("no answer").containsExactly("What?");
    }

    @Test
    void multiQuery() {
        ScriptedModel model = ScriptedModel.inOrder("1. A b?\n2) What?\n- C?\n\n* A  b?\nD?\nE?", "");
        assertThat(new MultiQuery(model, 3).queries("What?")).containsExactly("What?", "A b?", "C?", "D?");
        assertThat(model.prompts().getFirst()).startsWith("Write 3 other questions");
        assertThat(new MultiQuery(model, 3).queries("What?")).containsExactly("What?");
        assertThatThrownBy(() -> new MultiQuery(model, 0)).isInstanceOf(ConfigException.class);
    }

    @Test
    void hypotheticalDocumentAndStepBack() {
        ScriptedModel model = ScriptedModel.inOrder("Tigers have stripes.", "What do cats look like?\nmore");
        assertThat(new HypotheticalDocument(model).queries("What has a tiger?"))
                .containsExactly("Tigers have stripes.");
        assertThat(new StepBack(model).queries("What has a tiger?"))
                .containsExactly("What has a tiger?", "What do cats look like?");
        assertThat(QueryTransform.asIs().queries("q")).containsExactly("q");
    }

    /// Whatever a model says: at least one query, none empty, none twice, the question first where it is kept.
    @Property(tries = 200)
    void anyAnswerGivesQueries(@ForAll String answer, @ForAll @IntRange(min = 1, max = 4) int count) {
        for (QueryTransform each : List.of(
                new Rewriting(ScriptedModel.inOrder(answer)),
                new MultiQuery(ScriptedModel.inOrder(answer), count),
                new HypotheticalDocument(ScriptedModel.inOrder(answer)),
                new StepBack(ScriptedModel.inOrder(answer)))) {
            List<String> queries = each.queries("q?");
            assertThat(queries).isNotEmpty().doesNotHaveDuplicates().noneMatch(String::isBlank);
            assertThat(queries).allMatch(query -> query.lines().count() == 1);
            assertThat(queries.size()).isLessThanOrEqualTo(1 + count);
        }
    }

    /// Each query is asked once, and the rankings are fused by their ranks.
    @Test
    void severalQueriesAreFused() {
        List<String> asked = new ArrayList<>();
        Retriever words = (query, k, filter) -> {
            asked.add(query);
            return query.equals("a")
                    ? List.of(new Hit("x", 9), new Hit("y", 8))
                    : List.of(new Hit("y", 0.2), new Hit("z", 0.1));
        };
        TransformedRetriever both =
                new TransformedRetriever(words, question -> List.of("a", "b"), new ReciprocalRankFusion());
        List<Hit> hits = both.search("q", 2);
        assertThat(asked).containsExactly("a", "b");
        assertThat(Hit.ids(hits)).containsExactly("y", "x");
        assertThat(hits.getFirst().score()).isEqualTo(1.0 / 62 + 1.0 / 61);
        TransformedRetriever one = new TransformedRetriever(words, QueryTransform.asIs(), new ReciprocalRankFusion());
        assertThat(one.search("a", 5)).isEqualTo(words.search("a", 5));
        assertThatThrownBy(() -> both.search("q", 0)).isInstanceOf(ConfigException.class);
    }
}
