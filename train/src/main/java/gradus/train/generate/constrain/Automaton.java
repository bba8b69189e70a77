package gradus.train.generate.constrain;

import static gradus.error.ConfigException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The automaton of a [Regex]: its states are the derivatives, numbered when they are first met. So an
/// expression whose automaton would be huge costs only the states that are visited.
///
/// From every state a text of the language can be reached: what leads nowhere is [#DEAD].
///
/// **Threads.** For one at a time.
final class Automaton {
    /// The state from which nothing is reached.
    static final int DEAD = -1;

    static final int START = 0;

    private static final int MOST = 50_000;
    private static final int MOST_ALTERNATIVES = 2_000;
    private static final int UNKNOWN = -2;

    private final List<Regex> states = new ArrayList<>();
    private final Map<Regex, Integer> numbers = new HashMap<>();
    private final List<int[]> steps = new ArrayList<>(); // by state and byte; null until one is asked for
    private Emptiness emptiness = new Emptiness();

    /// @throws gradus.error.ConfigException if no text is in the language
    Automaton(Regex language) {
        require(!emptiness.of(language), "nothing can be written: no text meets all that is asked");
        number(language);
    }

    /// The state after one more byte.
    ///
    /// @param b 0 … 255
    /// @throws gradus.error.ConfigException if there are too many states
    int step(int state, int b) {
        int[] row = steps.get(state);
        if (row == null) {
            row = new int[256];
            Arrays.fill(row, UNKNOWN);
            steps.set(state, row);
        }
        if (row[b] == UNKNOWN) {
            Regex from = states.get(state);
            if (from instanceof Regex.Concat chain && !chain.first.nullable()) {
                stepOfFirst(chain, b, row);
            } else {
                BitSet cuts = new BitSet();
                from.cuts(cuts);
                cuts.set(256);
                int next = number(bounded(from, from.derivative(b)));
                Arrays.fill(row, Math.max(0, cuts.previousSetBit(b)), cuts.nextSetBit(b + 1), next);
            }
        }
        return row[b];
    }

    /// Of `r·s` where r needs a byte, r alone goes on. It is a state as well, so that its steps are found once,
    /// whatever stands behind it: a character is the same wherever it stands in a counted repetition.
    private void stepOfFirst(Regex.Concat chain, int b, int[] row) {
        int first = number(chain.first);
        int firstNext = step(first, b);
        int next = firstNext == DEAD ? DEAD : number(Regex.concat(states.get(firstNext), chain.rest));
        int[] firstRow = steps.get(first);
        for (int each = 0; each < row.length; each++) {
            if (firstRow[each] == firstNext) {
                row[each] = next;
            }
        }
    }

    /// Counts in counts have ever more alternatives, each of which goes on.
    static Regex bounded(Regex from, Regex next) {
        int alternatives = alternatives(next);
        require(
                alternatives <= MOST_ALTERNATIVES || alternatives <= alternatives(from),
                "the language has over %d ways to go on at one place; use smaller counts, or none within another",
                MOST_ALTERNATIVES);
        return next;
    }

    private static int alternatives(Regex r) {
        return switch (r) {
            case Regex.Or or -> or.parts.size();
            case Regex.And and ->
                and.parts.stream().mapToInt(Automaton::alternatives).max().orElse(0);
            case Regex.Not not -> alternatives(not.inner);
            case Regex.Concat chain -> alternatives(chain.first);
            default -> 1;
        };
    }

    /// How many states are known.
    int size() {
        return states.size();
    }

    /// Forgets all states but the first; the numbers of the others mean nothing from then on.
    void forget() {
        Regex language = states.get(START);
        states.clear();
        numbers.clear();
        steps.clear();
        emptiness = new Emptiness();
        number(language);
    }

    /// What may follow in a state.
    Regex regex(int state) {
        return states.get(state);
    }

    /// The state that this is.
    int number(Regex r) {
        Integer known = numbers.get(r);
        if (known != null) {
            return known;
        }
        int number = emptiness.of(r) ? DEAD : states.size();
        if (number != DEAD) {
            require(
                    number < MOST,
                    "the language has over %d states on the way; use smaller counts or fewer conditions",
                    MOST);
            states.add(r);
            steps.add(null);
        }
        numbers.put(r, number);
        return number;
    }

    /// Whether a text may end here.
    boolean accepts(int state) {
        return state != DEAD && states.get(state).nullable();
    }

    /// The state after all these bytes.
    int walk(int state, byte[] bytes) {
        int at = state;
        for (int i = 0; i < bytes.length && at != DEAD; i++) {
            at = step(at, bytes[i] & 0xFF);
        }
        return at;
    }
}
