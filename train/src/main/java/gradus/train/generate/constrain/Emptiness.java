package gradus.train.generate.constrain;

import static gradus.error.ConfigException.require;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether an expression has no text in its language.
///
/// `r·s` has none if one of the two has none, `r∣s` if neither has one. Only of `r&s` and `¬r` the parts do not
/// tell: there the derivatives are searched for a nullable one.
final class Emptiness {
    private static final int MOST = 50_000;

    private final Map<Regex, Boolean> known = new HashMap<>();

    /// The parts of parts wait on a stack of their own, so that neither a long text nor many alternatives need
    /// a deep one.
    boolean of(Regex r) {
        Deque<Regex> open = new ArrayDeque<>(List.of(r));
        while (!open.isEmpty()) {
            Regex each = open.peek();
            Boolean told = told(each);
            if (told == null) {
                told = combined(each) ? (Boolean) searched(each) : asked(each, open);
            }
            if (told != null) {
                known.put(each, told);
                open.pop();
            }
        }
        return known.get(r);
    }

    private Boolean told(Regex r) {
        return r.nullable() ? Boolean.FALSE : known.get(r);
    }

    private static boolean combined(Regex r) {
        return r instanceof Regex.And || r instanceof Regex.Not;
    }

    /// What the parts tell, or null if one of them must be asked first: it is on the stack then. They are asked
    /// one by one, since one is often enough.
    private Boolean asked(Regex r, Deque<Regex> open) {
        boolean decides = !(r instanceof Regex.Or); // one empty part makes a chain empty, one other an alternative not
        for (Regex part : parts(r)) {
            Boolean told = told(part);
            if (told == null) {
                open.push(part);
                return null;
            }
            if (told == decides) {
                return told;
            }
        }
        return r instanceof ByteSet bytes ? (Boolean) bytes.set.isEmpty() : (Boolean) !decides;
    }

    private static Collection<Regex> parts(Regex r) {
        return switch (r) {
            case Regex.Repeat repeat -> List.of(repeat.inner);
            case Regex.Concat chain -> List.of(chain.first, chain.rest);
            case Regex.Or or -> or.parts;
            default -> List.of();
        };
    }

    /// Depth first, since what is long is seldom empty. Where nothing is found, none of those seen has a text.
    private boolean searched(Regex r) {
        Map<Regex, Regex> before = new HashMap<>(); // each that was seen, and the one that it follows
        before.put(r, null);
        Deque<Regex> open = new ArrayDeque<>(List.of(r));
        while (!open.isEmpty()) {
            Regex each = open.pop();
            Boolean told = told(each);
            if (told == null && !combined(each)) {
                told = of(each);
            }
            if (told == Boolean.FALSE) {
                for (Regex on = each; on != null; on = before.get(on)) {
                    known.put(on, false);
                }
                return false;
            }
            if (told != null) {
                continue;
            }
            BitSet cuts = new BitSet();
            each.cuts(cuts);
            cuts.set(0);
            for (int b = cuts.nextSetBit(0); b >= 0 && b < 256; b = cuts.nextSetBit(b + 1)) {
                Regex next = Automaton.bounded(each, each.derivative(b));
                if (!before.containsKey(next)) {
                    before.put(next, each);
                    open.push(next);
                }
            }
            require(
                    before.size() <= MOST,
                    "the language is too large to search for a text: over %d states where several conditions meet;"
                            + " bound its lengths or leave out a condition",
                    MOST);
        }
        before.keySet().forEach(each -> known.put(each, true));
        return true;
    }
}
