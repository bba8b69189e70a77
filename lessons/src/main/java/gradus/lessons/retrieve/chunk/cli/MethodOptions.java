package gradus.lessons.retrieve.chunk.cli;

import gradus.error.UsageException;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.retrieve.chunk.BoundaryChunker;
import gradus.lessons.retrieve.chunk.BoundaryModel;
import gradus.lessons.retrieve.chunk.BreakRule;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.Chunker;
import gradus.lessons.retrieve.chunk.ClusterChunker;
import gradus.lessons.retrieve.chunk.FixedSizeChunker;
import gradus.lessons.retrieve.chunk.ModelChunker;
import gradus.lessons.retrieve.chunk.RecursiveChunker;
import gradus.lessons.retrieve.chunk.SemanticChunker;
import gradus.lessons.retrieve.chunk.SentenceChunker;
import gradus.lessons.retrieve.chunk.structure.StructureChunker;
import gradus.lessons.retrieve.embed.Embedder;
import gradus.train.cli.terminal.Console;
import gradus.train.pretrained.SentenceEmbedding;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Which way of cutting, and what it needs.
final class MethodOptions {
    private static final double PERCENT = 95;

    @Option(
            names = "--by",
            paramLabel = "<method>",
            description = "${COMPLETION-CANDIDATES}; default recursive. semantic and clusters compare sentences by"
                    + " MiniLM")
    private Method by = Method.recursive;

    @Option(
            names = "--breaks",
            paramLabel = "<rule>",
            description = "of --by semantic: which distances are cuts, by percentile (above the 95th), deviation"
                    + " (mean + 3 sigma), interquartile (mean + 1.5 times the range) or gradient; default percentile")
    private String breaks;

    @Option(
            names = "--chunks",
            paramLabel = "<n>",
            description = "of --by semantic: about how many chunks, in place of --breaks")
    private Integer chunks;

    @Option(
            names = "--min-size",
            paramLabel = "<n>",
            description = "of --by semantic: no cut that leaves a shorter chunk before it; default 0")
    private int minSize;

    @Option(
            names = "--model",
            paramLabel = "<path>",
            description = "a folder of sentence-transformers in place of MiniLM; of --by boundaries what"
                    + " --train-boundaries has left; of --by model a language model as gradus sample takes it")
    private Path model;

    @Option(
            names = "--threshold",
            paramLabel = "<p>",
            description = "of --by boundaries: the probability above which to cut; default 0.5")
    private double threshold = 0.5;

    Chunker chunker(ChunkSize size, Console console) {
        if ((breaks != null || chunks != null) && by != Method.semantic) {
            throw new UsageException("--breaks and --chunks are for --by semantic; got --by " + by);
        }
        return switch (by) {
            case fixed -> new FixedSizeChunker(size);
            case sentences -> new SentenceChunker(size);
            case recursive -> new RecursiveChunker(size);
            case markdown -> StructureChunker.markdown(size);
            case html -> StructureChunker.html(size);
            case java -> StructureChunker.java(size);
            case python -> StructureChunker.python(size);
            case latex -> StructureChunker.latex(size);
            case semantic -> {
                BreakRule rule = rule();
                yield new SemanticChunker(embedder(), rule, 1, minSize, size);
            }
            case clusters -> new ClusterChunker(embedder(), size);
            case boundaries -> new BoundaryChunker(BoundaryModel.load(needed()), threshold, size);
            case model ->
                new ModelChunker(
                        LocalModel.open(needed()),
                        new RecursiveChunker(size),
                        reason -> console.err().println("gradus: " + reason));
        };
    }

    private BreakRule rule() {
        if (chunks != null) {
            if (breaks != null) {
                throw new UsageException("either --breaks or --chunks, not both");
            }
            return new BreakRule.NumberOfChunks(chunks);
        }
        return switch (breaks == null ? "percentile" : breaks) {
            case "percentile" -> new BreakRule.Percentile(PERCENT);
            case "deviation" -> new BreakRule.Deviation(3);
            case "interquartile" -> new BreakRule.Interquartile(1.5);
            case "gradient" -> new BreakRule.Gradient(PERCENT);
            default ->
                throw new UsageException(
                        "--breaks must be percentile, deviation, interquartile or gradient; got " + breaks);
        };
    }

    private Embedder embedder() {
        return Embedder.of(model == null ? SentenceEmbedding.miniLm() : SentenceEmbedding.load(model));
    }

    private Path needed() {
        if (model == null) {
            throw new UsageException("--by " + by + " needs --model");
        }
        return model;
    }
}
