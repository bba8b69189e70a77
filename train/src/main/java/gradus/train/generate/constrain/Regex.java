package gradus.train.generate.constrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A regular expression over bytes, and its derivatives.
///
/// The derivative `∂b r` is the expression of what may follow the byte b: `w ∈ ∂b r ⟺ b·w ∈ r`. So a text is in
/// the language of r if the derivative by all its bytes, one after the other, is *nullable*: has the empty
/// text.
///
/// | r | ∂b r |
/// |---|---|
/// | one byte of a set S | ε if b ∈ S, else ∅ |
/// | r·s | (∂b r)·s, and also ∂b s if r is nullable |
/// | r{m,n} | (∂b r)·r{m−1,n−1} |
/// | r∣s, r&s, ¬r | ∂b r ∣ ∂b s, ∂b r & ∂b s, ¬∂b r |
///
/// An expression has finitely many derivatives as long as those that differ only in the order and repetition of
/// alternatives are equal, which the methods below see to: so they are the states of an automaton. Brzozowski
/// 1964, *Derivatives of regular expressions*; Owens, Reppy & Turon 2009, *Regular-expression derivatives
/// re-examined*.
///
/// **Threads.** Immutable.
public abstract sealed class Regex permits ByteSet, Regex.Concat, Regex.Repeat, Regex.Several, Regex.Not {
    /// Stands for no upper bound of [#repeat].
    public static final int UNBOUNDED = -1;

    private static final int BYTES = 256;

    /// ∅: no text at all.
    public static final Regex NOTHING = new ByteSet(new BitSet());

    /// ε: the empty text.
    public static final Regex EMPTY = new Repeat(NOTHING, 0, 0);

    /// Every sequence of bytes.
    public static final Regex ANYTHING = new Not(NOTHING);

    private final boolean nullable;
    private final int hash;

    Regex(boolean nullable, int hash) {
        this.nullable = nullable;
        this.hash = hash;
    }

    /// Whether the empty text is in the language.
    public final boolean nullable() {
        return nullable;
    }

    /// `∂b r`: what may follow the byte b.
    ///
    /// @param b 0 … 255
    public abstract Regex derivative(int b);

    /// Adds the bytes at which the derivative may become another: all bytes from one cut up to the next have
    /// the same.
    abstract void cuts(BitSet into);

    @Override
    public final int hashCode() {
        return hash;
    }

    // --- one byte

    /// One byte from a range, both ends included.
    public static Regex bytes(int from, int to) {
        BitSet set = new BitSet(BYTES);
        set.set(from, to + 1);
        return new ByteSet(set);
    }

    // --- one after the other

    /// `r·s`, nested to the right: r is no concatenation itself.
    static final class Concat extends Regex {
        final Regex first;
        final Regex rest;

        private Concat(Regex first, Regex rest) {
            super(first.nullable && rest.nullable, 31 * first.hash + rest.hash + 1);
            this.first = first;
            this.rest = rest;
        }

        /// Follows the chain in a loop, so that a long text needs no deep stack.
        @Override
        public Regex derivative(int b) {
            List<Regex> either = new ArrayList<>();
            Regex at = this;
            while (at instanceof Concat chain) {
                either.add(concat(chain.first.derivative(b), chain.rest));
                if (!chain.first.nullable) {
                    return or(either);
                }
                at = chain.rest;
            }
            either.add(at.derivative(b));
            return or(either);
        }

        @Override
        void cuts(BitSet into) {
            Regex at = this;
            while (at instanceof Concat chain) {
                chain.first.cuts(into);
                if (!chain.first.nullable) {
                    return;
                }
                at = chain.rest;
            }
            at.cuts(into);
        }

        @Override
        public boolean equals(Object other) {
            Regex a = this;
            Object b = other;
            while (a != b && a instanceof Concat x && b instanceof Concat y) {
                if (x.hashCode() != y.hashCode() || !x.first.equals(y.first)) {
                    return false;
                }
                a = x.rest;
                b = y.rest;
            }
            return a == b || !(a instanceof Concat) && a.equals(b);
        }
    }

    /// `r·s`
    public static Regex concat(Regex r, Regex s) {
        if (r == NOTHING || s == NOTHING) {
            return NOTHING;
        }
        if (r == EMPTY) {
            return s;
        }
        List<Regex> parts = new ArrayList<>();
        Regex at = r;
        while (at instanceof Concat chain) {
            parts.add(chain.first);
            at = chain.rest;
        }
        parts.add(at);
        Regex all = s;
        for (Regex part : parts.reversed()) {
            all = all == EMPTY ? part : new Concat(part, all);
        }
        return all;
    }

    /// All of them, one after the other.
    public static Regex concat(List<Regex> parts) {
        Regex all = EMPTY;
        for (Regex part : parts.reversed()) {
            all = concat(part, all);
        }
        return all;
    }

    // --- repeated

    /// `r{m,n}`
    static final class Repeat extends Regex {
        final Regex inner;
        final int min;
        final int max;

        private Repeat(Regex inner, int min, int max) {
            super(min == 0, (31 * inner.hash + min) * 31 + max + 2);
            this.inner = inner;
            this.min = min;
            this.max = max;
        }

