package gradus.train.task;

import static gradus.error.ConfigException.require;

import java.util.List;

/// A sequence of token ids, in memory or in a file, from which a model learns.
public interface Tokens {
    /// The number of tokens.
    long size();

    /// Copies the tokens `[from, from + length)` into an array, at a given index.
    void copy(long from, int[] to, int at, int length);

    /// The tokens in an array, which is not copied.
    static Tokens of(int... ids) {
        require(ids != null, "tokens: an array must be given; got null");
        return new Tokens() {
            @Override
            public long size() {
                return ids.length;
            }

            @Override
            public void copy(long from, int[] to, int at, int length) {
                System.arraycopy(ids, Math.toIntExact(from), to, at, length);
            }
        };
    }

    /// Several sequences, joined one after the other.
    static Tokens of(List<Tokens> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        long[] starts = new long[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            starts[i + 1] = starts[i] + parts.get(i).size();
        }
        return new Tokens() {
            @Override
            public long size() {
                return starts[parts.size()];
            }

            @Override
            public void copy(long from, int[] to, int at, int length) {
                int done = 0;
                for (int i = 0; i < parts.size() && done < length; i++) {
                    long first = from + done;
                    if (first < starts[i + 1]) {
                        int count = (int) Math.min(length - done, starts[i + 1] - first);
                        parts.get(i).copy(first - starts[i], to, at + done, count);
                        done += count;
                    }
                }
            }
        };
    }

    /// The part `[from, to)` of these tokens.
    default Tokens part(long from, long to) {
        require(from >= 0 && from <= to && to <= size(), "tokens: no part from %d to %d of %d", from, to, size());
        Tokens whole = this;
        return new Tokens() {
            @Override
            public long size() {
                return to - from;
            }

            @Override
            public void copy(long first, int[] target, int at, int length) {
                whole.copy(from + first, target, at, length);
            }
        };
    }

    /// `[from, from + length)` as an array.
    default int[] read(long from, int length) {
        int[] ids = new int[length];
        copy(from, ids, 0, length);
        return ids;
    }

    /// All of them as an array.
    default int[] toArray() {
        return read(0, Math.toIntExact(size()));
    }

    /// Is called with some ids and the position of the first.
    @FunctionalInterface
    interface Reader {
        void accept(long from, int[] ids);
    }

    /// Goes through all ids in order, some ten thousand at a time.
    default void forEachChunk(Reader reader) {
        int chunk = 1 << 14;
        for (long from = 0; from < size(); from += chunk) {
            reader.accept(from, read(from, (int) Math.min(chunk, size() - from)));
        }
    }
}
