package gradus.lessons.lab.retrieve;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.corpus.WordNet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SynonymsTest {
    private static final WordNet NET = WordNet.read();
    private static final Synonyms SYNONYMS = new Synonyms(NET);

    @Test
    void otherWordsForTheWordsComeBehind() {
        assertThat(SYNONYMS.queries("The automobile")).containsExactly("The automobile car auto");
        assertThat(SYNONYMS.queries("automobile, automobile!")).containsExactly("automobile, automobile! car auto");
    }

    @Test
    void aQuestionWithoutSynonymsStaysAsItIs() {
        for (String question : List.of("", "of the", "zzzz ___ qqqq", "   ")) {
            assertThat(SYNONYMS.queries(question)).containsExactly(question);
        }
    }

    /// For each word by itself: the lemmas of its first meaning, at most two, never itself.
    @Test
    void theyAreOfTheFirstMeaning() {
        List<String> words = NET.lemmas().stream()
                .filter(lemma -> lemma.matches("[a-z]{4,}"))
                .toList();
        for (int i = 0; i < words.size(); i += words.size() / 300) {
            String word = words.get(i);
            List<String> others = NET.senses(word).getFirst().lemmas().stream()
                    .filter(lemma -> !lemma.toLowerCase(Locale.ROOT).equals(word))
                    .limit(2)
                    .toList();
            String right = others.isEmpty() ? word : word + " " + String.join(" ", others);
            assertThat(SYNONYMS.queries(word)).containsExactly(right);
        }
    }
}
