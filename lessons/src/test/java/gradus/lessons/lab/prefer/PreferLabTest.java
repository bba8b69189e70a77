package gradus.lessons.lab.prefer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.lessons.lab.LabRun;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.corpus.WordNet;
import gradus.train.preference.PreferencePairs;
import gradus.train.task.Examples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferLabTest {
    private static final WordNet NET = WordNet.read();
    private static final GlossPairs WORDS = GlossPairs.of(NET, 40);
    private static final Tokenizer CHARACTERS = CharTokenizer.of(
            String.join("", new HashSet<>(List.of((WORDS.text() + "abcdefghijklmnopqrstuvwxyz").split("")))));

    @TempDir
    private Path folder;

    private static String text(Examples examples, int i) {
        return CHARACTERS.decode(examples.ids(i));
    }

    @Test
    void theRightMeaningIsChosenAndEachNumberHasAnotherWrongOne() {
        PreferencePairs pairs = WORDS.pairs(CHARACTERS, 0, 6, 0, Rng.of(3));
        assertThat(pairs.count()).isEqualTo(6 * 40);
        Set<String> all = new HashSet<>();
        for (int i = 0; i < pairs.count(); i++) {
            GlossPairs.Word word = WORDS.words().get(i % 40);
            assertThat(text(pairs.chosen(), i)).isEqualTo(word.question() + word.meaning() + "\n");
            String rejected =
                    text(pairs.rejected(), i).substring(word.question().length());
            assertThat(NET.senses(word.lemma()))
                    .noneMatch(sense -> sense.definition().equals(rejected.strip()));
            all.add(word.lemma() + rejected);
        }
        assertThat(all).hasSize(pairs.count()); // so that later numbers are held out from earlier ones
        assertThat(WORDS.pairs(CHARACTERS, 4, 2, 0, Rng.of(3)).sum())
                .isNotEqualTo(WORDS.pairs(CHARACTERS, 2, 2, 0, Rng.of(3)).sum());
    }

    /// Of 800 pairs, about half: the count deviates by √(800/4) = 14.
    @Test
    void byChanceMeansThatHalfOfThePairsAreExchanged() {
        PreferencePairs right = WORDS.pairs(CHARACTERS, 0, 20, 0, Rng.of(3));
        PreferencePairs chance = WORDS.pairs(CHARACTERS, 0, 20, 0.5, Rng.of(3));
        int exchanged = 0;
        for (int i = 0; i < right.count(); i++) {
            boolean same = text(right.chosen(), i).equals(text(chance.chosen(), i));
            assertThat(text(same ? chance.chosen() : chance.rejected(), i)).isEqualTo(text(right.chosen(), i));
            assertThat(text(same ? chance.rejected() : chance.chosen(), i)).isEqualTo(text(right.rejected(), i));
            exchanged += same ? 0 : 1;
        }
        assertThat(exchanged).isBetween(400 - 70, 400 + 70);
    }

    @Test
    void onlyAnswersAreLearned() {
        Examples all = WORDS.all(CHARACTERS);
        assertThat(all.count()).isEqualTo(80);
        for (int i = 0; i < all.count(); i++) {
            String text = text(all, i);
            int question = text.indexOf('\n') + 1;
            for (int place = 0; place < text.length(); place++) {
                assertThat(all.learned(i, place)).isEqualTo(place >= question);
            }
        }
    }

    @Test
    void theCommandPrintsATable() throws Exception {
        LabRun run = LabRun.of("prefer", "--out", folder.toString(), "--words=30", "--steps=4", "--seeds=2");
        assertThat(run.code()).as(run.told()).isZero();
        String table = run.printed();
        assertThat(table.lines()).hasSize(7).allMatch(line -> line.split("\\|", -1).length == 6);
        assertThat(table)
                .containsPattern("held out that are ranked right, % \\| – \\| \\d+\\.\\d ± \\d+\\.\\d \\|")
                .containsPattern("loss of the right meanings \\| \\d\\.\\d{3} ± ");
        assertThat(Files.readString(folder.resolve("table.md"))).isEqualTo(table);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> GlossPairs.of(NET, 1_000_000))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("words that fit; got 1,000,000".replace(",", ""));
        assertThatThrownBy(() -> WORDS.pairs(CHARACTERS, 30, 10, 0, Rng.of(1))).isInstanceOf(ConfigException.class);
    }
}
