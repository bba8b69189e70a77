package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingIdentityTest {
    private static final TrainConfig CONFIG =
            TrainConfig.defaults().withSteps(6).withPatience(3);

    private static boolean sameSettings(Object told, Object now) {
        return new TrainingIdentity(now.toString(), List.of("data"), 6).hasSettings(told.toString());
    }

    @Test
    void everySettingIsCompared() {
        assertThat(sameSettings(CONFIG, CONFIG)).isTrue();
        assertThat(sameSettings(CONFIG.withLr(2e-3), CONFIG)).isFalse();
        assertThat(sameSettings(CONFIG.withSeed(2), CONFIG)).isFalse();
        assertThat(sameSettings(CONFIG.loop().withSeed(2), CONFIG.loop())).isFalse();
        assertThat(sameSettings("", CONFIG)).isFalse();
    }

    /// As a version wrote it that knew no patience.
    @Test
    void whatIsNotToldWasAsByDefault() {
        String told = CONFIG.toString().replace(", patience=3", "");
        assertThat(sameSettings(told, CONFIG.withPatience(0))).isTrue();
        assertThat(sameSettings(told, CONFIG)).isFalse();
        String later = CONFIG.toString().replace("]", ", heat=1]");
        assertThat(sameSettings(later, CONFIG)).isFalse();
    }

    /// An earlier version told all settings of a training whose optimiser and schedule came from outside.
    @Test
    void ofTheLoopAloneOnlyItsOwnAreCompared() {
        assertThat(sameSettings(CONFIG.withLr(2e-3), CONFIG.loop())).isTrue();
        assertThat(sameSettings(CONFIG.withSteps(7), CONFIG.loop())).isFalse();
        assertThat(sameSettings(CONFIG.loop(), CONFIG)).isFalse(); // the rate is not known to be the same
    }
}
