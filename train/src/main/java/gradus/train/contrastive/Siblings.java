package gradus.train.contrastive;

import gradus.tensor.random.Rng;
import gradus.train.contrastive.GlossExamples.Held;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds for a meaning another that is near and shares no word with it: one that is a kind of the same thing,
/// or else the one behind it in WordNet's files. None of which all is held back.
final class Siblings {
    private static final int TRIES = 4;

    private final List<Synset> all;
    private final Map<String, List<Synset>> kinds = new HashMap<>();

    Siblings(WordNet net) {
        this.all = net.synsets();
        for (Synset each : all) {
            if (GlossExamples.held(each) != Held.ALL) {
                each.hypernyms()
                        .forEach(above -> kinds.computeIfAbsent(above, id -> new ArrayList<>())
                                .add(each));
            }
        }
    }

    /// @param place of the meaning among all
    Synset near(int place, Rng draw) {
        Synset synset = all.get(place);
        List<Synset> alike = synset.hypernyms().isEmpty()
                ? List.of()
                : kinds.getOrDefault(synset.hypernyms().getFirst(), List.of());
        for (int i = 0; i < TRIES && !alike.isEmpty(); i++) {
            Synset other = alike.get(draw.at("sibling").index(i, alike.size()));
            if (fits(synset, other)) {
                return other;
            }
        }
        for (int next = 1; ; next++) {
            Synset other = all.get((place + next) % all.size());
            if (GlossExamples.held(other) != Held.ALL && fits(synset, other)) {
                return other;
            }
        }
    }

    private static boolean fits(Synset synset, Synset other) {
        return Collections.disjoint(synset.lemmas(), other.lemmas());
    }
}
