package gradus.lessons.prompt.autocot;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.demonstration.TaskForm;
import gradus.lessons.prompt.method.ChainOfThought;
import gradus.lessons.retrieve.embed.Embedder;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

/// Makes demonstrations of questions alone. The questions are embedded and divided into k clusters; of each,
/// the question nearest to the centre is taken whose rationale, by a chain of thought without demonstrations,
/// obeys the rules. Rationales may be wrong; as each demonstration comes from another cluster, wrong ones are
/// not all wrong in the same way. Zhang et al. 2022, *Automatic Chain of Thought Prompting in Large Language
/// Models*, arXiv:2210.03493.
/// ```java
/// AutoCot automatic = new AutoCot(embedder, new ZeroShotChain(model, number), 8, AutoCotRules.arithmetic(), 0);
/// List<Demonstration> shown = automatic.demonstrations(questions);
/// Outcome outcome = new FewShotChain(model, shown, number).ask(question);
/// ```
///
/// @param chain    without demonstrations; asked for one question after the other until one obeys the rules
/// @param clusters k: 8 in the paper, 4 for AQuA and last letters, 7 for CommonsenseQA, 6 for StrategyQA
/// @param seed     of the first centres
public record AutoCot(Embedder embedder, ChainOfThought chain, int clusters, AutoCotRules rules, long seed) {
    /// At most one for each cluster, in the order of the clusters; a cluster of which no question will do has
    /// none.
    ///
    /// @throws gradus.error.ConfigException if there are fewer questions than clusters
    public List<Demonstration> demonstrations(List<String> questions) {
        require(
                1 <= clusters && clusters <= questions.size(),
                "clusters must be 1 to %d, as many as there are questions; got %d",
                questions.size(),
                clusters);
        float[][] vectors = embedder.embed(questions); // (N, C)
        KMeans means = KMeans.of(vectors, clusters, Rng.of(seed).at("k-means"));
        List<Demonstration> all = new ArrayList<>();
        for (int c = 0; c < clusters; c++) {
            for (int i : means.nearestFirst(c, vectors)) {
                if (rules.allows(questions.get(i))) {
                    Outcome outcome = chain.ask(questions.get(i));
                    if (rules.allows(outcome)) {
                        String rationale =
                                TaskForm.line(outcome.thoughts().getFirst().text());
                        all.add(new Demonstration(
                                questions.get(i), rationale, outcome.answer().orElseThrow()));
                        break;
                    }
                }
            }
        }
        return all;
    }
}
