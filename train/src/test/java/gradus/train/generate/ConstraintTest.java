package gradus.train.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class ConstraintTest {
    /// Of tokens 0 to 3 none twice, and 3 comes last.
    private static final Constraint ONCE = () -> new Constraint.Progress() {
        private final BitSet left = BitSet.valueOf(new long[] {0b1111});
        private boolean ended;

        @Override
        public BitSet allowed() {
            return left;
        }

        @Override
        public void accept(int token) {
            left.clear(token);
            if (token == 3) {
                left.clear();
                ended = true;
            }
        }

        @Override
        public boolean complete() {
            return ended;
        }
    };

    @Test
    void aTextIsCompleteWhereItMayEnd() {
        assertThat(ONCE.complete(new int[] {1, 0, 3})).isTrue();
        assertThat(ONCE.complete(new int[] {3})).isTrue();
        assertThat(ONCE.complete(new int[] {1, 0})).isFalse(); // a limit ended it
        assertThat(ONCE.complete(new int[] {})).isFalse();
        assertThat(ONCE.complete(new int[] {1, 1, 3})).isFalse(); // 1 may not come again
        assertThat(ONCE.complete(new int[] {3, 0})).isFalse();
    }
}
