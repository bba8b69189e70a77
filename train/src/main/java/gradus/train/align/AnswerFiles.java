package gradus.train.align;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.tokenizer.chat.ChatTokens;
import gradus.train.finetune.ChatBase;
import gradus.train.finetune.OpenBase;
import gradus.train.preference.PreferenceEncoder;
import gradus.train.preference.Prompt;
import gradus.train.preference.PromptSplit;
import gradus.train.pretrained.HuggingFaceFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows of files with prompts, and answers perhaps: those that are learned, and those that are only measured.
///
/// @param <R> a row
final class AnswerFiles<R> {
    private final AnswerSource source;
    private final String what;
    private final Function<R, Prompt> prompt;
    private final List<R> rows = new ArrayList<>();
    private final int learned; // how many rows come from files that are learned; they are the first

    /// @param what   what messages call the rows
    /// @param read   reads a file
    /// @param prompt of a row
    /// @throws DataException                naming file and line of a row that is none, or if there is none
    /// @throws gradus.error.ConfigException if a chat template is given, and no row has messages
    AnswerFiles(AnswerSource source, String what, Function<Path, List<R>> read, Function<R, Prompt> prompt) {
        this.source = source;
        this.what = what;
        this.prompt = prompt;
        source.files().forEach(file -> rows.addAll(read.apply(file)));
        this.learned = rows.size();
        if (learned == 0) {
            throw new DataException(
                    "%s: there are no %s to learn from".formatted(source.files().getFirst(), what));
        }
        source.heldOut().forEach(file -> rows.addAll(read.apply(file)));
        require(
                source.format() == null || areChats(),
                "%s: a chat template is given, and the %s are texts; it writes messages",
                source.files().getFirst(),
                what);
    }

    /// All rows: the learned ones first.
    List<R> rows() {
        return rows;
    }

    private boolean areChats() {
        return rows.stream().map(prompt).anyMatch(Prompt.Chat.class::isInstance);
    }

    /// The base as messages need it.
    OpenBase base(OpenBase base) {
        return areChats() ? ChatBase.of(base, source.format()) : base;
    }

    /// Writes the tokenizer with the chat template, which an adapter's files do not hold.
    void save(Path out, OpenBase base) {
        if (areChats()) {
            HuggingFaceFolder.saveTokenizer(
                    out,
                    base.saved().text().tokenizer(),
                    base.saved().generation(),
                    base.model().context());
        }
    }

    PreferenceEncoder encoder(OpenBase base) {
        Tokenizer tokenizer = base.saved().text().tokenizer();
        return new PreferenceEncoder(
                tokenizer, areChats() ? ChatTokens.of(ChatTemplate.of(tokenizer.roles()), tokenizer) : null);
    }

    /// Which rows are learned and which are held out, of those that fit in a context.
    ///
    /// @param longest the tokens that a row needs
    /// @throws DataException if none is left to learn from
    PromptSplit split(int context, IntUnaryOperator longest, Rng rng) {
        List<Integer> fitting = IntStream.range(0, rows.size())
                .filter(row -> longest.applyAsInt(row) <= context)
                .boxed()
                .toList();
        PromptSplit split;
        if (source.heldOut().isEmpty()) {
            PromptSplit places =
                    PromptSplit.of(fitting.stream().map(this::words).toList(), source.share(), rng);
            split = new PromptSplit(
                    places.learned().stream().map(fitting::get).toList(),
                    places.heldOut().stream().map(fitting::get).toList());
        } else {
            split = new PromptSplit(
                    fitting.stream().filter(row -> row < learned).toList(),
                    fitting.stream().filter(row -> row >= learned).toList());
        }
        if (split.learned().isEmpty()) {
            throw new DataException("of %s %s, %s fit in the context of %s: too few to learn from"
                    .formatted(learned, what, split.learned().size(), context));
        }
        source.say()
                .accept(String.format(
                        Locale.ROOT,
                        "%,d %s are learned and %,d held out; %,d are longer than the context",
                        split.learned().size(),
                        what,
                        split.heldOut().size(),
                        rows.size() - fitting.size()));
        tellOfLearnedPrompts(split);
        return split;
    }

    /// What is measured on a prompt that is learned as well says little of others.
    private void tellOfLearnedPrompts(PromptSplit split) {
        Set<Object> known = split.learned().stream().map(this::words).collect(Collectors.toSet());
        long again = split.heldOut().stream()
                .map(this::words)
                .filter(known::contains)
                .count();
        if (again > 0) {
            source.say()
                    .accept(String.format(
                            Locale.ROOT, "of those held out, %,d have prompts that are learned as well", again));
        }
    }

    private Object words(int row) {
        return prompt.apply(rows.get(row)).words();
    }
}
