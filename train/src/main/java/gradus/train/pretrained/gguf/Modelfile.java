package gradus.train.pretrained.gguf;

import gradus.error.FileReason;
import gradus.error.Printable;
import gradus.error.ResourceException;
import gradus.layers.model.LanguageModel;
import gradus.train.generate.Sampling;
import gradus.train.pretrained.GenerationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What Ollama reads beside a GGUF file: `ollama create NAME -f Modelfile`. It names the file, how tokens are
/// drawn and what ends a text beside the file's own end tokens.
///
/// A value stands as it is, within `"` or within `"""`; nothing in it is escaped, and characters that are not
/// printed are dropped as it is read. What none of the three can say is left out and told, see [#leftOut].
///
/// Source: ollama/ollama, `parser/parser.go` and `docs/modelfile.md`.
public final class Modelfile {
    /// How tokens are drawn where no file says anything.
    private static final Sampling USUAL = new Sampling(0.8, 40, 0.95, 0, 1);

    private final Path file;
    private final StringBuilder text = new StringBuilder();
    private final List<String> leftOut = new ArrayList<>();

    /// @param gguf       the model's file
    /// @param model      what it holds
    /// @param generation how its tokens are best drawn, as far as that is known
    public Modelfile(Path gguf, GgufModel model, GenerationConfig generation) {
        this(gguf.resolveSibling("Modelfile"), "./" + gguf.getFileName(), null, model, generation);
    }

    /// Of a base to which a LoRA is added.
    ///
    /// @param from    the base's file, as the Modelfile is to name it
    /// @param adapter the LoRA's file, beside which the Modelfile stands
    public Modelfile(String from, Path adapter, GgufModel model, GenerationConfig generation) {
        this(adapter.resolveSibling("Modelfile"), from, "./" + adapter.getFileName(), model, generation);
    }

    private Modelfile(Path file, String from, String adapter, GgufModel model, GenerationConfig generation) {
        this.file = file;
        line("FROM", from);
        if (adapter != null) {
            line("ADAPTER", adapter);
        }
        if (!(model.model() instanceof LanguageModel decoder)) {
            return; // an encoder writes nothing
        }
        if (model.tokenizer().roles().chatTemplates().isEmpty()) { // else Ollama takes the file's own
            line("TEMPLATE", "{{ .Prompt }}"); // without any, Ollama would wrap the text as a chat
        }
        parameter("num_ctx", decoder.context());
        Sampling drawn = generation.sampling().orElse(USUAL);
        parameter("temperature", drawn.temperature());
        if (drawn.temperature() > 0) {
            parameter("top_k", drawn.topK()); // 0 keeps all, there too
            parameter("top_p", drawn.topP());
            parameter("min_p", drawn.minP());
        }
        parameter("repeat_penalty", drawn.repetitionPenalty()); // 1.1 unless it is told
        if (drawn.repetitionPenalty() != 1) {
            parameter("repeat_last_n", -1); // the whole text, not the last 64
        }
        generation.limit().ifPresent(count -> parameter("num_predict", count));
        generation.stops().forEach(stop -> parameter("stop", stop));
        if (generation.beams().orElse(1) > 1) {
            leaveOut("a search by %s beams, which Ollama has not"
                    .formatted(generation.beams().getAsInt()));
        }
    }

    private void parameter(String name, Object value) {
        line("PARAMETER " + name, String.valueOf(value));
    }

    private void line(String command, String value) {
        quoted(value)
                .ifPresentOrElse(
                        argument -> text.append(command)
                                .append(' ')
                                .append(argument)
                                .append('\n'),
                        () -> leaveOut("%s %s, which no quotes can hold".formatted(command, Printable.value(value))));
    }

    private void leaveOut(String what) {
        leftOut.add(what);
        text.append("# left out: ").append(what).append('\n');
    }

    /// A value as the file has it, in the plainest of the three ways that are read as it.
    static Optional<String> quoted(String value) {
        boolean printed = value.codePoints().allMatch(c -> c == '\n' || c == '\t' || isPrinted(c));
        return List.of(value, "\"" + value + "\"", "\"\"\"" + value + "\"\"\"").stream()
                .filter(form -> printed && isReadAs(value, form))
                .findFirst();
    }

    /// As Go's `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space.
    private static boolean isPrinted(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /// A value ends at the first line's end where its quotes are closed.
    private static boolean isReadAs(String value, String form) {
        for (int end = form.indexOf('\n'); end >= 0; end = form.indexOf('\n', end + 1)) {
            if (unquoted(form.substring(0, end)) != null) {
                return false;
            }
        }
        return value.equals(unquoted(form));
    }

    /// What stands within quotes, or null where they are open.
    private static String unquoted(String written) {
        String form = written.strip();
        int quotes = form.startsWith("\"\"\"") ? 3 : form.startsWith("\"") ? 1 : 0;
        if (quotes == 0) {
            return form;
        }
        boolean closed = form.length() >= 2 * quotes && form.endsWith("\"".repeat(quotes));
        return closed ? form.substring(quotes, form.length() - quotes) : null;
    }

    /// What is known of the model and cannot be told to Ollama, as parts of a sentence; empty as a rule.
    public List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /// The file's text.
    @Override
    public String toString() {
        return text.toString();
    }

    /// Writes it into the folder of the model's file.
    ///
    /// @return the Modelfile
    /// @throws ResourceException if the disk is full or refuses
    public Path write() {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }
}
