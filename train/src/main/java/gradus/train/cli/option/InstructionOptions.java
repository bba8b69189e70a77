package gradus.train.cli.option;

import gradus.error.UsageException;
import gradus.tokenizer.chat.ChatTokens;
import gradus.train.corpus.Corpus;
import gradus.train.corpus.DataFiles;
import gradus.train.finetune.InstructionData;
import gradus.train.finetune.TextData;
import gradus.train.finetune.TuningData;
import gradus.train.instruct.ChatFormat;
import gradus.train.instruct.InstructionFile;
import gradus.train.instruct.InstructionSet;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/// What kind of data a model is tuned on, and how conversations are read.
public final class InstructionOptions {
    /// What files hold.
    public enum Format {
        TEXT,
        INSTRUCTIONS
    }

    @Option(
            names = "--data-format",
            paramLabel = "<format>",
            description = "text, or instructions for conversations in JSON or JSONL (rows with messages, conversations or"
                    + " instruction and output), of which the assistant's turns are learned; default instructions where"
                    + " the first row is one")
    private Format format;

    @Option(
            names = "--chat-template",
            paramLabel = "<template>",
            description = "how conversations are written, in place of the base's own: chatml, whose two tokens are added to"
                    + " a vocabulary that lacks them (with --method full); plain, headings in plain text; or a"
                    + " file with a Jinja template")
    private String template;

    @Option(
            names = "--packing",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "conversations share rows and do not see each other (the default); --no-packing gives each its"
                    + " own row")
    private boolean packing = true;

    @Option(
            names = "--max-length",
            paramLabel = "<n>",
            description = "the most tokens of a row; default the base's context")
    private Integer maxLength;

    @Option(
            names = "--overlong",
            paramLabel = "<rule>",
            description = "a conversation longer than a row: drop (the default) or cut")
    private InstructionSet.Overlong overlong = InstructionSet.Overlong.DROP;

    @Option(
            names = "--faulty",
            paramLabel = "<rule>",
            description = "a row that is no conversation, such as one whose turns do not alternate: refuse (the default)"
                    + " or drop")
    private InstructionSet.Faulty faulty = InstructionSet.Faulty.REFUSE;

    @Option(
            names = "--turns",
            paramLabel = "<which>",
            description = "the assistant's turns that are learned: all (the default) or last")
    private ChatTokens.Turns turns = ChatTokens.Turns.ALL;

    /// The data that names stand for.
    ///
    /// @param names files or globs
    /// @param say   hears what was read
    public TuningData data(List<String> names, Consumer<String> say) {
        List<Path> files = names.contains(Corpus.WORDNET) ? List.of() : DataFiles.named(names);
        boolean conversations = format == Format.INSTRUCTIONS
                || format == null && !files.isEmpty() && InstructionFile.recognise(files.getFirst()) != null;
        if (!conversations) {
            if (template != null || maxLength != null) {
                throw new UsageException("--chat-template and --max-length are for conversations, and --data is a text;"
                        + " --data-format instructions says otherwise");
            }
            return new TextData(Corpus.load(names, false));
        }
        if (files.isEmpty()) {
            throw new UsageException("wordnet is a text; gradus data instructions makes conversations of it");
        }
        return new InstructionData(
                files,
                template == null ? null : ChatFormat.of(template),
                new InstructionData.Settings(maxLength, packing, overlong, faulty, 0.05, turns),
                say);
    }
}
