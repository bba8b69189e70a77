package gradus.train.cli;

import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.Tokenizer;
import gradus.train.Generator;
import gradus.train.Sampling;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Lets a model write text, piece by piece as it comes.
///
/// @param limit     the most tokens to add to a prompt
/// @param wholeLine whether to end where the line ends
record Writer(LanguageModel model, Tokenizer tokenizer, Sampling sampling, int limit, boolean wholeLine) {
    /// How samples are drawn unless one says otherwise: a little bolder than the model, without its wildest guesses.
    static final Sampling USUAL =
            Sampling.defaults().withTemperature(0.8).withTopK(40).withTopP(0.95);

    /// Goes on from a prompt; without one, from the start of a line.
    ///
    /// @param onText hears each piece of text and says whether to go on
    void write(String prompt, Rng rng, Predicate<String> onText) {
        ModelText tokens = ModelText.of(tokenizer);
        StreamingDecoder decoder = tokenizer.decoder();
        int[] start = start(prompt);
        if (!prompt.isEmpty()) {
            IntStream.of(start).forEach(decoder::accept); // what the first new token follows
        }
        boolean[] spaceIsThere = {tokens.leavesSpaceToNextToken(prompt)};
        boolean[] stopped = new boolean[1];
        new Generator(model, sampling).generate(start, limit, rng, token -> {
            if (wholeLine && token == tokens.separator()) {
                stopped[0] = true;
                return false;
            }
            String text = decoder.accept(token);
            if (spaceIsThere[0] && !text.isEmpty()) {
                spaceIsThere[0] = false;
                text = text.startsWith(" ") ? text.substring(1) : text;
            }
            int end = wholeLine ? text.indexOf('\n') : -1;
            boolean more = onText.test(end < 0 ? text : text.substring(0, end));
            stopped[0] = !more || end >= 0;
            return !stopped[0];
        });
        if (!stopped[0]) {
            onText.test(decoder.finish());
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
            throw new UsageException("--prompt has %d tokens; the model sees at most %d; shorten it"
                    .formatted(tokens.length, model.context()));
        }
        return tokens;
    }
}
