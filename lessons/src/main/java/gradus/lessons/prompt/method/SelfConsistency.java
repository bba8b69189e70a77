package gradus.lessons.prompt.method;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.Scorer;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.Thought;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// Draws several chains of thought and takes the answer that most of them come to:
///
/// `argmax_a Σᵢ wᵢ · [aᵢ = a]`
///
/// with every wᵢ = 1, or, weighted, `wᵢ = exp(1/K Σₖ log p(tₖ))`, the geometric mean of the probabilities of
/// the tokens tₖ of chain i's text, taken apart anew and at temperature 1: the tokens that were drawn may have
/// been others, and the temperature that they were drawn with does not count. Chains without an answer have no
/// vote; of equal answers that which came first wins. Wang et al. 2022, *Self-Consistency Improves Chain of
/// Thought Reasoning in Language Models*, arXiv:2203.11171.
///
/// The first chain is drawn with the seed of the chain's own options, so that n = 1 is the chain itself; the
/// others with seeds made of that one.
///
/// @param chain  what is drawn; its temperature should be above 0, or all are the same
/// @param n      how many
/// @param scorer weighs the votes; empty to count them
public record SelfConsistency(ChainOfThought chain, int n, Optional<Scorer> scorer) implements PromptMethod {
    /// A usual temperature.
    public static final double TEMPERATURE = 0.7;

    /// @throws gradus.error.ConfigException unless n ≥ 1
    public SelfConsistency {
        require(n >= 1, "n, the number of chains, must be at least 1; got %d", n);
    }

    /// Every chain has one vote.
    public static SelfConsistency counted(ChainOfThought chain, int n) {
        return new SelfConsistency(chain, n, Optional.empty());
    }

    /// Chains count the more, the likelier the model finds them.
    ///
    /// @param model that of the chain
    /// @throws gradus.error.ConfigException if the model does not say how likely texts are
    public static SelfConsistency weighted(ChainOfThought chain, int n, TextModel model) {
        return new SelfConsistency(chain, n, Optional.of(Scorer.of(model)));
    }

    @Override
    public Outcome ask(String question) {
        List<Outcome> chains = new ArrayList<>();
        List<Votes.Vote> cast = new ArrayList<>();
        for (int i = 0; i < n; i++) { // each is weighed at once: what cannot be weighed is told before the next
            chains.add(draw(question, i));
            vote(chains, i).ifPresent(cast::add);
        }
        Votes votes = new Votes(cast);
        List<Thought> thoughts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            String prefix = "chain " + (i + 1) + ", ";
            chains.get(i).thoughts().forEach(each -> thoughts.add(each.under(prefix)));
        }
        StringBuilder counted = new StringBuilder();
        votes.totals()
                .forEach((answer, sum) -> counted.append(answer)
                        .append(": ")
                        .append(scorer.isPresent() ? String.format(Locale.ROOT, "%.3f", sum) : sum.intValue())
                        .append('\n'));
        thoughts.add(new Thought("votes", "", counted.isEmpty() ? "none" : counted.toString()));
        return new Outcome(votes.winner(), thoughts);
    }

    /// The chains, in the order in which they are drawn.
    public List<Outcome> chains(String question) {
        return IntStream.range(0, n).mapToObj(i -> draw(question, i)).toList();
    }

    private Outcome draw(String question, int i) {
        CompletionOptions options = chain.options();
        return chain.withOptions(options.withSeed(seed(options.seed(), i))).ask(question);
    }

    /// The votes of chains.
    ///
    /// @throws gradus.error.ConfigException naming chain and step, if prompt and text together are longer than
    ///     the model can see, so that it cannot say how likely the text is
    public Votes votes(List<Outcome> chains) {
        return new Votes(IntStream.range(0, chains.size())
                .mapToObj(i -> vote(chains, i))
                .flatMap(Optional::stream)
                .toList());
    }

    private Optional<Votes.Vote> vote(List<Outcome> chains, int i) {
        Outcome each = chains.get(i);
        return each.answer().map(answer -> new Votes.Vote(answer, weight("chain " + (i + 1), each)));
    }

    private double weight(String name, Outcome chain) {
        if (scorer.isEmpty()) {
            return 1;
        }
        double sum = 0;
        int count = 0;
        for (Thought each : chain.thoughts()) {
            if (each.isAsked()) {
                for (double log : logProbabilities(name, each)) {
                    sum += log;
                    count++;
                }
            }
        }
        return count == 0 ? 0 : Math.exp(sum / count);
    }

    private double[] logProbabilities(String name, Thought step) {
        try {
            return scorer.orElseThrow().logProbabilities(step.prompt(), step.text());
        } catch (ConfigException tooLong) {
            throw new ConfigException(
                    name + ", step " + step.name() + " cannot be weighed: " + tooLong.getMessage(), tooLong);
        }
    }

    private static long seed(long own, int i) {
        return i == 0 ? own : Rng.of(own).at("chains").bits(i);
    }
}
