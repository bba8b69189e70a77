package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Searches for the likeliest text instead of drawing token by token. Each step extends the k best texts by
/// every possible token and keeps the k best results. With k = 1 the search is greedy; with k ≥ Vⁿ it tries
/// all texts of n tokens.
///
/// Texts that end early are ranked against longer ones by `Σ log p / nᵅ`, n counting the added tokens, as
/// Hugging Face's `length_penalty` α does: 0 favours short texts, above 1 long ones. Wu et al. 2016,
/// arXiv:1609.08144, section 7, where the divisor is `((5 + n)/6)ᵅ`.
///
/// @param model         gives the probability of each token
/// @param beams         k
/// @param lengthPenalty α
/// @param drawable      which tokens may be chosen; the others are treated as if the model did not have them
public record BeamSearch(LanguageModel model, int beams, double lengthPenalty, IntPredicate drawable) {
    /// @throws gradus.error.ConfigException if a number is out of range
    public BeamSearch {
        require(model != null, "BeamSearch: a model must be given; got null");
        require(beams >= 1, "BeamSearch: beams must be at least 1; got %d", beams);
        require(Double.isFinite(lengthPenalty), "BeamSearch: lengthPenalty must be a number; got %s", lengthPenalty);
        require(drawable != null, "BeamSearch: what may be drawn must be given; got null");
    }

    /// A search over all tokens.
    public BeamSearch(LanguageModel model, int beams, double lengthPenalty) {
        this(model, beams, lengthPenalty, id -> true);
    }

    /// A search with α = 1, which ranks texts by the mean log-probability of their tokens.
    public BeamSearch(LanguageModel model, int beams) {
        this(model, beams, 1);
    }

    /// The same search over only the given tokens: a model may have more rows of logits than its tokenizer
    /// has tokens.
    public BeamSearch drawing(IntPredicate tokens) {
        return new BeamSearch(model, beams, lengthPenalty, tokens);
    }

    /// A continuation.
    ///
    /// @param tokens         what is added to the prompt, with the end token if it ended
    /// @param logProbability the sum over the tokens
    public record Beam(int[] tokens, double logProbability) {
        double score(double lengthPenalty) {
            return logProbability / Math.pow(Math.max(1, tokens.length), lengthPenalty);
        }
    }

    /// One of the beams, extended by one token.
    private record Candidate(int beam, int token, double logProbability) {}

    /// As [#search(int\[\], int, Set)] with one token that ends a text, or -1 for none.
    public List<Beam> search(int[] prompt, int limit, int end) {
        return search(prompt, limit, end < 0 ? Set.of() : Set.of(end));
    }

    /// @param prompt at least one token
    /// @param limit  the most tokens to add; with the prompt at most the model's context
    /// @param ends   the tokens that end a text
    /// @return up to k continuations, the best first
    /// @throws gradus.error.ConfigException if the prompt or the limit does not fit the model
    public List<Beam> search(int[] prompt, int limit, Set<Integer> ends) {
        Prompts.requireKnown(prompt, model);
        require(
                limit >= 1 && limit <= model.context() - prompt.length,
                "BeamSearch: the limit must be between 1 and what the context of %d leaves behind a prompt of %d; got %d",
                model.context(),
                prompt.length,
                limit);
        boolean training = model.training();
        model.eval();
        try (var pause = Autograd.noGrad()) {
            return best(prompt, limit, ends);
        } finally {
            if (training) {
                model.train();
            }
        }
    }

