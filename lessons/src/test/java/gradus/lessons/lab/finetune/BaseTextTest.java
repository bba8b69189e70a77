package gradus.lessons.lab.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.corpus.WordNetCorpus;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the base of `lab finetune` reads, and what is new to it.
class BaseTextTest {
    private static final int VERBS = 13_789;

    private static List<String> all(LabTexts texts) {
        return Stream.of(texts.training(), texts.validation())
                .flatMap(String::lines)
                .toList();
    }

    private static Set<String> wordsBehind(String text) {
        Set<String> words = new HashSet<>();
        text.lines().forEach(line -> words.add(line.substring(line.lastIndexOf(" | ") + 3)));
        return words;
    }

    @Test
    void nounsShareNoLayoutWithVerbs() {
        LabTexts old = BaseText.NOUNS.old();
        LabTexts changed = BaseText.NOUNS.changed();
        assertThat(all(old)).noneMatch(line -> line.contains(" | "));
        assertThat(all(old).stream().sorted())
                .containsExactlyElementsOf(
                        WordNetCorpus.entries("noun").stream().sorted().toList());
        assertThat(old.validation().lines()).hasSize(800).allMatch(line -> line.contains(": "));
        assertThat(all(changed)).hasSize(VERBS);
        assertThat(changed.validation().lines())
                .hasSize(800)
                .allMatch(line -> line.contains(" | ") && !line.contains("; \""));
        assertThat(Collections.disjoint(
                        new HashSet<>(changed.training().lines().toList()),
                        changed.validation().lines().toList()))
                .isTrue();
    }

    /// All entries are in one of three shares, and no word is in two; a tenth of what the base reads has the mark.
    @Test
    void theBaseKnowsTheKindsOfWordsButNotTheTask() {
        LabTexts old = BaseText.ALL.old();
        LabTexts changed = BaseText.ALL.changed();
        List<String> read = all(old);
        long marked = read.stream().filter(line -> line.contains(" | ")).count();
        assertThat(marked).isEqualTo((read.size() + 9) / 10);
        assertThat(read.size() + all(changed).size())
                .isEqualTo(WordNetCorpus.entries().size());
        Set<String> entries = new HashSet<>(WordNetCorpus.entries());
        Set<String> own = new HashSet<>();
        read.forEach(line -> {
            String entry = line.replace(" | ", ": ");
            assertThat(entries.contains(entry)).isTrue();
            own.add(entry.substring(0, entry.indexOf(": ")));
        });
        Set<String> learnt = wordsBehind(changed.training());
        Set<String> held = wordsBehind(changed.validation());
        assertThat(Collections.disjoint(learnt, own)).isTrue();
        assertThat(Collections.disjoint(learnt, held)).isTrue();
        assertThat(Collections.disjoint(held, own)).isTrue();
        assertThat(changed.validation().lines().count()).isBetween(800L, 850L);
        assertThat(changed.training().lines().count()).isBetween(9_000L - 50, 9_050L);
        assertThat(changed.training().lines()).noneMatch(line -> line.contains("; \""));
    }

    @Test
    void theSameEachTime() {
        assertThat(BaseText.ALL.old()).isEqualTo(BaseText.ALL.old());
        assertThat(BaseText.ALL.changed()).isEqualTo(BaseText.ALL.changed());
        assertThat(BaseText.ALL).hasToString("all");
    }
}
