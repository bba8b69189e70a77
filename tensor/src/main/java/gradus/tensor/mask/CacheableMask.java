package gradus.tensor.mask;

import static gradus.error.ConfigException.require;

/// A mask of which somebody says that it is [cacheable][KeyMask#cacheable].
record CacheableMask(KeyMask mask) implements KeyMask {
    CacheableMask {
        require(mask != null, "KeyMask: a mask must be given; got null");
    }

    @Override
    public void see(Query query) {
        mask.see(query);
    }

    @Override
    public boolean bySequence() {
        return mask.bySequence();
    }

    @Override
    public boolean byHead() {
        return mask.byHead();
    }

    @Override
    public boolean cacheable() {
        return true;
    }
}
