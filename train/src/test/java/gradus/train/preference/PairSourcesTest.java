package gradus.train.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.train.corpus.WordNet;
import gradus.train.instruct.WordNetQuestions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairSourcesTest {
    @TempDir
    private Path folder;

    /// A share of n = 8000 draws deviates by `√(p(1-p)/n)` = 0.0056 at most; five of them are 0.028.
    @Test
    void theBetterAnswerIsChosenAsOftenAsBradleyAndTerrySay() {
        BradleyTerryPairs truth = new BradleyTerryPairs(2, 1.0, 5);
        double[] scores = truth.scores();
        PreferencePairs pairs = truth.pairs("train", 8000);
        double first = 0;
        for (int i = 0; i < pairs.count(); i++) {
            assertThat(pairs.chosen().ids(i)[1]).isNotEqualTo(pairs.rejected().ids(i)[1]);
            first += pairs.chosen().ids(i)[1] == 2 ? 1.0 / pairs.count() : 0;
        }
        assertThat(first).isCloseTo(1 / (1 + Math.exp(scores[1] - scores[0])), within(0.028));
        assertThat(truth.pairs("train", 20).sum())
                .isEqualTo(truth.pairs("train", 20).sum())
                .isNotEqualTo(truth.pairs("test", 20).sum());
        double chance = 1 / (1 + Math.exp(-1.5)); // of the better by 1.5
        assertThat(BradleyTerryPairs.firstWins(2, 0.5, chance - 1e-9)).isTrue();
        assertThat(BradleyTerryPairs.firstWins(2, 0.5, chance + 1e-9)).isFalse();
        assertThat(BradleyTerryPairs.firstWins(0.5, 2, 1 - chance + 1e-9)).isFalse();
        assertThatThrownBy(() -> new BradleyTerryPairs(1, 1, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new BradleyTerryPairs(2, -1, 1)).isInstanceOf(ConfigException.class);
    }

    @Test
    void wordNetPairsHaveARightAndAWrongGlossAndAreReadBack() {
        WordNet net = WordNet.read();
        for (boolean heldOut : new boolean[] {false, true}) {
            WordNetPairs source = new WordNetPairs(net, 1, heldOut);
            Path file = folder.resolve(heldOut + ".jsonl");
            source.write(file, 40);
            List<Preference> read = PreferenceFile.read(file);
            assertThat(read).hasSize(40);
            for (int n = 0; n < 40; n++) {
                Preference.Text pair = source.pair(n);
                Preference.Chat chat = (Preference.Chat) read.get(n);
                assertThat(chat.prompt().getFirst().content()).isEqualTo(pair.prompt());
                assertThat(chat.chosen().getFirst().content()).isEqualTo(pair.chosen());
                assertThat(chat.rejected().getFirst().content()).isEqualTo(pair.rejected());
                assertThat(source.accepts(n, pair.chosen())).isTrue();
                assertThat(source.accepts(n, pair.rejected())).isFalse();
                String word = pair.prompt().split("\"")[1];
                assertThat(WordNetQuestions.isHeldOut(word)).isEqualTo(heldOut);
            }
        }
    }
}
