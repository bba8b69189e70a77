package gradus.tensor.mask;

import static gradus.error.ShapeException.require;

/// The keys that two masks both let a query see.
record BothMasks(KeyMask first, KeyMask second) implements KeyMask {
    BothMasks {
        require(first != null && second != null, "mask: both masks must be given; got %s and %s", first, second);
    }

    @Override
    public void see(Query query) {
        int[] a = query.seenBy(first);
        int[] b = query.seenBy(second);
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            query.sees(Math.max(a[i], b[j]), Math.min(a[i + 1], b[j + 1]));
            if (a[i + 1] < b[j + 1]) { // the range that ends first meets nothing more
                i += 2;
            } else {
                j += 2;
            }
        }
    }

    @Override
    public boolean bySequence() {
        return first.bySequence() || second.bySequence();
    }

    @Override
    public boolean cacheable() {
        return first.cacheable() && second.cacheable();
    }

    @Override
    public boolean byHead() {
        return first.byHead() || second.byHead();
    }
}
