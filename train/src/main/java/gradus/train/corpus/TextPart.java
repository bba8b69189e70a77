package gradus.train.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.StreamSupport;

/// A stretch of a text that may be larger than the memory: its files one behind the other, read anew each time.
///
/// A byte order mark at the beginning of a file is no part of the text. Where one file ends without a line's
/// end and another follows, a line's end stands between them, so that no two words grow together.
public final class TextPart implements Iterable<TextPart.Block> {
    private final List<Source> sources;
    private final long from;
    private final long to;

    /// Some million characters.
    ///
    /// @param endsFile whether its file ends with it
    public record Block(String text, boolean endsFile) {}

    /// Something that can be read again and again.
    interface Source {
        Iterator<String> blocks();
    }

    TextPart(List<Source> sources, long from, long to) {
        this.sources = sources;
        this.from = from;
        this.to = to;
    }

    /// A text that is in memory.
    static Source source(String text) {
        return () -> List.of(text).iterator();
    }

    /// A UTF-8 file.
    ///
    /// @param keepMark whether a byte order mark is taken for a character, as it once was
    static Source source(Path file, boolean keepMark) {
        return () -> {
            InputStream stream;
            try {
                stream = Files.newInputStream(file);
            } catch (IOException e) {
                throw DataFiles.unreadable(file, e);
            }
            TextBlocks blocks = new TextBlocks(stream, file.toString(), TextPart::betweenCharacters);
            return new FileBlocks(stream, (keepMark ? blocks.keepMark() : blocks).iterator());
        };
    }

    private static int betweenCharacters(String text, int from) {
        return from < text.length() && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
    }

    /// Closes the stream at its end.
    private record FileBlocks(InputStream stream, Iterator<String> blocks) implements Iterator<String> {
        @Override
        public boolean hasNext() {
            if (blocks.hasNext()) {
                return true;
            }
            try {
                stream.close();
            } catch (IOException readAlready) {
                // What was read is good.
            }
            return false;
        }

        @Override
        public String next() {
            return blocks.next();
        }
    }

    @Override
    public Iterator<Block> iterator() {
        return new Blocks();
    }

    private final class Blocks implements Iterator<Block> {
        private final Iterator<Source> files = sources.iterator();
        private Iterator<String> file = List.<String>of().iterator();
        private long position;
        private Block next;

        @Override
        public boolean hasNext() {
            while (next == null && position < to && read()) {
                // until something of this part has come
            }
            return next != null;
        }

        @Override
        public Block next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Block block = next;
            next = null;
            return block;
        }

        private boolean read() {
            while (!file.hasNext()) {
                if (!files.hasNext()) {
                    return false;
                }
                file = files.next().blocks();
            }
            String text = file.next();
            boolean ends = !file.hasNext();
            if (ends && files.hasNext() && !text.endsWith("\n")) {
                text += "\n";
            }
            int begin = clip(text, from);
            int end = clip(text, to);
            if (end > begin) {
                next = new Block(text.substring(begin, end), ends && end == text.length());
            }
            position += text.length();
            return true;
        }

        /// Where a place of the whole text lies in this block, never inside a character.
        private int clip(String text, long place) {
            return betweenCharacters(text, (int) Math.clamp(place - position, 0L, (long) text.length()));
        }
    }

    /// A text that is in memory.
    public static TextPart of(String text) {
        return new TextPart(List.of(source(text)), 0, Long.MAX_VALUE);
    }

    /// The same text without the ends of files, as one long document.
    public TextPart asOne() {
        return new TextPart(List.of(() -> texts().iterator()), 0, Long.MAX_VALUE);
    }

    /// All of it, for what fits into the memory.
    public String text() {
        StringBuilder text = new StringBuilder();
        forEach(block -> text.append(block.text()));
        return text.toString();
    }

    /// The blocks' texts, one after another.
    public Iterable<String> texts() {
        return () -> StreamSupport.stream(spliterator(), false).map(Block::text).iterator();
    }
}
