package gradus.train.generate.constrain;

import static gradus.error.ConfigException.require;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whether an expression has no text in its language.
///
/// `r·s` has none if one of the two has none, `r∣s` if neither has one. Only of `r&s` and `¬r` the parts do not
/// tell: there the derivatives are searched for a nullable one.
final class Emptiness {
    private static final int MOST = 50_000;

    private final Map<Regex, Boolean> known = new HashMap<>();

    boolean of(Regex r) {
        Boolean told = known.get(r);
        if (told == null) {
            told = switch (r) {
                case Regex.Bytes bytes -> bytes.set.isEmpty();
                case Regex.Repeat repeat -> repeat.min > 0 && of(repeat.inner);
                case Regex.Or or -> or.parts.stream().allMatch(this::of);
                case Regex.Concat chain -> ofChain(chain);
                case Regex.And and -> searched(and);
                case Regex.Not not -> searched(not);
            };
            known.put(r, told);
        }
        return told;
    }

    /// In a loop, so that a long text needs no deep stack; its ends are often known from texts before.
    private boolean ofChain(Regex.Concat whole) {
        List<Regex> passed = new ArrayList<>();
        Regex at = whole;
        while (at instanceof Regex.Concat chain && !known.containsKey(at)) {
            passed.add(at);
            if (of(chain.first)) {
                return true;
            }
            at = chain.rest;
        }
        boolean empty = of(at);
        passed.forEach(each -> known.put(each, empty));
        return empty;
    }

    /// Depth first, since what is long is seldom empty. Where nothing is found, none of those seen has a text.
    private boolean searched(Regex r) {
        Set<Regex> seen = new HashSet<>(Set.of(r));
        Deque<Regex> open = new ArrayDeque<>(Set.of(r));
        while (!open.isEmpty()) {
            Regex each = open.pop();
            boolean combined = each instanceof Regex.And || each instanceof Regex.Not;
            if (each.nullable() || known.get(each) == Boolean.FALSE || !combined && !of(each)) {
                return false;
            }
            BitSet cuts = new BitSet();
            each.cuts(cuts);
            cuts.set(0);
            for (int b = cuts.nextSetBit(0); b >= 0 && b < 256; b = cuts.nextSetBit(b + 1)) {
                Regex next = each.derivative(b);
                if (seen.add(next)) {
                    open.push(next);
                }
            }
            require(
                    seen.size() <= MOST,
                    "the language is too large to search for a text: over %d states where several conditions meet;"
                            + " bound its lengths or leave out a condition",
                    MOST);
        }
        seen.forEach(each -> known.put(each, true));
        return true;
    }
}
