package gradus.lessons.prompt.cli;

import gradus.error.UsageException;
import gradus.lessons.prompt.react.ReAct;
import gradus.lessons.prompt.react.tool.Calculator;
import gradus.lessons.prompt.react.tool.FileReader;
import gradus.lessons.prompt.react.tool.SearchTool;
import gradus.lessons.prompt.react.tool.Tool;
import gradus.lessons.prompt.react.tool.ToolRun;
import gradus.lessons.prompt.react.tool.WordNetTool;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.search.Hybrid;
import gradus.lessons.retrieve.search.ReciprocalRankFusion;
import gradus.lessons.retrieve.search.Retriever;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus prompt react`
@Command(
        name = "react",
        description = {
            "Reasoning and acting by turns: the model thinks, uses a tool, reads what it",
            "has brought. It has a calculator and WordNet; --index gives it a search,",
            "--folder files to read."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus prompt react \"How many legs have 127 tigers?\" --model ollama:qwen3:0.6b",
            "  gradus prompt react \"Where do lions live?\" --index my-index --folder notes --model my-run"
        })
final class ReactCommand implements Callable<Integer> {
    private static final int PASSAGES = 3;
    private static final int LONGEST = ToolRun.defaults().longest();

    @Mixin
    private Asking asking = new Asking();

    @Option(
            names = "--index",
            paramLabel = "<folder>",
            description = "an index of gradus rag index, in which it may search")
    private Path index;

    @Option(names = "--folder", paramLabel = "<folder>", description = "a folder whose text files it may read")
    private Path folder;

    @Option(names = "--steps", paramLabel = "<n>", description = "the most steps; default ${DEFAULT-VALUE}")
    private int most = ReAct.STEPS;

    @Option(
            names = "--tool-seconds",
            paramLabel = "<s>",
            description = "the longest that a tool may take; default ${DEFAULT-VALUE}")
    private double seconds = 10;

    private final Console console;

    ReactCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!(seconds >= 0.001 && seconds <= 86_400)) {
            throw new UsageException("--tool-seconds must be 0.001 to 86400; got " + seconds);
        }
        List<Tool> tools = new ArrayList<>(List.of(new Calculator(), new WordNetTool()));
        if (folder != null) {
            tools.add(Asking.checked("--folder: ", () -> new FileReader(folder, FileReader.MOST_BYTES)));
        }
        if (index == null) {
            return run(tools);
        }
        try (DocumentIndex open = DocumentIndex.open(index)) {
            tools.add(new SearchTool(retriever(open), open::document, PASSAGES));
            return run(tools);
        }
    }

    private int run(List<Tool> tools) {
        ToolRun bounds = new ToolRun(Duration.ofNanos((long) (seconds * 1e9)), LONGEST);
        return asking.run(console, "react", model -> new ReAct(model, tools, most, bounds, asking.options(0)));
    }

    private static Retriever retriever(DocumentIndex index) {
        return index.hasVectors()
                ? new Hybrid(
                        List.of(index.bm25(), index.vectors(SentenceEmbedder.named(index.embedding()))),
                        new ReciprocalRankFusion())
                : index.bm25();
    }
}
