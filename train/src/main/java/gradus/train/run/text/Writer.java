package gradus.train.run.text;

import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.train.generate.BeamSearch;
import gradus.train.generate.Constraint;
import gradus.train.generate.Decoding;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.generate.StopStrings;
import gradus.train.generate.constrain.Regex;
import gradus.train.generate.constrain.TokenConstraint;
import gradus.train.rl.Completion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Lets a model write text, piece by piece as it comes. A text ends at every token that ends one, and control
/// tokens are not shown. Numbers that stand for no token, as a model with more rows than its tokenizer has
/// tokens knows them, are never drawn.
///
/// @param limit     the most tokens to add to a prompt
/// @param wholeLine whether to end where the line ends
/// @param stops     strings before which to end
/// @param ends      tokens that end a text
public record Writer(
        LanguageModel model,
        ModelText text,
        Sampling sampling,
        int limit,
        boolean wholeLine,
        List<String> stops,
        Set<Integer> ends) {

    /// As samples of a training are drawn.
    public static Writer of(LanguageModel model, ModelText text, boolean wholeLine, int limit) {
        Set<Integer> ends = text.separatorText() == null ? Set.of() : Set.of(text.separator());
        return new Writer(model, text, USUAL, limit, wholeLine, List.of(), ends);
    }

    /// How samples are drawn unless one says otherwise: a little bolder than the model, without its wildest
    /// guesses.
    public static final Sampling USUAL =
            Sampling.defaults().withTemperature(0.8).withTopK(40).withTopP(0.95);

    private Tokenizer tokenizer() {
        return text.tokenizer();
    }

    private boolean isEnd(int token) {
        return ends.contains(token) || wholeLine && token == text.separator();
    }

    /// Goes on from a prompt; without one, from the start of a line or a document.
    ///
    /// @param onText hears each piece of text and says whether to go on
    public void write(String prompt, Rng rng, Predicate<String> onText) {
        write(prompt, rng, onText, new Generator(model, sampling).drawing(drawable()));
    }

    /// The same by another way of decoding, which draws [#drawable] tokens.
    public void write(String prompt, Rng rng, Predicate<String> onText, Decoding decoding) {
        int[] start = start(prompt);
        Pieces pieces = new Pieces(prompt, start);
        boolean[] goOn = {true};
        decoding.generate(start, limit, rng, token -> {
            if (isEnd(token)) {
                return false;
            }
            goOn[0] = onText.test(pieces.of(token));
            return goOn[0] && !pieces.ending.stopped();
        });
        if (goOn[0]) {
            onText.test(pieces.rest());
        }
    }

    /// Several continuations of a prompt at once, as tokens; number i draws with `rng.at(i)`. They end where
    /// [#write] ends a text.
    public List<Completion> completions(String prompt, int count, Rng rng) {
        int[] start = start(prompt);
        List<Pieces> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pieces.add(new Pieces(prompt, start));
        }
        double[][] logProbabilities = new double[count][limit];
        int[] drawn = new int[count];
        boolean[] ended = new boolean[count];
        int[][] tokens = new Generator(model, sampling)
                .drawing(drawable())
                .generate(Collections.nCopies(count, start), limit, rng, (i, token, logP) -> {
                    logProbabilities[i][drawn[i]++] = logP;
                    ended[i] = isEnd(token);
                    if (!ended[i]) {
                        pieces.get(i).of(token);
                        ended[i] = pieces.get(i).ending.stopped();
                    }
                    return !ended[i];
                });
        List<Completion> completions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] own = Arrays.copyOf(logProbabilities[i], tokens[i].length);
            completions.add(new Completion(tokens[i], own, ended[i]));
        }
        return completions;
    }

    /// The text of a continuation.
    public String text(String prompt, Completion completion) {
        return text(prompt, start(prompt), completion.tokens());
    }

    private String text(String prompt, int[] start, int[] tokens) {
        Pieces pieces = new Pieces(prompt, start);
        StringBuilder written = new StringBuilder();
        for (int token : tokens) {
            written.append(isEnd(token) ? "" : pieces.of(token));
        }
        return written.append(pieces.rest()).toString();
    }

    /// The likeliest text that follows a prompt, of those that a search with so many beams tries.
    public String best(String prompt, int beams) {
        int[] start = start(prompt);
        int room = Math.min(limit, model.context() - start.length);
        if (room < 1) {
            return "";
        }
        Set<Integer> all = new TreeSet<>(ends);
        if (wholeLine && text.separator() >= 0) {
            all.add(text.separator());
        }
        BeamSearch search = new BeamSearch(model, beams).drawing(drawable());
        return text(prompt, start, search.search(start, room, all).getFirst().tokens());
    }

    /// What may follow a prompt, if the text is to be in a language.
    ///
    /// @throws gradus.error.ConfigException if there is no such text, or none that the tokens can spell
    public Constraint constraint(Regex language, String prompt) {
        Set<Integer> all = new TreeSet<>(ends);
        if (wholeLine && text.separator() >= 0) {
            all.add(text.separator());
        }
        return TokenConstraint.of(language, tokenizer(), all, prompt.isEmpty(), text.leavesSpaceToNextToken(prompt));
    }

    /// The numbers that stand for a token.
    public IntPredicate drawable() {
        BitSet known = new BitSet(model.vocabSize());
        for (int id = 0; id < Math.min(model.vocabSize(), tokenizer().vocabularySize()); id++) {
            known.set(id, hasToken(id));
        }
        return known::get;
    }

    private boolean hasToken(int id) {
        try {
            return tokenizer().idToToken(id) != null;
        } catch (TokenizerException hole) {
            return false;
        }
    }

    /// Tokens that follow a prompt, as text up to where it is to stop.
    private final class Pieces {
        private final StreamingDecoder decoder = tokenizer().decoder();
        private final Set<String> control = tokenizer().specialTokens();
        private final StopStrings ending;
        private boolean spaceIsThere;

        Pieces(String prompt, int[] start) {
            List<String> all = new ArrayList<>(stops);
            if (wholeLine) {
                all.add("\n");
            }
            ending = new StopStrings(all);
            spaceIsThere = text.leavesSpaceToNextToken(prompt);
            if (!prompt.isEmpty()) {
                IntStream.of(start).forEach(decoder::accept); // what the first new token follows
            }
        }

        String of(int token) {
            if (control.contains(tokenizer().idToToken(token))) {
                return "";
            }
            String piece = decoder.accept(token);
            if (spaceIsThere && !piece.isEmpty()) {
                spaceIsThere = false;
                piece = piece.startsWith(" ") ? piece.substring(1) : piece;
            }
            return ending.accept(piece);
        }

        String rest() {
            return ending.accept(decoder.finish()) + ending.finish();
        }
    }

    /// The text that follows a prompt, in one piece.
    public String write(String prompt, Rng rng) {
        StringBuilder written = new StringBuilder();
        write(prompt, rng, piece -> {
            written.append(piece);
            return true;
        });
        return written.toString();
    }

    /// The texts that follow several prompts, all written at once; each is what [#write(String, Rng)] writes
    /// with its random numbers, up to rounding.
    ///
    /// @throws UsageException as for one prompt
    public List<String> write(List<String> prompts, List<Rng> rngs) {
        List<int[]> starts = prompts.stream().map(this::start).toList();
        List<StringBuilder> written = new ArrayList<>();
        List<Pieces> pieces = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            written.add(new StringBuilder());
            pieces.add(new Pieces(prompts.get(i), starts.get(i)));
        }
        new Generator(model, sampling).drawing(drawable()).generate(starts, limit, rngs, (i, token) -> {
            if (isEnd(token)) {
                return false;
            }
            written.get(i).append(pieces.get(i).of(token));
            return !pieces.get(i).ending.stopped();
        });
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            texts.add(written.get(i).append(pieces.get(i).rest()).toString());
        }
        return texts;
    }

    /// The prompt's tokens, behind those that the tokenizer's frame puts before a text.
    ///
    /// @throws UsageException if they are more than the model can see, or have characters it never saw
    public int[] start(String prompt) {
        boolean open = text.leavesSpaceToNextToken(prompt);
        int[] tokens;
        try {
            tokens = tokenizer().encode(open ? prompt.substring(0, prompt.length() - 1) : prompt);
        } catch (TokenizerException e) {
            throw new UsageException("--prompt: " + e.getMessage(), e);
        }
        int[] opening = tokenizer() instanceof TokenizerPipeline pipeline ? pipeline.opening() : new int[0];
        if (tokens.length + opening.length == 0) {
            return text.lineStart();
        }
        tokens = IntStream.concat(IntStream.of(opening), IntStream.of(tokens)).toArray();
        if (tokens.length > model.context()) {
            throw new UsageException("--prompt has %s tokens; the model sees at most %s; shorten it"
                    .formatted(tokens.length, model.context()));
        }
        return tokens;
    }
}
