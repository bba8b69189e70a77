package gradus.lessons.lab.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.corpus.WordNetCorpus;
import java.util.ArrayList;
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

    /// The base reads every noun, adjective and adverb and a third of the verbs; the verbs to learn and those
    /// held out have other words.
    @Test
    void theBaseKnowsTheWordsButNotTheTask() {
        LabTexts old = BaseText.ALL.old();
        LabTexts changed = BaseText.ALL.changed();
        List<String> lines = all(old);
        List<String> asEntries = new ArrayList<>();
        int marked = 0;
        for (String line : lines) {
            marked += line.contains(" | ") ? 1 : 0;
            asEntries.add(line.replace(" | ", ": "));
        }
        assertThat(marked).isEqualTo((lines.size() + 9) / 10);
        Set<String> nouns = new HashSet<>(WordNetCorpus.entries("noun"));
        Set<String> verbs = new HashSet<>(WordNetCorpus.entries("verb"));
        List<String> read = asEntries.stream()
                .filter(each -> verbs.contains(each) && !nouns.contains(each))
                .toList();
        Set<String> known = new HashSet<>(asEntries);
        assertThat(known.containsAll(nouns)).isTrue();
        assertThat(known.containsAll(WordNetCorpus.entries("adj"))).isTrue();
        assertThat(read.size()).isBetween(VERBS / 4, VERBS * 2 / 5);

        Set<String> own = new HashSet<>();
        read.forEach(each -> own.add(each.substring(0, each.indexOf(": "))));
        Set<String> learnt = wordsBehind(changed.training());
        Set<String> held = wordsBehind(changed.validation());
        assertThat(Collections.disjoint(learnt, own)).isTrue();
        assertThat(Collections.disjoint(learnt, held)).isTrue();
        assertThat(Collections.disjoint(held, own)).isTrue();
        assertThat(changed.validation().lines().count()).isBetween(800L, 850L);
        assertThat(all(changed).size() + read.size()).isBetween(VERBS - 20, VERBS);
    }

    @Test
    void theSameEachTime() {
        assertThat(BaseText.ALL.old()).isEqualTo(BaseText.ALL.old());
        assertThat(BaseText.ALL.changed()).isEqualTo(BaseText.ALL.changed());
        assertThat(BaseText.ALL).hasToString("all");
    }
}
