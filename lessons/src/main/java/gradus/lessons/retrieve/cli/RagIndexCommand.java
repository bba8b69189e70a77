package gradus.lessons.retrieve.cli;

import gradus.error.DataException;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.extract.Extracted;
import gradus.lessons.retrieve.extract.Extractor;
import gradus.lessons.retrieve.extract.TextFiles;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.index.Glosses;
import gradus.lessons.retrieve.index.IndexEditor;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus rag index`
@Command(
        name = "index",
        description = {
            "Cuts texts into chunks and keeps them in a folder, where gradus rag search",
            "finds them. Texts are Markdown (.md), HTML (.html), PDF (.pdf), or else plain",
            "text in UTF-8. Texts that are there already are replaced. Each thousand chunks",
            "are kept for good, so that a program that is killed loses no more than the",
            "last of them."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus rag index texts --index my-index",
            "  gradus rag index texts notes.md --index my-index --embed minilm --size 500",
            "  gradus rag index wordnet --index glosses"
        })
final class RagIndexCommand implements Callable<Integer> {
    private static final int BATCH = 1000;
    private static final String NONE = "none";

    @Parameters(
            arity = "1..*",
            paramLabel = "<folder|file>",
            description = "files, folders of them, or the word wordnet")
    private List<String> texts;

    @Option(names = "--index", required = true, paramLabel = "<folder>", description = "where the index is kept")
    private Path folder;

    @Option(
            names = "--embed",
            paramLabel = "<model>",
            description =
                    "minilm, a folder of sentence-transformers, or a run of gradus train --task contrastive: search by meaning too; none: by words"
                            + " alone; default: as the index is, none for a new one")
    private String embed;

    @Option(
            names = "--analysis",
            paramLabel = "<name>",
            description = "standard, or english: without the and its like, and words cut to their stems; default:"
                    + " as the index is, standard for a new one")
    private String analysis;

    @Option(names = "--size", paramLabel = "<n>", description = "the most characters of a chunk; default 1000")
    private int size = 1000;

    private final Console console;
    private final Map<String, List<Document>> waiting = new LinkedHashMap<>();
    private int chunks;
    private int skipped;
    private long started;

    RagIndexCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ChunkSize most = ChunkSize.of(size);
        List<Path> files = files();
        takeOver();
        Analysis terms = Analysis.named(analysis);
        NamedEmbedder embedder = embed.equals(NONE) ? null : SentenceEmbedder.named(embed);
        started = System.nanoTime();
        try (IndexEditor editor = IndexEditor.open(folder, terms, embedder)) {
            for (Path file : files) {
                take(file, most, editor);
            }
            if (texts.contains(Glosses.PATH)) {
                for (Document gloss : Glosses.all()) {
                    wait(gloss.source().path(), List.of(gloss), editor);
                }
            }
            if (!waiting.isEmpty()) {
                keep(editor);
            }
        }
        try (DocumentIndex index = DocumentIndex.open(folder)) {
            console.out()
                    .println("%s chunks in %s s; %s holds %s%s"
                            .formatted(
                                    chunks,
                                    seconds(),
                                    folder,
                                    index.size(),
                                    skipped == 0 ? "" : "; files left out: " + skipped));
        }
        return 0;
    }

    /// What is not said is as the index is.
    private void takeOver() {
        if (Files.isDirectory(folder) && (embed == null || analysis == null)) {
            try (DocumentIndex index = DocumentIndex.open(folder)) {
                embed = embed == null ? index.embedding() : embed;
                analysis = analysis == null ? index.analysis() : analysis;
            } catch (DataException none) {
                // a new one; if it is damaged, the editor says so
            }
        }
        embed = embed == null ? NONE : embed;
        analysis = analysis == null ? "standard" : analysis;
    }

    /// A file that is named must be a text; in a folder, others may be among them.
    private List<Path> files() {
        Path own = folder.toAbsolutePath().normalize();
        List<Path> files = new ArrayList<>();
        for (String name : texts) {
            Path path = Path.of(name).toAbsolutePath().normalize();
            if (Files.isDirectory(path)) {
                TextFiles.below(path).stream()
                        .filter(file -> !file.startsWith(own))
                        .forEach(files::add);
            } else if (!name.equals(Glosses.PATH)) {
                Extractor.of(path).extract(path);
                files.add(path);
            }
        }
        return files.stream().distinct().toList();
    }

    private void take(Path file, ChunkSize most, IndexEditor editor) {
        Extracted text;
        try {
            text = Extractor.of(file).extract(file);
        } catch (DataException noText) {
            leaveOut(noText.getMessage());
            return;
        }
        if (text.isEmpty()) {
            leaveOut(file + " is empty");
        }
        wait(file.toString(), text.documents(file.toString(), most), editor);
    }

    private void leaveOut(String reason) {
        skipped++;
        console.err().println("gradus: left out: " + reason);
    }

    private void wait(String path, List<Document> documents, IndexEditor editor) {
        waiting.put(path, documents);
        if (waiting.values().stream().mapToInt(List::size).sum() >= BATCH || waiting.size() >= BATCH) {
            keep(editor);
        }
    }

    private void keep(IndexEditor editor) {
        editor.replace(waiting);
        editor.commit();
        chunks += waiting.values().stream().mapToInt(List::size).sum();
        waiting.clear();
        console.err().println("%s chunks, %s s".formatted(chunks, seconds()));
    }

    private String seconds() {
        return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - started) * 1e-9);
    }
}
