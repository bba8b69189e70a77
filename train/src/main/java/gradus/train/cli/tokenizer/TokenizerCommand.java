package gradus.train.cli.tokenizer;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gradus tokenizer`
@Command(
        name = "tokenizer",
        description = "Makes tokenizers and shows what they do.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "(train | encode | decode | inspect)",
        footer = {
            "",
            "Examples:",
            "  gradus tokenizer train --data wordnet --vocab 4096 --out my-tokenizer",
            "  gradus tokenizer inspect --tokenizer my-tokenizer \"What is a tokenizer?\"",
            "  gradus tokenizer encode --tokenizer my-tokenizer --file my.txt --out my.bin"
        })
public final class TokenizerCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private TokenizerCommand() {}

    public static CommandLine commandLine(Console console) {
        return new CommandLine(new TokenizerCommand())
                .addSubcommand(new TokenizerTrainCommand(console))
                .addSubcommand(new TokenizerEncodeCommand(console))
                .addSubcommand(new TokenizerDecodeCommand(console))
                .addSubcommand(new TokenizerInspectCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command: train, encode, decode or inspect");
    }
}
