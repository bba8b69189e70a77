package gradus.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.train.TrainConfig;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    private static final TrainConfig CONFIG =
            TrainConfig.defaults().withSteps(1000).withWarmup(100).withLr(1e-3).withMinLr(1e-4);

    private static Schedule schedule(ScheduleKind kind) {
        return CONFIG.withSchedule(kind).newSchedule();
    }

    @ParameterizedTest
    @EnumSource
    void warmsUpInAStraightLineThatIsNeverZero(ScheduleKind kind) {
        Schedule schedule = schedule(kind);
        for (int step = 0; step < 100; step++) {
            assertThat(schedule.lrAt(step)).isCloseTo(1e-3 * (step + 1) / 101, within(1e-18));
        }
        assertThat(schedule.lrAt(100)).isEqualTo(1e-3);
    }

    @ParameterizedTest
    @EnumSource
    void staysWithinItsBoundsWithoutWarmup(ScheduleKind kind) {
        Schedule schedule = CONFIG.withSchedule(kind).withWarmup(0).newSchedule();
        assertThat(schedule.lrAt(0)).isEqualTo(1e-3);
        for (int step = 0; step < 1200; step++) {
            assertThat(schedule.lrAt(step)).isBetween(1e-4 - 1e-18, 1e-3);
        }
    }

    /// No step changes the rate by more than the steepest piece does.
    @ParameterizedTest
    @EnumSource
    void joinsItsPiecesWithoutALeap(ScheduleKind kind) {
        Schedule schedule = schedule(kind);
        // the root falls steepest in its first step: √(1/200) of the whole way
        double steepest = Math.max(1e-3 / 101, Math.sqrt(1 / 200.0) * 9e-4) + 1e-15;
        for (int step = 1; step < 1200; step++) {
            assertThat(Math.abs(schedule.lrAt(step) - schedule.lrAt(step - 1))).isLessThanOrEqualTo(steepest);
        }
    }

    @ParameterizedTest
    @EnumSource
    void worksWhereWarmupIsAllOfTraining(ScheduleKind kind) {
        Schedule schedule = CONFIG.withSchedule(kind).withSteps(100).newSchedule();
        for (int step = 0; step < 110; step++) {
            assertThat(schedule.lrAt(step)).isFinite().isPositive();
        }
    }

    @Test
    void constantStays() {
        assertThat(schedule(ScheduleKind.CONSTANT).lrAt(100)).isEqualTo(1e-3);
        assertThat(schedule(ScheduleKind.CONSTANT).lrAt(5000)).isEqualTo(1e-3);
    }

    @ParameterizedTest
    @EnumSource(names = "CONSTANT", mode = EnumSource.Mode.EXCLUDE)
    void fallsOnceWarm(ScheduleKind kind) {
        Schedule schedule = schedule(kind);
        for (int step = 101; step < 1200; step++) {
            assertThat(schedule.lrAt(step)).isLessThanOrEqualTo(schedule.lrAt(step - 1));
        }
        assertThat(schedule.lrAt(999)).isLessThan(1e-3);
    }

    @Property(tries = 200)
    void cosineFalls(@ForAll @IntRange(min = 101, max = 1100) int step) {
        Schedule cosine = schedule(ScheduleKind.COSINE);
        assertThat(cosine.lrAt(step)).isLessThanOrEqualTo(cosine.lrAt(step - 1)).isLessThan(1e-3);
    }

    @Test
    void cosinePassesItsKnownPoints() {
        Schedule cosine = schedule(ScheduleKind.COSINE);
        assertThat(cosine.lrAt(550)).isCloseTo((1e-3 + 1e-4) / 2, within(1e-12)); // halfway
        assertThat(cosine.lrAt(1000)).isCloseTo(1e-4, within(1e-18));
        assertThat(cosine.lrAt(2000)).isCloseTo(1e-4, within(1e-18));
    }

    @Test
    void warmupStableDecayHoldsFourFifths() {
        Schedule wsd = schedule(ScheduleKind.WSD);
        assertThat(wsd.lrAt(101)).isEqualTo(1e-3);
        assertThat(wsd.lrAt(800)).isEqualTo(1e-3);
        assertThat(wsd.lrAt(801)).isLessThan(1e-3);
        assertThat(wsd.lrAt(850)).isCloseTo(1e-3 - 0.5 * 9e-4, within(1e-12)); // √(50/200) = ½
        assertThat(wsd.lrAt(1000)).isCloseTo(1e-4, within(1e-18));
    }

    @Test
    void linearIsAStraightLine() {
        Schedule linear = schedule(ScheduleKind.LINEAR);
        assertThat(linear.lrAt(325)).isCloseTo(1e-3 - 0.25 * 9e-4, within(1e-15)); // a quarter of the way
        assertThat(linear.lrAt(550)).isCloseTo(1e-3 - 0.5 * 9e-4, within(1e-15));
        assertThat(linear.lrAt(1000)).isCloseTo(1e-4, within(1e-18));
        assertThat(linear.lrAt(2000)).isCloseTo(1e-4, within(1e-18));
    }

    @Test
    void inverseSqrtFallsByTheRootOfTime() {
        Schedule schedule = schedule(ScheduleKind.INVERSE_SQRT);
        assertThat(schedule.lrAt(4 * 101 - 1)).isCloseTo(0.5e-3, within(1e-15)); // four times as late
        assertThat(schedule.lrAt(1_000_000)).isEqualTo(1e-4);
    }

    @Test
    void decaysPassTheirKnownPoints() {
        assertThat(schedule(ScheduleKind.WSD_LINEAR).lrAt(850)).isCloseTo(1e-3 - 0.25 * 9e-4, within(1e-15));
        assertThat(schedule(ScheduleKind.WSD_COSINE).lrAt(900)).isCloseTo((1e-3 + 1e-4) / 2, within(1e-15));
        for (Decay decay : Decay.values()) {
            assertThat(decay.left(0)).isEqualTo(1);
            assertThat(decay.left(1)).isEqualTo(0);
        }
    }

    /// The last step of the warm-up is one step of w + 1 below the full rate, and the fall begins behind a long one.
    @ParameterizedTest
    @EnumSource
    void t5_aWarmupIsFinishedBeforeTheRateFalls(ScheduleKind kind) {
        Schedule schedule = CONFIG.withSchedule(kind).withWarmup(900).newSchedule();
        for (int step : new int[] {0, 799, 800, 801, 850, 899}) {
            assertThat(schedule.lrAt(step)).isCloseTo(1e-3 * (step + 1) / 901, within(1e-18));
        }
        assertThat(schedule.lrAt(900)).isEqualTo(1e-3);
    }

    /// d = ⌈0.8·n⌉ where 0.8·n is no whole number.
    @Test
    void t5_theFallBeginsAtTheNextWholeStep() {
        Schedule schedule =
                CONFIG.withSteps(1001).withSchedule(ScheduleKind.WSD_LINEAR).newSchedule();
        assertThat(schedule.lrAt(801)).isEqualTo(1e-3);
        assertThat(schedule.lrAt(802)).isCloseTo(1e-3 - 9e-4 / 200, within(1e-15));
        assertThat(schedule.lrAt(1001)).isCloseTo(1e-4, within(1e-18));
    }

    /// A schedule by name refuses numbers that do not fit, also where it has no use for one of them.
    @ParameterizedTest
    @EnumSource
    void aScheduleByNameRefusesWhatDoesNotFit(ScheduleKind kind) {
        assertThatThrownBy(() -> kind.of(new ScheduleConfig(1e-3, 2e-3, 0), 10))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("minLr must be in [0, lr]; got 0.002 with lr=0.001");
        assertThatThrownBy(() -> kind.of(ScheduleConfig.of(1e-3), 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("steps must be at least 1; got 0");
    }

    @Test
    void aRateAloneMeansNeitherWarmupNorFloor() {
        assertThat(ScheduleConfig.of(0.25)).isEqualTo(new ScheduleConfig(0.25, 0, 0));
    }
}
