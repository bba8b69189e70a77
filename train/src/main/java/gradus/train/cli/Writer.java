package gradus.train.cli;

import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.Tokenizer;
import gradus.train.generate.BeamSearch;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.generate.StopStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Lets a model write text, piece by piece as it comes.
///
/// @param limit     the most tokens to add to a prompt
/// @param wholeLine whether to end where the line ends
/// @param stops     strings before which to end
record Writer(
        LanguageModel model, Tokenizer tokenizer, Sampling sampling, int limit, boolean wholeLine, List<String> stops) {
    Writer(LanguageModel model, Tokenizer tokenizer, Sampling sampling, int limit, boolean wholeLine) {
        this(model, tokenizer, sampling, limit, wholeLine, List.of());
    }

    /// How samples are drawn unless one says otherwise: a little bolder than the model, without its wildest guesses.
    static final Sampling USUAL =
            Sampling.defaults().withTemperature(0.8).withTopK(40).withTopP(0.95);

    /// Goes on from a prompt; without one, from the start of a line.
    ///
    /// @param onText hears each piece of text and says whether to go on
    void write(String prompt, Rng rng, Predicate<String> onText) {
        ModelText tokens = ModelText.of(tokenizer);
        int[] start = start(prompt);
        Pieces pieces = new Pieces(prompt, start, tokens);
        boolean[] goOn = {true};
        new Generator(model, sampling).generate(start, limit, rng, token -> {
            if (wholeLine && token == tokens.separator()) {
                return false;
            }
            goOn[0] = onText.test(pieces.of(token));
            return goOn[0] && !pieces.ending.stopped();
        });
        if (goOn[0]) {
            onText.test(pieces.rest());
        }
    }

    /// The likeliest text that follows a prompt, of those that a search with so many beams tries.
    String best(String prompt, int beams) {
        ModelText tokens = ModelText.of(tokenizer);
        int[] start = start(prompt);
        int room = Math.min(limit, model.context() - start.length);
        if (room < 1) {
            return "";
        }
        int end = wholeLine ? tokens.separator() : -1;
        Pieces pieces = new Pieces(prompt, start, tokens);
        StringBuilder text = new StringBuilder();
        for (int token :
                new BeamSearch(model, beams).search(start, room, end).getFirst().tokens()) {
            text.append(token == end ? "" : pieces.of(token));
        }
        return text.append(pieces.rest()).toString();
    }

    /// Tokens that follow a prompt, as text up to where it is to stop.
    private final class Pieces {
        private final StreamingDecoder decoder = tokenizer.decoder();
        private final StopStrings ending;
        private boolean spaceIsThere;

        Pieces(String prompt, int[] start, ModelText tokens) {
            List<String> all = new ArrayList<>(stops);
            if (wholeLine) {
                all.add("\n");
            }
            ending = new StopStrings(all);
            spaceIsThere = tokens.leavesSpaceToNextToken(prompt);
            if (!prompt.isEmpty()) {
                IntStream.of(start).forEach(decoder::accept); // what the first new token follows
            }
        }

        String of(int token) {
            String text = decoder.accept(token);
            if (spaceIsThere && !text.isEmpty()) {
                spaceIsThere = false;
                text = text.startsWith(" ") ? text.substring(1) : text;
            }
            return ending.accept(text);
        }

        String rest() {
            return ending.accept(decoder.finish()) + ending.finish();
        }
    }

    /// The text that follows a prompt, in one piece.
    String write(String prompt, Rng rng) {
        StringBuilder text = new StringBuilder();
        write(prompt, rng, piece -> {
            text.append(piece);
            return true;
        });
        return text.toString();
    }

    /// The prompt's tokens.
    ///
    /// @throws UsageException if they are more than the model can see, or have characters it never saw
    int[] start(String prompt) {
        ModelText text = ModelText.of(tokenizer);
        boolean open = text.leavesSpaceToNextToken(prompt);
        int[] tokens;
        try {
            tokens = tokenizer.encode(open ? prompt.substring(0, prompt.length() - 1) : prompt);
        } catch (TokenizerException e) {
            throw new UsageException("--prompt: " + e.getMessage(), e);
        }
        if (tokens.length == 0) {
            return text.lineStart();
        }
        if (tokens.length > model.context()) {
            throw new UsageException("--prompt has %s tokens; the model sees at most %s; shorten it"
                    .formatted(tokens.length, model.context()));
        }
        return tokens;
    }
}
