package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Lets a model write a text, one token after the other. Each is drawn from the probabilities that the model
/// gives for the next token. With a cache of keys and values, each token costs the work of one position. Once
/// the text is longer than the model's context, the cache cannot be used, and each token costs the work of
/// the whole window.
public final class Generator implements Decoding {
    /// As many logits take longer to draw from than a second thread takes to begin.
    private static final int MANY = 1 << 15;

    private final LanguageModel model;
    private final Sampling sampling;
    private final IntPredicate drawable;
    private final Constraint constraint; // or null

    public Generator(LanguageModel model, Sampling sampling) {
        this(model, sampling, id -> true, null);
    }

    private Generator(LanguageModel model, Sampling sampling, IntPredicate drawable, Constraint constraint) {
        this.model = model;
        this.sampling = sampling;
        this.drawable = drawable;
        this.constraint = constraint;
    }

    /// A generator that draws only these tokens: a model may have more rows of logits than its
    /// tokenizer has tokens.
    public Generator drawing(IntPredicate tokens) {
        return new Generator(model, sampling, tokens, constraint);
    }

    /// A generator that draws only what a constraint allows. A text ends where it allows nothing more; where
    /// the limit comes first, [Constraint#complete(int[])] tells that the text is cut.
    public Generator constrained(Constraint constraint) {
        return new Generator(model, sampling, drawable, constraint);
    }

    /// Is called with each new token when several texts are generated.
    @FunctionalInterface
    public interface Listener {
        /// @param text  which of the texts grew
        /// @param token the token that was added
        /// @return whether to continue this text
        boolean accept(int text, int token);
    }

    /// Is called with each new token and its log-probability when several texts are generated.
    @FunctionalInterface
    public interface DrawListener {
        /// @param text           which of the texts grew
        /// @param token          the token that was added
        /// @param logProbability the natural logarithm of its probability in the distribution that it was drawn
        ///                       from, which temperature, top-k, top-p, min-p and the repetition penalty have
        ///                       changed; 0 for a greedy choice
        /// @return whether to continue this text
        boolean accept(int text, int token, double logProbability);
    }

    /// Continues a prompt. Once the text is longer than the model's context, the model sees only the end of it.
    ///
    /// @param prompt  at least one token, at most the model's context
    /// @param limit   the most tokens to add
    /// @param rng     random numbers for the choice of tokens: token i uses number i
    /// @param onToken is called with each new token, and returns whether to continue
    /// @return the added tokens, without the prompt
    /// @throws gradus.error.ConfigException  if the prompt is empty, longer than the context, or has unknown
    ///                                       tokens
    /// @throws gradus.error.NumericException if a logit is not a number
    @Override
    public int[] generate(int[] prompt, int limit, Rng rng, IntPredicate onToken) {
        return grow(List.of(prompt), limit, List.of(rng), (text, token, logP) -> onToken.test(token))[0];
    }

    /// Continues several prompts of any lengths at once; the model's weights are read once per step for all
    /// of them. Text i is the same as if it were generated alone with the random numbers `rng.at(i)`.
    ///
    /// @return the added tokens of each
    /// @throws gradus.error.ConfigException  as for one prompt, or if there is none
    /// @throws gradus.error.NumericException if a logit is not a number
    public int[][] generate(List<int[]> prompts, int limit, Rng rng, Listener listener) {
        return generate(prompts, limit, rng, (text, token, logP) -> listener.accept(text, token));
    }

    /// The same for a listener that is also told how probable each token was.
    public int[][] generate(List<int[]> prompts, int limit, Rng rng, DrawListener listener) {
        List<Rng> each = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            each.add(rng.at(i));
        }
        return grow(prompts, limit, each, listener);
    }

    /// The same with random numbers of its own for each text.
    ///
    /// @throws gradus.error.ConfigException also unless there are as many random numbers as prompts
    public int[][] generate(List<int[]> prompts, int limit, List<Rng> rngs, Listener listener) {
        require(
                prompts.size() == rngs.size(),
                "generate: each text needs random numbers of its own; got %d prompts and %d random numbers",
                prompts.size(),
                rngs.size());
        return grow(prompts, limit, rngs, (text, token, logP) -> listener.accept(text, token));
    }

    private int[][] grow(List<int[]> prompts, int limit, List<Rng> rngs, DrawListener listener) {
        require(limit >= 0, "generate: the limit must be at least 0; got %d", limit);
        require(!prompts.isEmpty(), "generate: at least one prompt must be given");
        List<Text> texts = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            Prompts.requireKnown(prompts.get(i), model);
            texts.add(new Text(prompts.get(i), rngs.get(i), constraint));
        }
        boolean training = model.training();
        model.eval();
        try (var pause = Autograd.noGrad()) {
            for (List<Text> together : together(texts)) {
                grow(
                        together,
                        limit,
                        (text, token, logP) -> listener.accept(texts.indexOf(together.get(text)), token, logP));
            }
        } finally {
            if (training) {
                model.train();
            }
        }
        return texts.stream().map(Text::addedTokens).toArray(int[][]::new);
    }

    /// The groups of texts that are computed together: all in one, unless some texts would need padding and
    /// the model does not support it.
    private List<List<Text>> together(List<Text> texts) {
        boolean equallyLong = texts.stream().mapToInt(Text::length).distinct().count() == 1;
        return equallyLong || model.supportsLeftPadding()
                ? List.of(texts)
                : texts.stream().map(List::of).toList();
    }

    private void grow(List<Text> texts, int limit, DrawListener listener) {
        List<Text> growing =
                limit == 0 ? List.of() : texts.stream().filter(Text::mayGoOn).toList();
        try (NextLogits next = new NextLogits(model, model.cacheable())) {
            while (!growing.isEmpty()) {
                double[][] logits = Drawable.masked(next.of(growing), drawable);
                List<Text.Draw> draws = draws(growing, logits);
                List<Text> goOn = new ArrayList<>();
                for (int i = 0; i < logits.length; i++) {
                    Text text = growing.get(i);
                    Text.Draw draw = draws.get(i);
                    boolean goesOn = listener.accept(texts.indexOf(text), draw.token(), draw.logProbability());
                    if (goesOn && text.added() < limit && text.mayGoOn()) {
                        goOn.add(text);
                    }
                }
                growing = goOn;
            }
        }
    }

    /// The next token of each text. A text draws by random numbers of its own, so it does not matter which
    /// thread draws for it.
    private List<Text.Draw> draws(List<Text> texts, double[][] logits) {
        IntStream each = IntStream.range(0, texts.size());
        boolean worthIt = (long) texts.size() * model.vocabSize() >= MANY;
        return (worthIt ? each.parallel() : each)
                .mapToObj(i -> texts.get(i).draw(sampling, logits[i]))
                .toList();
    }
}
