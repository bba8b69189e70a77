package gradus.bench.retrieve;

import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.index.IndexEditor;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Document;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How long it takes to put texts into the index of a folder, as `gradus rag index` does: a commit each
/// thousand.
///
/// @param seconds    until the last commit
/// @param compacting how long it took after that to make one segment of all, 0 if that was not asked for
record Indexing(double seconds, double compacting) {
    /// @param embedder null for an index without vectors
    static Indexing of(
            List<Document> documents, Path folder, Analysis analysis, NamedEmbedder embedder, boolean compact) {
        long start = System.nanoTime();
        try (IndexEditor editor = IndexEditor.open(folder, analysis, embedder)) {
            for (int from = 0; from < documents.size(); from += KeptVectors.BATCH) {
                Map<String, List<Document>> batch = new LinkedHashMap<>();
                documents
                        .subList(from, Math.min(documents.size(), from + KeptVectors.BATCH))
                        .forEach(document -> batch.put(document.source().path(), List.of(document)));
                editor.replace(batch);
                editor.commit();
            }
            long indexed = System.nanoTime();
            if (compact) {
                editor.compact();
            }
            return new Indexing((indexed - start) * 1e-9, compact ? (System.nanoTime() - indexed) * 1e-9 : 0);
        }
    }
}
