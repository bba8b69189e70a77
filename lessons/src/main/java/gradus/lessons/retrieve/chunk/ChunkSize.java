package gradus.lessons.retrieve.chunk;

import static gradus.error.ConfigException.require;

/// How long chunks may be.
///
/// @param size    the most units of a chunk
/// @param overlap the most units that a chunk repeats of the one before; less than `size`, or a chunk would
///     bring nothing new and the cutting never end
/// @param length  what the units are
public record ChunkSize(int size, int overlap, Length length) {
    public ChunkSize {
        require(size > 0, "ChunkSize: size must be at least 1; got %d", size);
        require(overlap >= 0, "ChunkSize: overlap must not be negative; got %d", overlap);
        require(
                overlap < size,
                "ChunkSize: overlap must be less than size, or the cutting never ends; got overlap %d and size %d",
                overlap,
                size);
    }

    /// In characters, without overlap.
    public static ChunkSize of(int size) {
        return new ChunkSize(size, 0, Length.CHARACTERS);
    }

    /// As long as they come.
    public static ChunkSize unlimited() {
        return of(Integer.MAX_VALUE);
    }

    public ChunkSize withOverlap(int overlap) {
        return new ChunkSize(size, overlap, length);
    }

    public ChunkSize withLength(Length length) {
        return new ChunkSize(size, overlap, length);
    }
}
