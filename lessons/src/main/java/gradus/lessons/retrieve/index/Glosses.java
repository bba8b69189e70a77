package gradus.lessons.retrieve.index;

import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Source;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.List;
import java.util.Map;

/// WordNet's meanings as documents: `dog, domestic dog: a member of the genus Canis …`.
public final class Glosses {
    /// The path of their sources.
    public static final String PATH = "wordnet";

    private Glosses() {}

    /// All 117,791, in the order of WordNet's files. The id is the synset's, such as `n02086723`; the metadata
    /// say `pos`, its part of speech: n, v, a or r.
    ///
    /// @throws gradus.error.DataException if the dictionary is not on the class path
    public static List<Document> all() {
        return WordNet.read().synsets().stream().map(Glosses::document).toList();
    }

    private static Document document(Synset synset) {
        String text = synset.entry();
        return new Document(
                synset.id(),
                text,
                Map.of("pos", synset.id().substring(0, 1)),
                new Source(PATH + ":" + synset.id(), 0, text.length()));
    }
}
