package gradus.train.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordNetCorpusTest {
    private static final List<String> ENTRIES = WordNetCorpus.entries();

    @Test
    void everyEntryIsThere() {
        assertThat(ENTRIES).hasSize(117_791);
        assertThat(ENTRIES)
                .startsWith(
                        "entity: that which is perceived or known or inferred to have its own distinct existence"
                                + " (living or nonliving)",
                        "physical entity: an entity that has physical existence");
        assertThat(ENTRIES)
                .contains("abstraction: a general concept formed by extracting common features from"
                        + " specific examples");
    }

    @Test
    void everyEntryIsOneLineOfAscii() {
        assertThat(ENTRIES).allMatch(entry -> entry.chars().allMatch(c -> c >= ' ' && c < 127));
        assertThat(ENTRIES).allMatch(entry -> entry.matches("[^:_(]+: \\S.*\\S"));
    }

    @Test
    void shufflingLosesNothingAndRepeats() {
        String text = WordNetCorpus.text(7);
        assertThat(text.lines().sorted())
                .containsExactlyElementsOf(ENTRIES.stream().sorted().toList());
        assertThat(text).isEqualTo(WordNetCorpus.text(7)).isNotEqualTo(WordNetCorpus.text(8));
        assertThat(text).hasSizeBetween(10_000_000, 11_000_000);
    }

    @Test
    void markersAndUnderscoresGo() {
        assertThat(WordNetCorpus.entry("00014490 00 s 01 galore(ip) 0 001 & 00013887 a 0000 | in great numbers  "))
                .isEqualTo("galore: in great numbers");
        assertThat(WordNetCorpus.entry("02114100 05 n 01 sea_dog 0 000 | a sailor; \"a|b\"  "))
                .isEqualTo("sea dog: a sailor; \"a|b\"");
    }

    @Test
    void theSplitFallsBetweenEntries() {
        Corpus corpus = Corpus.load(Corpus.WORDNET);
        assertThat(corpus.training().text()).endsWith("\n");
        assertThat(corpus.training().text().length()
                        / (double) corpus.whole().text().length())
                .isBetween(0.9, 0.9001);
        assertThat(corpus.whole().text()).hasSameSizeAs(String.join("\n", ENTRIES) + "\n");
    }
}
