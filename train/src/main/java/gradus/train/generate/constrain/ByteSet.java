package gradus.train.generate.constrain;

import java.util.BitSet;

/// One byte out of a set.
final class ByteSet extends Regex {
    final BitSet set;

    ByteSet(BitSet set) {
        super(false, set.hashCode());
        this.set = set;
    }

    @Override
    public Regex derivative(int b) {
        return set.get(b) ? EMPTY : NOTHING;
    }

    @Override
    void cuts(BitSet into) {
        for (int from = set.nextSetBit(0); from >= 0; ) {
            int to = set.nextClearBit(from);
            into.set(from);
            into.set(to);
            from = set.nextSetBit(to);
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof ByteSet bytes && bytes.set.equals(set);
    }
}
