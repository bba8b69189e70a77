package gradus.lessons.retrieve.chunk;

import gradus.error.DataException;
import gradus.tensor.random.Rng;
import gradus.train.cloze.Example;
import gradus.train.corpus.WordNet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Pairs of sentences of which is known whether the second begins something new: neighbours inside a passage,
/// of which it does not, and for each of them the first of the two with a sentence of another passage, of which
/// it does. A passage is a paragraph, or a meaning of WordNet with its examples.
///
/// Whole passages are held out, so that no sentence of [#held] has been trained on.
///
/// @param training what a model learns from
/// @param held     what it is judged by
public record BoundaryPairs(List<Example> training, List<Example> held) {
    /// The label of a pair whose second sentence belongs to the first.
    public static final int SAME = 0;

    /// The label of a pair whose second sentence begins something new.
    public static final int NEW = 1;

    private static final int HELD = 10; // one passage of so many is held out

    /// @param passages the sentences of each; those with one sentence have no neighbours and are left out
    /// @throws DataException if fewer than 20 have two or more sentences
    public static BoundaryPairs of(List<List<String>> passages, Rng rng) {
        List<List<String>> several =
                passages.stream().filter(each -> each.size() > 1).toList();
        if (several.size() < 2 * HELD) {
            throw new DataException("to learn boundaries takes at least %s passages of two or more sentences; got %s"
                    .formatted(2 * HELD, several.size()));
        }
        List<List<String>> training = new ArrayList<>();
        List<List<String>> held = new ArrayList<>();
        for (int i = 0; i < several.size(); i++) {
            (i % HELD == 0 ? held : training).add(several.get(i));
        }
        return new BoundaryPairs(pairs(training, rng.at("training")), pairs(held, rng.at("held")));
    }

    /// Of paragraphs: a line that is empty ends one.
    public static BoundaryPairs ofParagraphs(String text, Rng rng) {
        return of(
                Stream.of(text.split("\\r?\\n\\s*\\n"))
                        .map(paragraph -> Sentences.of(paragraph).stream()
                                .map(each -> paragraph.substring(each.start(), each.end()))
                                .toList())
                        .toList(),
                rng);
    }

    /// Of WordNet: a definition and its examples are a passage.
    public static BoundaryPairs ofWordNet(WordNet wordNet, Rng rng) {
        return of(
                wordNet.synsets().stream()
                        .map(each -> Stream.concat(
                                        Stream.of(String.join(", ", each.lemmas()) + ": " + each.definition()),
                                        each.examples().stream())
                                .toList())
                        .toList(),
                rng);
    }

    private static List<Example> pairs(List<List<String>> passages, Rng rng) {
        List<Example> pairs = new ArrayList<>();
        for (int passage = 0; passage < passages.size(); passage++) {
            List<String> sentences = passages.get(passage);
            for (int i = 1; i < sentences.size(); i++) {
                Rng draw = rng.at(passage).at(i);
                int shift = 1 + draw.index(0, passages.size() - 1); // never itself
                List<String> other = passages.get((passage + shift) % passages.size());
                String stranger = other.get(1 + draw.index(1, other.size() - 1)); // no first: that would tell by form
                pairs.add(new Example(List.of(sentences.get(i - 1), sentences.get(i)), SAME));
                pairs.add(new Example(List.of(sentences.get(i - 1), stranger), NEW));
            }
        }
        return pairs;
    }
}
