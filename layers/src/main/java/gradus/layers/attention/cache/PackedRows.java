package gradus.layers.attention.cache;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;

/// Stands where a cache would for whole rows of several documents: it keeps nothing, and says which places
/// belong together.
public final class PackedRows extends KvCache {
    private final PackedDocuments documents;

    public PackedRows(PackedDocuments documents) {
        require(documents != null, "PackedRows: the documents must be given; got null");
        this.documents = documents;
    }

    /// The documents of the rows.
    public PackedDocuments documents() {
        return documents;
    }

    @Override
    int reach() {
        return 0;
    }

    @Override
    int most() {
        return documents.time();
    }

    @Override
    void requireRoom(int time) {
        require(false, "PackedRows: rows of documents are computed as a whole and are not kept");
    }

    @Override
    public void requireFits(KeyMask mask) {
        documents.within(mask);
    }
}
