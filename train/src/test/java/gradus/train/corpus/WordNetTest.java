package gradus.train.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.corpus.WordNet.Synset;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WordNetTest {
    private static final WordNet NET = WordNet.read();

    @Test
    void aMeaningByItsLine() {
        assertThat(WordNet.synset("02114100 05 n 02 sea_dog 0 old_salt 1 002 @ 02086723 n 0000 ~ 01 n 0000"
                        + " | a sailor; \"he was an old sea dog\"; \"he sailed, alone\"  "))
                .isEqualTo(new Synset(
                        "n02114100",
                        List.of("sea dog", "old salt"),
                        List.of("n02086723"),
                        "a sailor",
                        List.of("he was an old sea dog", "he sailed, alone")));
        // a satellite adjective counts among the adjectives, its marker goes, an instance has a class
        assertThat(WordNet.synset("00014490 00 s 01 galore(ip) 0 001 @i 00013887 a 0000 | in great numbers;  "))
                .isEqualTo(new Synset(
                        "a00014490", List.of("galore"), List.of("a00013887"), "in great numbers", List.of()));
        // sixteen words, said in hexadecimal
        String words = "w 0 ".repeat(16);
        assertThat(WordNet.synset("00000001 00 v 10 " + words + "000 | to do").lemmas())
                .hasSize(16);
    }

    /// As many as WordNetCorpus has entries.
    @Test
    void everyMeaningIsThere() {
        assertThat(NET.synsets()).hasSize(117_791);
        assertThat(NET.synsets().getFirst().entry())
                .isEqualTo("entity: that which is perceived or known or inferred to have its own distinct existence"
                        + " (living or nonliving)");
        assertThat(NET.lemmas()).startsWith("entity", "physical entity").doesNotHaveDuplicates();
        assertThat(NET.synsets().getFirst().isNoun()).isTrue();
        assertThat(NET.synsets().getLast().isNoun()).isFalse();
    }

    @Test
    void wordsHaveTheirMeanings() {
        List<Synset> dogs = NET.senses("dog");
        assertThat(dogs)
                .hasSizeGreaterThan(1)
                .allMatch(synset -> synset.lemmas().contains("dog"));
        Synset animal = dogs.stream()
                .filter(synset -> synset.lemmas().contains("Canis familiaris"))
                .findFirst()
                .orElseThrow();
        assertThat(animal.entry()).startsWith("dog, domestic dog, Canis familiaris: a member of the genus Canis");
        assertThat(NET.hypernyms(animal))
                .anyMatch(synset -> synset.lemmas().contains("canine"))
                .anyMatch(synset -> synset.lemmas().contains("domestic animal"));
        assertThat(NET.kinds("dog"))
                .contains(animal.id(), NET.synsets().getFirst().id())
                .containsAll(animal.hypernyms())
                .allMatch(id -> id.startsWith("n"));
        assertThat(NET.senses("no such word")).isEmpty();
        assertThat(NET.kinds("no such word")).isEmpty();
    }

    /// The kinds of its entries are those of WordNet's lexicographer files, one an entry.
    @Test
    void everyEntryHasItsLexicographerFile() {
        List<LexicographerFiles.Entry> entries = LexicographerFiles.entries();
        assertThat(entries).hasSize(117_791);
        assertThat(entries.getFirst().lemma()).isEqualTo("entity");
        var kinds = entries.stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.file().substring(0, entry.file().indexOf('.')), Collectors.counting()));
        assertThat(kinds).containsOnlyKeys("noun", "verb", "adj", "adv");
        assertThat(kinds.get("noun"))
                .isEqualTo(NET.synsets().stream().filter(Synset::isNoun).count());
    }
}
