package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Lets a model complete prompts, all of them at once with a cache of keys and values, and notes how probable
/// each token was. These are the samples that reinforcement learning learns from.
///
/// The log-probability that is noted is that of the distribution from which the token was drawn, after
/// temperature, top-k, top-p and the like. The ratio of [gradus.layers.loss] compares it with that of the model
/// later on, so training draws with a temperature only, which it can apply to the later one too; a truncated
/// distribution would make the ratio differ from 1 although nothing has changed.
public final class Rollouts {
    private final LanguageModel model;
    private final Sampling sampling;
    private final int end;
    private final int limit;

    /// @param end   the token that ends a text
    /// @param limit the most tokens to draw for a completion
    /// @throws gradus.error.ConfigException if the limit is below 1, or the model does not know the end token
    public Rollouts(LanguageModel model, Sampling sampling, int end, int limit) {
        require(model != null && sampling != null, "rollouts: a model and a sampling must be given; got null");
        require(
                end >= 0 && end < model.vocabSize(),
                "rollouts: the token that ends a text must be in the vocabulary 0..%d; got %d",
                model.vocabSize() - 1,
                end);
        require(limit >= 1, "rollouts: maxCompletionLength must be at least 1; got %d", limit);
        this.model = model;
        this.sampling = sampling;
        this.end = end;
        this.limit = limit;
    }

    /// One completion of each prompt. The prompts may differ in length. Completion i is the same as if prompt i
    /// were completed alone with `rng.at(i)`, up to rounding.
    ///
    /// @throws gradus.error.ConfigException if a prompt is empty, has unknown tokens, or leaves less room in
    ///     the context than the limit
    public List<Completion> of(List<int[]> prompts, Rng rng) {
        for (int[] prompt : prompts) {
            require(
                    prompt.length <= model.context() - limit,
                    "rollouts: a prompt of %d tokens and maxCompletionLength %d do not fit in the context of %d",
                    prompt.length,
                    limit,
                    model.context());
        }
        double[][] logProbabilities = new double[prompts.size()][limit];
        int[] drawn = new int[prompts.size()];
        int[][] tokens = new Generator(model, sampling).generate(prompts, limit, rng, (text, token, logP) -> {
            logProbabilities[text][drawn[text]++] = logP;
            return token != end;
        });
        List<Completion> completions = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            int[] own = tokens[i];
            completions.add(
                    new Completion(own, Arrays.copyOf(logProbabilities[i], own.length), own[own.length - 1] == end));
        }
        return completions;
    }

    /// Several completions of each prompt: those of prompt i are the results i·G … i·G + G - 1.
    ///
    /// @param group G
    public List<Completion> groups(List<int[]> prompts, int group, Rng rng) {
        require(group >= 1, "rollouts: numGenerations must be at least 1; got %d", group);
        List<int[]> repeated = new ArrayList<>();
        for (int[] prompt : prompts) {
            for (int i = 0; i < group; i++) {
                repeated.add(prompt);
            }
        }
        return of(repeated, rng);
    }
}
