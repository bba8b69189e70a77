package gradus.lessons.retrieve.index;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.Printable;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.search.Analysis;
import java.util.Map;

/// What an index says of how it was made. It stands in every commit, so that a question is taken apart and
/// embedded as the documents were.
///
/// @param analysis  the name of the [Analysis]
/// @param embedding the name of the [NamedEmbedder], or `none`
/// @param dim       how many numbers a vector has; 0 without
record IndexNote(String analysis, String embedding, int dim) {
    /// The embedding of an index without vectors.
    static final String NONE = "none";

    /// Grows when an index that was written before can no longer be read.
    private static final int VERSION = 1;

    private static final String KEY = "gradus.version";

    /// @param embedder null where the index has no vectors
    static IndexNote of(Analysis analysis, NamedEmbedder embedder) {
        return embedder == null
                ? new IndexNote(analysis.name(), NONE, 0)
                : new IndexNote(analysis.name(), embedder.name(), embedder.dim());
    }

    /// As it stands in a commit.
    Map<String, String> entries() {
        return Map.of(
                KEY,
                Integer.toString(VERSION),
                "analysis",
                analysis,
                "embedding",
                embedding,
                "dim",
                Integer.toString(dim));
    }

    /// What a commit says.
    ///
    /// @throws DataException if the index was not made here, or by a version that is not known
    static IndexNote read(String folder, Map<String, String> entries) {
        String version = entries.get(KEY);
        if (version == null) {
            throw new DataException(folder + " holds an index that Gradus did not make");
        }
        if (!version.equals(Integer.toString(VERSION))) {
            throw new DataException("%s holds an index of version %s; this program reads version %s"
                    .formatted(folder, Printable.value(version), VERSION));
        }
        try {
            return new IndexNote(
                    entries.get("analysis"), entries.get("embedding"), Integer.parseInt(entries.get("dim")));
        } catch (NumberFormatException damaged) {
            throw new DataException(folder + " holds an index whose note is damaged: " + entries, damaged);
        }
    }

    /// Refuses another way of making documents or questions.
    ///
    /// @throws ConfigException that says what differs
    void require(String folder, IndexNote other) {
        ConfigException.require(
                analysis.equals(other.analysis),
                "%s was indexed with the analysis %s, not with %s",
                folder,
                analysis,
                other.analysis);
        requireEmbedding(folder, other.embedding, other.dim);
    }

    void requireEmbedding(String folder, String name, int size) {
        ConfigException.require(
                embedding.equals(name) && dim == size,
                "%s was indexed with the embedding %s of %d numbers, not with %s of %d; their vectors cannot be compared",
                folder,
                embedding,
                dim,
                name,
                size);
    }
}
