package gradus.lessons.prompt.cli;

import gradus.error.Printable;
import gradus.error.UsageException;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.demonstration.DemonstrationFile;
import gradus.lessons.prompt.demonstration.RandomSelection;
import gradus.lessons.prompt.demonstration.Selection;
import gradus.lessons.prompt.demonstration.SimilarSelection;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which demonstrations are shown.
final class DemonstrationOptions {
    private static final int USUAL = 4;

    @Option(
            names = "--demos",
            paramLabel = "<file>",
            description =
                    "demonstrations: a JSON object a line, {\"question\": …, \"rationale\": …, \"answer\": …}, the"
                            + " rationale where there is one")
    private Path file;

    @Option(
            names = "--select",
            paramLabel = "<way>",
            description =
                    "all, random or similar: those most like the question, the most similar one last; default all")
    private String select = "all";

    @Option(
            names = "-k",
            paramLabel = "<n>",
            description = "of --select random and similar: how many are selected; default " + USUAL)
    private Integer k;

    @Option(
            names = "--embed",
            paramLabel = "<encoder>",
            description = "of --select similar: minilm, a folder of sentence-transformers, or a run of gradus train"
                    + " --task contrastive; default minilm")
    private String embed;

    /// Empty without a file.
    Optional<Selection> selection(long seed) {
        if (!List.of("all", "random", "similar").contains(select)) {
            throw new UsageException("--select must be all, random or similar; got " + Printable.value(select));
        }
        Asking.refuse("-k", k != null && select.equals("all"), "--select random and similar");
        Asking.refuse("--embed", embed != null && !select.equals("similar"), "--select similar");
        if (k != null && k < 1) {
            throw new UsageException("-k must be at least 1; got " + k);
        }
        if (file == null) {
            if (!select.equals("all")) {
                throw new UsageException("--select needs --demos");
            }
            return Optional.empty();
        }
        List<Demonstration> pool = DemonstrationFile.read(file);
        int count = k == null ? USUAL : k;
        String encoder = embed == null ? SentenceEmbedder.MINI_LM : embed;
        return Optional.of(
                switch (select) {
                    case "all" -> Selection.all(pool);
                    case "random" -> Asking.checked("-k: ", () -> new RandomSelection(pool, count, seed));
                    default ->
                        Asking.checked(
                                "-k: ", () -> new SimilarSelection(SentenceEmbedder.named(encoder), pool, count));
                });
    }
}