        @Override
        public Regex derivative(int b) {
            if (max == 0) {
                return NOTHING;
            }
            int fewer = max == UNBOUNDED ? UNBOUNDED : max - 1;
            return concat(inner.derivative(b), repeat(inner, Math.max(0, min - 1), fewer));
        }

        @Override
        void cuts(BitSet into) {
            inner.cuts(into);
        }

        @Override
        public boolean equals(Object other) {
            return this == other
                    || other instanceof Repeat repeat
                            && repeat.min == min
                            && repeat.max == max
                            && repeat.inner.equals(inner);
        }
    }

    /// `r{min,max}`
    ///
    /// @param max [#UNBOUNDED] for any number
    public static Regex repeat(Regex r, int min, int max) {
        if (max == 0 || r == EMPTY || r == NOTHING && min == 0) {
            return EMPTY;
        }
        if (r == NOTHING || min == 1 && max == 1) {
            return r;
        }
        return new Repeat(r, r.nullable ? 0 : min, max); // a nullable r may fill its places with empty texts
    }

    /// `r?`
    public static Regex optional(Regex r) {
        return repeat(r, 0, 1);
    }

    // --- either, both, not

    /// At least two, in any order.
    abstract static sealed class Several extends Regex {
        final Set<Regex> parts;

        private Several(boolean nullable, Set<Regex> parts, int kind) {
            super(nullable, 31 * parts.hashCode() + kind);
            this.parts = parts;
        }

        @Override
        void cuts(BitSet into) {
            parts.forEach(part -> part.cuts(into));
        }

        @Override
        public final boolean equals(Object other) {
            return this == other
                    || other instanceof Several several
                            && several.getClass() == getClass()
                            && several.hashCode() == hashCode()
                            && several.parts.equals(parts);
        }
    }

    /// `r∣s∣…`
    static final class Or extends Several {
        private Regex[] derivatives; // by byte, as they are asked for: the same at each place of a counted repetition

        private Or(Set<Regex> parts) {
            super(parts.stream().anyMatch(Regex::nullable), parts, 3);
        }

        @Override
        public Regex derivative(int b) {
            Regex[] known = derivatives; // two threads may each find the same
            if (known == null) {
                known = new Regex[BYTES];
                derivatives = known;
            }
            if (known[b] == null) {
                known[b] = or(parts.stream().map(part -> part.derivative(b)).toList());
            }
            return known[b];
        }
    }

    /// What is in the language of at least one.
    public static Regex or(List<Regex> parts) {
        Set<Regex> different = new LinkedHashSet<>();
        BitSet single = new BitSet(BYTES);
        for (Regex part : parts) {
            for (Regex each : part instanceof Or or ? or.parts : Set.of(part)) {
                if (each.equals(ANYTHING)) {
                    return ANYTHING;
                }
                if (each instanceof ByteSet bytes) {
                    single.or(bytes.set);
                } else {
                    different.add(each);
                }
            }
        }
        if (!single.isEmpty()) {
            different.add(new ByteSet(single));
        }
        return switch (different.size()) {
            case 0 -> NOTHING;
            case 1 -> different.iterator().next();
            default -> new Or(different);
        };
    }

    /// What is in the language of at least one.
    public static Regex or(Regex... parts) {
        return or(Arrays.asList(parts));
    }

    /// `r&s&…`
    static final class And extends Several {
        private And(Set<Regex> parts) {
            super(parts.stream().allMatch(Regex::nullable), parts, 4);
        }

        @Override
        public Regex derivative(int b) {
            List<Regex> all = new ArrayList<>();
            for (Regex part : parts) {
                Regex next = part.derivative(b);
                if (next == NOTHING) {
                    return NOTHING;
                }
                all.add(next);
            }
            return and(all);
        }
    }

    /// What is in the language of each.
    public static Regex and(List<Regex> parts) {
        Set<Regex> different = new LinkedHashSet<>();
        for (Regex part : parts) {
            for (Regex each : part instanceof And and ? and.parts : Set.of(part)) {
                if (each == NOTHING) {
                    return NOTHING;
                }
                if (!each.equals(ANYTHING)) {
                    different.add(each);
                }
            }
        }
        return switch (different.size()) {
            case 0 -> ANYTHING;
            case 1 -> different.iterator().next();
            default -> new And(different);
        };
    }

    /// What is in the language of each.
    public static Regex and(Regex... parts) {
        return and(Arrays.asList(parts));
    }

    /// `¬r`
    static final class Not extends Regex {
        final Regex inner;

        private Not(Regex inner) {
            super(!inner.nullable, 31 * inner.hash + 5);
            this.inner = inner;
        }

        @Override
        public Regex derivative(int b) {
            return not(inner.derivative(b));
        }

        @Override
        void cuts(BitSet into) {
            inner.cuts(into);
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof Not not && not.inner.equals(inner);
        }
    }

    /// Every sequence of bytes that is not in the language.
    public static Regex not(Regex r) {
        return r instanceof Not not ? not.inner : new Not(r);
    }
}
