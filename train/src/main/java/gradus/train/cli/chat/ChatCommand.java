package gradus.train.cli.chat;

import gradus.tensor.random.Rng;
import gradus.train.chat.ChatModel;
import gradus.train.chat.ChatSession;
import gradus.train.cli.option.DeviceOption;
import gradus.train.cli.option.SamplingOptions;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.cli.terminal.Terminal;
import gradus.train.generate.Sampling;
import gradus.train.instruct.ChatFormat;
import gradus.train.run.text.Writer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// `gradus chat`
@Command(
        name = "chat",
        description =
                "Talks with a model that was tuned for conversations, by its own chat template. If a Hugging Face"
                        + " folder has a generation_config.json, its values for sampling and length replace the defaults below.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Each line is a message; a text between lines of \"\"\" is one, and so is a pasted",
            "one. /help lists what else can be typed. Messages may come from a pipe. Where a",
            "conversation grows longer than the model's context, its oldest exchanges are",
            "left out.",
            "",
            "Examples:",
            "  gradus chat --model tuned/model",
            "  gradus chat --model base --adapter tuned --system \"Answer in one word.\"",
            "  echo 'What does \"whale\" mean?' | gradus chat --model model.gguf --temperature 0"
        })
public final class ChatCommand implements Callable<Integer> {
    private static final int STDIN = 0;
    private static final int INTERRUPTED = 130; // 128 and the number of the signal

    @Option(
            names = "--model",
            required = true,
            paramLabel = "<path>",
            description = "a run's folder, a Hugging Face folder or a .gguf file")
    private Path model;

    @Option(
            names = "--adapter",
            paramLabel = "<folder>",
            description = "an adapter of this model, which gradus finetune or peft wrote")
    private Path adapter;

    @Option(names = "--system", paramLabel = "<text>", description = "tells the model how to answer")
    private String system;

    @Option(
            names = "--chat-template",
            paramLabel = "<template>",
            description = "chatml, plain or a file with a Jinja template, in place of the model's own")
    private String template;

    @Mixin
    private SamplingOptions options = new SamplingOptions();

    @Mixin
    private DeviceOption device = new DeviceOption();

    private final Console console;
    private final IntConsumer quit;

    /// @param quit ends the program with an exit code at once
    public ChatCommand(Console console, IntConsumer quit) {
        this.console = console;
        this.quit = quit;
    }

    @Override
    public Integer call() {
        options.sampling(Writer.USUAL); // refused before the model is read
        options.tokens(0);
        String text = template == null ? null : ChatFormat.of(template).template();
        device.use();
        ChatModel chat = ChatModel.open(model, adapter, text);
        Sampling sampling = options.sampling(chat.sampling().orElse(Writer.USUAL));
        boolean typed = Terminal.is(STDIN);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (ChatSession session =
                new ChatSession(chat, sampling, options.tokens(chat.limit()), Rng.of(options.seed()))) {
            session.system(system);
            ChatLoop loop = new ChatLoop(session, new ChatInput(in, typed), console, typed);
            Signal signal = new Signal("INT");
            SignalHandler before = heard(signal, loop);
            try {
                loop.run();
            } finally {
                if (before != null) {
                    Signal.handle(signal, before);
                }
            }
        }
        return 0;
    }

    private SignalHandler heard(Signal signal, ChatLoop loop) {
        try {
            return Signal.handle(signal, again -> {
                if (loop.interrupted()) {
                    quit.accept(INTERRUPTED);
                }
            });
        } catch (IllegalArgumentException unheard) { // a JVM started with -Xrs leaves signals alone
            return null;
        }
    }
}