    private List<Beam> best(int[] prompt, int limit, Set<Integer> ends) {
        List<Beam> ended = new ArrayList<>();
        List<Beam> growing = List.of(new Beam(new int[0], 0));
        KvCaches caches = model.cacheable() ? model.caches() : null;
        for (int n = 0; n < limit; n++) {
            List<Candidate> candidates = candidates(growing, logProbabilities(prompt, growing, caches), ends.size());
            List<Beam> next = new ArrayList<>();
            List<Integer> origins = new ArrayList<>();
            for (int rank = 0; rank < candidates.size() && next.size() < beams; rank++) {
                Candidate candidate = candidates.get(rank);
                int[] tokens = Arrays.copyOf(growing.get(candidate.beam).tokens, n + 1);
                tokens[n] = candidate.token;
                Beam beam = new Beam(tokens, candidate.logProbability);
                if (!ends.contains(candidate.token)) {
                    next.add(beam);
                    origins.add(candidate.beam);
                } else if (rank < beams) { // a worse text would not have been continued either
                    ended.add(beam);
                }
            }
            growing = next;
            if (growing.isEmpty() || settled(ended, growing, limit)) {
                break;
            }
            if (caches != null) {
                caches.reorder(
                        Indices.of(origins.stream().mapToInt(Integer::intValue).toArray()));
            }
        }
        if (caches != null) {
            caches.clear();
        }
        ended.addAll(growing);
        ended.sort(Comparator.comparingDouble((Beam beam) -> beam.score(lengthPenalty))
                .reversed());
        return List.copyOf(ended.subList(0, Math.min(beams, ended.size())));
    }

    /// Whether no unfinished text can still become one of the best: log p only decreases, and no text has a
    /// larger divisor than one of full length.
    private boolean settled(List<Beam> ended, List<Beam> growing, int limit) {
        if (ended.size() < beams) {
            return false;
        }
        double worst = ended.stream()
                .mapToDouble(beam -> -beam.score(lengthPenalty))
                .sorted()
                .skip(beams - 1L)
                .findFirst()
                .orElseThrow();
        double most = Math.pow(lengthPenalty > 0 ? limit : growing.getFirst().tokens.length, lengthPenalty);
        return growing.stream().allMatch(beam -> beam.logProbability / most <= -worst);
    }

    /// The extensions by one token, the likeliest first. Their number is enough to contain k texts that do
    /// not end, besides all texts that end.
    private List<Candidate> candidates(List<Beam> growing, double[][] logProbabilities, int ends) {
        List<Candidate> all = new ArrayList<>();
        for (int i = 0; i < growing.size(); i++) {
            for (int token = 0; token < logProbabilities[i].length; token++) {
                if (logProbabilities[i][token] > Double.NEGATIVE_INFINITY) {
                    all.add(new Candidate(i, token, growing.get(i).logProbability + logProbabilities[i][token]));
                }
            }
        }
        all.sort(Comparator.comparingDouble(Candidate::logProbability).reversed());
        return all.subList(0, (int) Math.min(all.size(), (1L + ends) * beams));
    }

    private double[][] logProbabilities(int[] prompt, List<Beam> growing, KvCaches caches) {
        int added = growing.getFirst().tokens.length;
        int time = caches != null && added > 0 ? 1 : prompt.length + added;
        int[] ids = new int[growing.size() * time];
        for (int i = 0; i < growing.size(); i++) {
            int[] text = Arrays.copyOf(prompt, prompt.length + added);
            System.arraycopy(growing.get(i).tokens, 0, text, prompt.length, added);
            System.arraycopy(text, text.length - time, ids, i * time, time);
        }
        try (var scope = Scope.open()) {
            Indices batch = Indices.of(Shape.of(growing.size(), time), ids); // (k, T)
            Tensor logits = caches == null ? model.lastLogits(batch) : model.lastLogits(batch, caches); // (k, V)
            return normalised(NextLogits.rows(logits.logSoftmax()));
        }
    }

    /// Log-probabilities among the tokens that may be taken: `log p - log Σ p`.
    private double[][] normalised(double[][] logProbabilities) {
        if (IntStream.range(0, logProbabilities[0].length).allMatch(drawable)) {
            return logProbabilities;
        }
        for (double[] row : Drawable.masked(logProbabilities, drawable)) {
            double largest = Arrays.stream(row).max().orElseThrow();
            require(largest > Double.NEGATIVE_INFINITY, "BeamSearch: no token may be drawn");
            double sum =
                    Arrays.stream(row).map(each -> Math.exp(each - largest)).sum();
            double logMass = largest + Math.log(sum);
            Arrays.setAll(row, id -> row[id] - logMass);
        }
        return logProbabilities;
    }
}
